"""Takes submissions one short step at a time: claim, ask ANAF one question, write down the step that follows.

A step never sleeps: what must wait gets a `due_at`. Who calls is of no weight (a loop, a queue, a test): a claim
is a conditional update, and every write names the lease it was claimed under.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Min

from punte.anaf.efactura import EFactura
from punte.anaf.efactura import State as AnafState
from punte.anaf.errors import AccessDenied, AnafError, Reauthorise
from punte.web.config.anaf import hosts
from punte.web.connection import client
from punte.web.connection.client import NotConnected
from punte.web.limits import clock
from punte.web.limits.clock import Clock

from . import doubt, outages, settling
from .claims import claim, due, hold, take
from .models import Lost, State, Submission
from .packages import fetch, is_ours
from .steps import Answer, Died, Earlier, Filed, Rejected, StoodBack, next_step
from .writing import situation, write

__all__ = ["SOURCE", "advance", "claim", "take"]

log = structlog.get_logger("punte.delivery")


def advance(submission: Submission, clock: Clock = clock.now) -> None:
    """Take a claimed submission one step. What ANAF does is never an error here; a lost lease writes nothing."""
    try:
        began = clock()
        answer = ask(submission, clock)
        heard = outages.heard(answer, began, clock())
        write(submission, next_step(situation(submission), answer, clock()), clock(), heard)
    except Lost:
        log.warning("another worker took over", submission=submission.pk)


def ask(submission: Submission, clock: Clock) -> Answer:
    """The one question that the submission's state calls for, and ANAF's answer; an error is an answer too."""
    if submission.state == State.SENDING:
        return Died()  # the lease ran out on whoever was sending
    began = clock()
    held = [submission]
    if settling.listable(submission):
        row = settling.told(held).get(submission.upload_index)
        if row and row.accepted and row.download_id:
            return row
        if row is None:
            held += settling.companions(submission, began)
    elif submission.state == State.UNCERTAIN:
        held += doubt.companions(submission, began)
    try:
        with client.efactura_for(submission.firm, began, clock, hold=lambda: hold(held, clock())) as efactura:
            if submission.state == State.UNCERTAIN:
                return doubt.settle(held, efactura, clock)
            if held[1:]:
                return settling.settle(held, efactura, clock)
            return question_of(submission)(submission, efactura, clock)
    except NotConnected as exc:
        return exc
    except Reauthorise as exc:
        client.mark_stale(submission.firm, began)
        return exc
    except AccessDenied as exc:
        return denied(submission, exc, began)
    except AnafError as exc:
        return exc
    finally:
        settling.let_go(held[1:])


def question_of(submission: Submission) -> Callable[[Submission, EFactura, Clock], Answer]:
    return {
        State.QUEUED: upload,
        State.PROCESSING: watch,
        State.ACCEPTED: archive,
    }[State(submission.state)]


def denied(submission: Submission, refusal: AccessDenied, began: datetime) -> Answer:
    """The certificate lost its right on the firm: where another of the firm's can go on, that is only a short wait."""
    if client.fail_over(submission.firm, began, refusal.text):
        return StoodBack()
    return refusal


def upload(submission: Submission, efactura: EFactura, clock: Clock) -> Answer:
    """Write the attempt down, then send: in this order, so that bytes never leave unrecorded.

    The slot within ANAF's limits comes before both: who is not let through has attempted nothing.
    """
    efactura.reserve_upload(cif=submission.firm.cui, standard=submission.standard)
    began = clock()
    with transaction.atomic():
        number = submission.attempts.count() + 1
        attempt = submission.attempts.create(number=number, host=hosts().api, started_at=began)
        until = began + timedelta(seconds=settings.DELIVERY_LEASE)  # the whole of it: nothing renews it in a call
        asked = {"host": attempt.host, "asked_at": began}
        submission.write(
            began,
            to=State.SENDING,
            kind="sending",
            text=str(number),
            heard=asked,
            waiting_for="",
            leased_until=until,
        )
    answer: Answer
    try:
        answer = efactura.upload(
            bytes(submission.document),
            cif=submission.firm.cui,
            standard=submission.standard,
            b2c=submission.b2c,
            extern=submission.extern,
            autofactura=submission.autofactura,
        )
    except AnafError as exc:
        if isinstance(exc, Reauthorise):
            client.mark_stale(submission.firm, began)
        answer = denied(submission, exc, began) if isinstance(exc, AccessDenied) else exc
    attempt.ended_at, attempt.outcome = clock(), type(answer).__name__
    attempt.save(update_fields=["ended_at", "outcome"])
    return answer


def watch(submission: Submission, efactura: EFactura, clock: Clock) -> Answer:
    """What became of it; of a refusal, the reasons too. Where a list has told the refusal, its state is not asked."""
    row = settling.told([submission]).get(submission.upload_index) if settling.listable(submission) else None
    if row and row.download_id:
        package, stored = fetch(submission.firm, row.download_id, efactura, clock)
        return Rejected(row.download_id, package.errors, stored.pk)
    found = efactura.state(submission.watched_index)
    if not found.download_id or found.state not in {AnafState.OK, AnafState.NOK}:
        return found
    if found.state is AnafState.OK and not submission.duplicate_of:
        return found
    package, stored = fetch(submission.firm, found.download_id, efactura, clock)
    if found.state is AnafState.OK:
        return Earlier(is_ours(submission, package), submission.watched_index, found.download_id)
    return Rejected(found.download_id, package.errors, stored.pk)


def archive(submission: Submission, efactura: EFactura, clock: Clock) -> Answer:
    _, stored = fetch(submission.firm, submission.download_id, efactura, clock)
    return Filed(stored.pk, stored.seal)


class Deliveries:
    """For `work.turns`: a firm's submissions, one short step at a time."""

    name = "delivery"

    def firms(self, now: datetime) -> Iterable[int]:
        longest = due(now).values_list("firm_id").annotate(since=Min("due_at")).order_by("since")
        return [firm_id for firm_id, _ in longest]

    def take(self, firm_id: int, now: datetime) -> Callable[[Clock], None] | None:
        submission = take(firm_id, now)
        return partial(advance, submission) if submission else None


SOURCE = Deliveries()

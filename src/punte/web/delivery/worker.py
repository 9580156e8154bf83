"""Takes submissions one short step at a time: claim, ask ANAF one question, write down the step that follows.

A step never sleeps: what must wait gets a `due_at`. Who calls is of no weight (a loop, a queue, a test): a claim
is a conditional update, and every write names the lease it was claimed under.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from punte.anaf.efactura import EFactura, Filter
from punte.anaf.efactura import State as AnafState
from punte.anaf.errors import AccessDenied, AnafError, Reauthorise
from punte.anaf.messages import CLOCK_MARGIN
from punte.anaf.package import Package, open_package
from punte.web.archive.filing import file_package
from punte.web.archive.models import SealedPackage
from punte.web.config.anaf import hosts
from punte.web.connection import client
from punte.web.connection.client import NotConnected

from . import outages
from .models import Lost, State, Submission
from .steps import Answer, Died, Earlier, Filed, Rejected, Searched, Situation, Step, StoodBack, next_step

log = structlog.get_logger("punte.delivery")
CLOCKS_DIFFER = timedelta(minutes=5)  # between ANAF and us, when a window is searched


def claim(now: datetime) -> Submission | None:
    """The submission that has waited longest, ours now until the lease ends; None when nothing is due."""
    free = models.Q(leased_until=None) | models.Q(leased_until__lte=now)
    while found := Submission.objects.filter(free, due_at__lte=now).order_by("due_at", "pk").first():
        until = now + timedelta(seconds=settings.DELIVERY_LEASE)
        same = Submission.objects.filter(pk=found.pk, lease=found.lease)
        if same.update(lease=found.lease + 1, leased_until=until) == 1:
            found.refresh_from_db()
            return found
    return None


def advance(submission: Submission, clock: Callable[[], datetime] = timezone.now) -> None:
    """Take a claimed submission one step. What ANAF does is never an error here; a lost lease writes nothing."""
    try:
        began = clock()
        answer = ask(submission, clock)
        heard = outages.heard(answer, began, clock())
        write(submission, next_step(situation(submission), answer, clock()), clock(), heard)
    except Lost:
        log.warning("another worker took over", submission=submission.pk)


def situation(submission: Submission) -> Situation:
    return Situation(
        state=State(submission.state),
        tries=submission.tries,
        uncertain_since=submission.uncertain_since,
        adopting=bool(submission.duplicate_of),
        pace=settings.DELIVERY_PACE,
    )


def write(submission: Submission, step: Step, now: datetime, heard: dict[str, Any] | None = None) -> None:
    """Write the step and give the lease back. A wait that goes on for the same reason adds no line to the history."""
    news = step.to is not None or (step.kind and step.kind != submission.waiting_for)
    submission.write(
        now,
        to=step.to,
        kind=step.kind if news else "",
        text=step.text,
        heard=heard,
        due_at=step.due_at,
        leased_until=None,
        waiting_for=step.waiting_for,
        anaf_text=step.text if step.waiting_for else "",
        tries=0 if step.to not in (None, State.QUEUED) else submission.tries + 1,
        **step.facts,
    )
    log.info("step", submission=submission.pk, state=submission.state, kind=step.kind)


def ask(submission: Submission, clock: Callable[[], datetime]) -> Answer:
    """The one question that the submission's state calls for, and ANAF's answer; an error is an answer too."""
    if submission.state == State.SENDING:
        return Died()  # the lease ran out on whoever was sending
    question = {
        State.QUEUED: upload,
        State.UNCERTAIN: search,
        State.PROCESSING: watch,
        State.ACCEPTED: archive,
    }[State(submission.state)]
    began = clock()
    try:
        with client.efactura_for(submission.firm, began) as efactura:
            return question(submission, efactura, clock)
    except NotConnected as exc:
        return exc
    except Reauthorise as exc:
        client.mark_stale(submission.firm, began)
        return exc
    except AccessDenied as exc:
        return denied(submission, exc, began)
    except AnafError as exc:
        return exc


def denied(submission: Submission, refusal: AccessDenied, began: datetime) -> Answer:
    """The certificate lost its right on the firm: where another of the firm's can go on, that is only a short wait."""
    if client.fail_over(submission.firm, began, refusal.text):
        return StoodBack()
    return refusal


def upload(submission: Submission, efactura: EFactura, clock: Callable[[], datetime]) -> Answer:
    """Write the attempt down, then send: in this order, so that bytes never leave unrecorded."""
    began = clock()
    with transaction.atomic():
        number = submission.attempts.count() + 1
        attempt = submission.attempts.create(number=number, host=hosts().api, started_at=began)
        asked = {"host": attempt.host, "asked_at": began}
        submission.write(began, to=State.SENDING, kind="sending", text=str(number), heard=asked, waiting_for="")
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


def search(submission: Submission, efactura: EFactura, clock: Callable[[], datetime]) -> Answer:
    """Look for our bytes among what the firm sent since the attempt. Indexes we already hold are not ours to find."""
    now = clock()
    first = submission.attempts.order_by("-number").values_list("started_at", flat=True)[0]
    known = set(submission.firm.submissions.exclude(upload_index="").values_list("upload_index", flat=True))
    anafs_now = now + CLOCK_MARGIN - timedelta(seconds=settings.ANAF_CLOCK_MARGIN)
    for message in efactura.messages(submission.firm.cui, first - CLOCKS_DIFFER, now, Filter.SENT, now=anafs_now):
        if message.upload_index in known or message.id is None:
            continue
        package = open_package(efactura.download(message.id))
        if is_ours(submission, package):
            return Searched(package.upload_index, now)
    return Searched(None, now)


def watch(submission: Submission, efactura: EFactura, clock: Callable[[], datetime]) -> Answer:
    """What became of it; of a refusal, the reasons too."""
    found = efactura.state(submission.watched_index)
    if not found.download_id or found.state not in {AnafState.OK, AnafState.NOK}:
        return found
    if found.state is AnafState.OK and not submission.duplicate_of:
        return found
    package, stored = fetch(submission, efactura, found.download_id, clock)
    if found.state is AnafState.OK:
        return Earlier(is_ours(submission, package), submission.watched_index, found.download_id)
    return Rejected(found.download_id, package.errors, stored.pk)


def archive(submission: Submission, efactura: EFactura, clock: Callable[[], datetime]) -> Answer:
    _, stored = fetch(submission, efactura, submission.download_id, clock)
    return Filed(stored.pk, stored.seal)


def fetch(
    submission: Submission, efactura: EFactura, download_id: str, clock: Callable[[], datetime]
) -> tuple[Package, SealedPackage]:
    """The package `download_id`: out of the archive when it is there, else from ANAF and into the archive."""
    stored = SealedPackage.objects.filter(firm=submission.firm, download_id=download_id).first()
    if stored is not None:
        return open_package(bytes(stored.content)), stored
    content = efactura.download(download_id)
    package = open_package(content)
    now = clock()
    return package, file_package(submission.firm, download_id, content, package, at=now, now=now)


def is_ours(submission: Submission, package: Package) -> bool:
    return hashlib.sha256(package.document).hexdigest() == submission.sha256

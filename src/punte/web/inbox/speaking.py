"""Remarks to the issuer of an invoice (ANAF: standard RASP): queued here, sent by the worker, as carefully as invoices.

The attempt is written before the first byte leaves. A remark whose answer was lost is never sent again by itself: the
mailbox is listed, `reading` knows it by its bytes, and one not listed an hour later has not arrived; a person decides.
In law a remark neither rejects nor cancels an invoice (OUG 120/2021, art. 4 (8)–(9)).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import models, transaction

from punte.anaf import errors
from punte.anaf.efactura import EFactura, MessageState, Receipt, Standard, State
from punte.anaf.messages import MessageKind
from punte.anaf.package import open_package
from punte.anaf.standards import buyer_message
from punte.web.accounts.models import User
from punte.web.spv import listing
from punte.web.spv.asking import Clock, Pause, after, ask
from punte.web.spv.models import Keeping, Message

from .models import Document, Lost, Remark, RemarkState

log = structlog.get_logger("punte.inbox")

LONGEST = 1000  # characters; ANAF names no bound
#: pauses between two looks at a remark in work, as for an invoice
WATCH = tuple(timedelta(seconds=s) for s in (30, 60, 120, 300, 900, 1800, 3600))
LISTING_LAG = timedelta(minutes=20)  # ANAF lists up to 15 minutes late
PROVED_ABSENT = timedelta(minutes=60)
UNKNOWN_INDEX_IS_NORMAL = 6  # looks during which ANAF may not yet know an index that it gave us


def say(document: Document, text: str, user: User, now: datetime) -> Remark:
    """Queue a remark about a received invoice. Raises ValueError for a text that XML cannot hold."""
    xml = buyer_message(document.upload_index, text)
    return Remark.objects.create(
        firm=document.firm,
        about=document.upload_index,
        text=text,
        document=xml,
        sha256=hashlib.sha256(xml).hexdigest(),
        due_at=now,
        created_by=user,
        created_at=now,
        changed_at=now,
    )


class Speaking:
    """Steps of one kind, for `work.turns`: one question about one remark."""

    name = "inbox.speaking"

    def firms(self, now: datetime) -> Iterable[int]:
        return list(_free(now).values_list("firm_id", flat=True).distinct())

    def take(self, firm_id: int, now: datetime) -> Callable[[Clock], None] | None:
        while found := _free(now).filter(firm_id=firm_id).order_by("due_at", "pk").first():
            until = now + timedelta(seconds=settings.DELIVERY_LEASE)
            if Remark.objects.filter(pk=found.pk, lease=found.lease).update(lease=found.lease + 1, leased_until=until):
                claimed = found
                claimed.lease += 1
                return lambda clock: advance(claimed, clock)
        return None


SOURCE = Speaking()


def _free(now: datetime) -> models.QuerySet[Remark]:
    free = models.Q(leased_until=None) | models.Q(leased_until__lte=now)
    return Remark.objects.filter(free, due_at__lte=now)


def advance(remark: Remark, clock: Clock) -> None:
    """Take a claimed remark one step. A lost lease writes nothing."""
    try:
        match RemarkState(remark.state):
            case RemarkState.QUEUED:
                _send(remark, clock)
            case RemarkState.SENDING:  # the lease ran out on whoever was sending
                _uncertain(remark, clock(), "")
            case RemarkState.UNCERTAIN:
                _search(remark, clock)
            case RemarkState.PROCESSING:
                _watch(remark, clock)
            case _:
                remark.write(clock(), due_at=None, leased_until=None)
    except Lost:
        log.warning("another worker took over", remark=remark.pk)


def _send(remark: Remark, clock: Clock) -> None:
    sent = False

    def upload(efactura: EFactura) -> Receipt | errors.AnafError:
        nonlocal sent
        with transaction.atomic():
            number = remark.attempts.count() + 1
            attempt = remark.attempts.create(number=number, started_at=clock())
            remark.write(clock(), to=RemarkState.SENDING, waiting_for="")
        sent = True
        answer: Receipt | errors.AnafError
        try:
            answer = efactura.upload(bytes(remark.document), cif=remark.firm.cui, standard=Standard.RASP)
        except errors.AnafError as exc:
            answer = exc
        attempt.ended_at, attempt.outcome = clock(), type(answer).__name__[:20]
        attempt.save(update_fields=["ended_at", "outcome"])
        if isinstance(answer, (errors.NotSent, errors.RateLimited, errors.AccessDenied, errors.Reauthorise)):
            raise answer  # nothing was filed, and `ask` knows how long to wait
        return answer

    answer = ask(remark.firm, upload, clock, remark.tries)
    now = clock()
    if isinstance(answer, Pause):
        due = answer.due_at or now + timedelta(minutes=10)  # not connected: a look at our own tables costs nothing
        back = RemarkState.QUEUED if sent else None
        _wait(remark, now, due, answer.waiting_for, answer.text, to=back)
    elif isinstance(answer, Receipt) and answer.upload_index:
        facts = {"upload_index": answer.upload_index, "tries": 0, "anaf_text": ""}
        remark.write(now, to=RemarkState.PROCESSING, due_at=now + _scaled(WATCH[0]), leased_until=None, **facts)
    elif isinstance(answer, Receipt) and answer.refusals:
        _refuse(remark, now, answer.refusals[0])
    elif isinstance(answer, errors.Declined | errors.Misconfigured):
        _refuse(remark, now, answer.text)
    else:
        _uncertain(remark, now, answer.text if isinstance(answer, errors.AnafError) else "")


def _search(remark: Remark, clock: Clock) -> None:
    """Have the mailbox listed; what is downloaded of it is recognised in `reading.keep_remark`."""
    since = remark.uncertain_since or remark.changed_at
    answer = ask(
        remark.firm,
        lambda efactura: listing.sync(remark.firm, efactura, clock, since=since - listing.CLOCKS_DIFFER),
        clock,
        remark.tries,
    )
    now = clock()
    if isinstance(answer, Pause):
        _wait(remark, now, answer.due_at or now + LISTING_LAG, answer.waiting_for, answer.text)
        return
    sent = Message.objects.filter(firm=remark.firm, kind=MessageKind.BUYER_MESSAGE_SENT)
    listed = sent.filter(created_at__gte=since - LISTING_LAG)
    if now - since >= _scaled(PROVED_ABSENT) and not listed.filter(keeping=Keeping.DUE).exists():
        remark.write(now, to=RemarkState.ABSENT, due_at=None, leased_until=None, waiting_for="")
    else:
        _wait(remark, now, now + _scaled(LISTING_LAG), "", "")


def _watch(remark: Remark, clock: Clock) -> None:
    """What became of it; of a refusal, the reason too."""

    def look(efactura: EFactura) -> tuple[MessageState, str]:
        found = efactura.state(remark.upload_index)
        if found.state is State.NOK and found.download_id:
            lines = open_package(efactura.download(found.download_id)).errors
            return found, lines[0].text if lines else ""
        return found, next(iter(found.errors), "")

    try:
        answer = ask(remark.firm, look, clock, remark.tries)
    except (errors.Expired, errors.BadPackage) as exc:
        answer = Pause(clock() + after(remark.tries), "strange-answer", exc.text)
    now = clock()
    if isinstance(answer, Pause):
        due = answer.due_at or now + timedelta(minutes=10)
        if answer.waiting_for == "strange-answer" and remark.tries < UNKNOWN_INDEX_IS_NORMAL:
            due = now + _scaled(WATCH[min(remark.tries, len(WATCH) - 1)])
        _wait(remark, now, due, answer.waiting_for, answer.text)
        return
    found, reason = answer
    if found.state is State.OK:
        remark.write(
            now, to=RemarkState.DELIVERED, due_at=None, leased_until=None, waiting_for="", anaf_text="", tries=0
        )
    elif found.state in {State.NOK, State.NOT_TAKEN}:
        _refuse(remark, now, reason)
    else:
        _wait(remark, now, now + _scaled(WATCH[min(remark.tries, len(WATCH) - 1)]), "", "")


def _uncertain(remark: Remark, now: datetime, text: str) -> None:
    due = now + _scaled(LISTING_LAG)
    remark.write(
        now, to=RemarkState.UNCERTAIN, due_at=due, leased_until=None, uncertain_since=now, anaf_text=text, tries=0
    )
    log.info("remark uncertain", remark=remark.pk)


def _refuse(remark: Remark, now: datetime, text: str) -> None:
    remark.write(now, to=RemarkState.REFUSED, due_at=None, leased_until=None, anaf_text=text, waiting_for="")


def _wait(
    remark: Remark, now: datetime, due: datetime, waiting_for: str, text: str, *, to: RemarkState | None = None
) -> None:
    facts = {"waiting_for": waiting_for, "anaf_text": text, "tries": remark.tries + 1}
    remark.write(now, to=to, due_at=due, leased_until=None, **facts)


def _scaled(pause: timedelta) -> timedelta:
    """1 with ANAF, less with a simulator."""
    return pause * settings.DELIVERY_PACE


def of_invoice(firm_id: int, upload_indexes: Iterable[str]) -> list[Remark]:
    """The conversation about one invoice, oldest first, whoever speaks."""
    known = [index for index in upload_indexes if index]
    found = Remark.objects.filter(firm=firm_id, about__in=known).defer("document").select_related("created_by")
    return list(found.order_by("created_at", "pk")) if known else []


def may_speak(document: Document) -> bool:
    """Remarks are the buyer's: about what another issued."""
    return document.seller_cif != document.firm.cui and bool(document.upload_index)

"""After `punte restore`: what left between the backup and the loss is in SPV, and we do not know it.

`settle` runs before any worker. What had not ended becomes uncertain, what was still queued too: it may have left after
the backup. The list of SPV proves one by one what is there and what is not, as it does for a lost reply; the proof
counts from the restore, for until then something may have left.

Then, firm by firm, `advance` reads in the same list what is there of which we know nothing at all: drafts that were
sent after the backup. A document that is ours byte for byte is adopted; of the others the number is taken as given,
and a person is told. Until the list has proved this for a firm, it gives no new number (`holds`).
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from punte.anaf.efactura import EFactura
from punte.anaf.errors import AnafError
from punte.anaf.messages import LIST_AGE
from punte.anaf.package import Package
from punte.en16931 import Invoice as Document
from punte.en16931 import NotUbl, read_ubl
from punte.web.archive.models import Resumption
from punte.web.config.anaf import hosts
from punte.web.connection import client
from punte.web.connection.client import NotConnected
from punte.web.firms.models import Firm
from punte.web.invoices import document
from punte.web.invoices.models import EDITABLE, Batch, Counter, Invoice, Kind, Letter, Series, Stage
from punte.web.invoices.models.numbering import NO_YEAR
from punte.web.spv import listing
from punte.web.spv.models import Message

from . import doubt
from .freezing import freeze
from .models import Lost, State, Submission
from .steps import LISTING_LAG, PROVED_ABSENT

log = structlog.get_logger("punte.delivery")
LEASE = timedelta(minutes=10)
AT_ONCE = 20  # downloads a step
OPEN = (State.QUEUED, State.SENDING, State.UNCERTAIN)


@dataclass(slots=True)
class Settled:
    """What `settle` did, counted. `unprovable`: the backup is older than what SPV lists; a person must look."""

    uncertain: int = 0
    firms: int = 0
    letters: int = 0
    batches: int = 0
    unprovable: bool = False


def settle(backup_at: datetime, now: datetime) -> Settled:
    """Write down that nothing is known of what happened since `backup_at`. All of it, or nothing."""
    done = Settled(unprovable=now - backup_at > LIST_AGE)
    with transaction.atomic():
        Submission.objects.update(leased_until=None)
        for submission in Submission.objects.filter(state__in=OPEN).order_by("pk"):
            _doubt(submission, backup_at, now, provable=not done.unprovable)
            done.uncertain += 1
        done.letters = _hold_letters()
        done.batches = _end_batches(now)
        firms = Firm.objects.filter(models.Q(submissions__isnull=False) | models.Q(rights__isnull=False)).distinct()
        Resumption.objects.all().delete()
        look = {"due_at": now} if not done.unprovable else {"settled_at": now}
        rows = [Resumption(firm=firm, backup_at=backup_at, restored_at=now, **look) for firm in firms]
        done.firms = len(Resumption.objects.bulk_create(rows, batch_size=500))
    return done


def _doubt(submission: Submission, backup_at: datetime, now: datetime, *, provable: bool) -> None:
    """To `uncertain`, over the arrows there are: an upload that may have begun at the backup, and was not heard of."""
    last = submission.attempts.order_by("-number").first()
    unheard = last is not None and submission.state != State.QUEUED
    began = min(last.started_at, backup_at) if last is not None and unheard else backup_at
    submission.attempts.create(
        number=last.number + 1 if last else 1, host=hosts().api, started_at=began, ended_at=now, outcome="Restored"
    )
    if submission.state == State.QUEUED:
        submission.write(now, to=State.SENDING)
    facts: dict[str, Any] = {"uncertain_since": now, "tries": 0, "waiting_for": "", "anaf_text": ""}
    # after `advance`, which settles many by one list; never, where SPV no longer lists so far back: absence is no proof
    facts["due_at"] = now + LISTING_LAG * settings.DELIVERY_PACE if provable else None
    to = State.UNCERTAIN if submission.state == State.SENDING else None
    submission.write(now, to=to, kind="restored", text=backup_at.isoformat(timespec="minutes"), **facts)


def _hold_letters() -> int:
    """Mail that waited may have gone: a person sends it again where it has not."""
    why = _(
        "Instalarea a fost refăcută dintr-o copie de siguranță: nu știm dacă a plecat. Trimiteți-l din nou, dacă nu."
    )
    waiting = Letter.objects.filter(state=Letter.State.QUEUED)
    return waiting.update(state=Letter.State.FAILED, error=why, due_at=None)


def _end_batches(now: datetime) -> int:
    why = _("Instalarea a fost refăcută dintr-o copie de siguranță: nu știm dacă s-a făcut.")
    batches = list(Batch.objects.filter(ended_at=None))
    for batch in batches:
        batch.results += [{"id": pk, "label": "", "ok": False, "text": why} for pk in batch.waiting]
        batch.waiting, batch.ended_at, batch.leased_until = [], now, None
        batch.save(update_fields=["waiting", "results", "ended_at", "leased_until"])
    return len(batches)


# --- firm by firm, by the worker ---


def holds(firm_id: int) -> bool:
    """Whether the firm may give no number yet: the next one may be in SPV already."""
    return Resumption.objects.filter(firm=firm_id, settled_at=None).exists()


def why_held() -> str:
    return _(
        "Instalarea a fost refăcută dintr-o copie de siguranță. Citim întâi în SPV ce a plecat după copie, ca niciun "
        "număr să nu fie folosit de două ori; durează cam o oră și cere firma conectată. Ciorna rămâne aici."
    )


def advance(now: datetime, clock: Callable[[], datetime] = timezone.now) -> bool:
    """Take one firm one step; False when none waits."""
    resumption = _claimed(now)
    if resumption is None:
        return False
    facts = look(resumption, clock)
    same = Resumption.objects.filter(pk=resumption.pk, lease=resumption.lease)
    same.update(leased_until=None, **facts)
    return True


def _claimed(now: datetime) -> Resumption | None:
    free = models.Q(leased_until=None) | models.Q(leased_until__lte=now)
    while found := Resumption.objects.filter(free, due_at__lte=now).order_by("due_at").first():
        same = Resumption.objects.filter(pk=found.pk, lease=found.lease)
        if same.update(lease=found.lease + 1, leased_until=now + LEASE):
            return Resumption.objects.select_related("firm").get(pk=found.pk)
    return None


def look(resumption: Resumption, clock: Callable[[], datetime]) -> dict[str, Any]:
    """Read the list once more; what to write of it. An hour after the restore it is complete."""
    firm, now, pace = resumption.firm, clock(), settings.DELIVERY_PACE
    try:
        with client.efactura_for(firm, now) as efactura:
            more, unread = _read(resumption, efactura, clock)
    except (NotConnected, AnafError) as exc:
        log.info("resumption waits", firm=firm.pk, why=type(exc).__name__)
        return {"due_at": clock() + LISTING_LAG * pace, "found": resumption.found, "seen": resumption.seen}
    facts = {"looked_at": now, "found": resumption.found, "seen": resumption.seen}
    if more:
        return facts | {"due_at": now}
    if now - resumption.restored_at >= PROVED_ABSENT * pace:
        facts["found"] = [*resumption.found, *(asdict(Stranger.unread(message)) for message in unread)]
        return facts | {"due_at": None, "settled_at": now}
    return facts | {"due_at": now + LISTING_LAG * pace}


def _read(resumption: Resumption, efactura: EFactura, clock: Callable[[], datetime]) -> tuple[bool, list[Message]]:
    """Look into what the list shows and we do not know; whether there is more of it, and what could not be read."""
    firm, left = resumption.firm, AT_ONCE
    unread: list[Message] = []
    since = resumption.backup_at - listing.CLOCKS_DIFFER
    listing.sync(firm, efactura, clock, since=since)
    for message in doubt.candidates(firm.pk, since):
        if message.upload_index in resumption.seen:
            continue
        if not left:
            return True, unread
        try:
            package = doubt.read(message, efactura, clock)
        except doubt.UNREADABLE as exc:
            if not doubt.of_message(exc):
                raise
            unread.append(message)
            continue
        left -= 1
        if stranger := _take(resumption, package, message.upload_index, clock()):
            resumption.found = [*resumption.found, stranger]
        resumption.seen = [*resumption.seen, message.upload_index]
    return False, unread


@dataclass(frozen=True, slots=True)
class Stranger:
    """A document of the firm's in SPV that nothing here matches."""

    upload_index: str
    label: str
    issue_date: str
    buyer: str
    total: str
    currency: str

    @classmethod
    def unread(cls, message: Message) -> Stranger:
        """Of what could not be downloaded or opened in an hour: what the list said."""
        return cls(message.upload_index, "", "", message.buyer_cif, "", "")


def _take(resumption: Resumption, package: Package, upload_index: str, now: datetime) -> dict[str, Any] | None:
    """Adopt a document of SPV's; None when it was ours, else what a person is told of it."""
    firm, sha256 = resumption.firm, hashlib.sha256(package.document).hexdigest()
    if (ours := firm.submissions.filter(sha256=sha256).order_by("pk").first()) is not None:
        if ours.state == State.UNCERTAIN:
            _found(ours, upload_index, now)
        return None
    try:
        found = read_ubl(package.document)
    except NotUbl:
        return asdict(Stranger(upload_index, "", "", "", "", ""))
    with transaction.atomic():
        place = _numbered(firm, found)
        invoice = _same(firm, found, package.document, place)
        if place is not None:
            _count(*place)
        if invoice is not None:
            _adopt(invoice, package.document, upload_index, resumption.backup_at, now)
            return None
    total = str(found.totals.due_for_payment) if found.totals else ""
    stranger = Stranger(
        upload_index, found.number, found.issue_date.isoformat(), found.buyer.name or "", total, found.currency
    )
    return asdict(stranger)


def _numbered(firm: Firm, found: Document) -> tuple[Series, int, int] | None:
    """The series, year and number that print as the document's label."""
    last = "".join(char if char.isdigit() else " " for char in found.number).split()
    if not last:
        return None
    number = int(last[-1])
    for series in firm.series.order_by("pk"):
        year = found.issue_date.year if series.yearly else NO_YEAR
        if series.label(number, year) == found.number:
            return series, year, number
    return None


def _same(firm: Firm, found: Document, xml: bytes, place: tuple[Series, int, int] | None) -> Invoice | None:
    """The invoice that this document is: the one of its number, not accepted here; or the draft that gives these very
    bytes under it. Numbered in the second case."""
    waiting = Invoice.objects.filter(firm=firm, kind=Kind.INVOICE).select_related("client", "series", "firm")
    numbered = waiting.filter(label=found.number, number__isnull=False, stage__in=[*EDITABLE, Stage.SCHEDULED]).first()
    if numbered is not None or place is None:
        return numbered
    series, year, number = place
    for draft in waiting.filter(series=series, number=None, stage=Stage.DRAFT, issue_date=found.issue_date):
        if document.ubl(draft, found.number) == xml:
            draft.number, draft.year, draft.label = number, year, found.number
            draft.save(update_fields=["number", "year", "label"])
            return draft
    return None


def _count(series: Series, year: int, number: int) -> None:
    """The next number is after `number`; those between that no document carries are gaps, to be explained."""
    first = min(number, series.first_number)
    counter, _made = Counter.objects.get_or_create(
        series=series, year=year, defaults={"next_number": number + 1, "starts_at": first}
    )
    Counter.objects.filter(pk=counter.pk, next_number__lte=number).update(next_number=number + 1)


def _adopt(invoice: Invoice, xml: bytes, upload_index: str, backup_at: datetime, now: datetime) -> None:
    """A submission that was uncertain and is found."""
    Invoice.objects.filter(pk=invoice.pk).update(stage=Stage.UNCERTAIN, send_at=None, changed_at=now)
    said = backup_at.isoformat(timespec="minutes")
    submission = freeze(invoice, xml, now, sent_by=None, state=State.UNCERTAIN, kind="restored", text=said)
    _found(submission, upload_index, now)
    log.info("adopted after a restore", submission=submission.pk)


def _found(submission: Submission, upload_index: str, now: datetime) -> None:
    facts: dict[str, Any] = {"upload_index": upload_index, "due_at": now, "tries": 0, "waiting_for": ""}
    with contextlib.suppress(Lost):  # a worker looks at it this instant, and finds the same
        submission.write(now, to=State.PROCESSING, kind="found", text=upload_index, **facts)

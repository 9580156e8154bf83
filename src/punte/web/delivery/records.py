"""The dossier of an invoice as it grows: one chain for all its sendings, and the outages of ANAF's that we met.

A record is written in the transaction of what it tells of. The head of the chain stands in the submission's row and
moves with the fenced update of that row, so two workers cannot both hang a record on the same one.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.db import IntegrityError, models, transaction

from punte.web.archive.models import SealedPackage

from . import chaining

if TYPE_CHECKING:
    from .models import Event, Submission

log = structlog.get_logger("punte.delivery")
#: What the chain says of history that was written without it: by a version that had none.
UNCHAINED = "kept without a chain until this record"


class Record(models.Model):
    """One link: `content` is the canonical text, `digest` its SHA-256. Rows are added and never changed."""

    invoice = models.ForeignKey("invoices.Invoice", on_delete=models.PROTECT, related_name="records")
    submission = models.ForeignKey("delivery.Submission", on_delete=models.PROTECT, related_name="records")
    number = models.PositiveIntegerField()  # within the invoice, from 1
    content = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["invoice", "number"], name="a_chain_never_forks")]

    def __str__(self) -> str:
        return f"record {self.number} of invoice {self.invoice_id}"


class Outage(models.Model):
    """A time in which a host of ANAF's gave no usable answer, as met by the steps of any firm."""

    host = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)  # the error's class: NotSent, Unwell, Blocked, ReplyLost
    text = models.TextField(blank=True)  # ANAF's first words, or what happened on the wire
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # the last time it was met
    ended_at = models.DateTimeField(null=True, blank=True)  # the first good answer after it
    times = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["host"], condition=models.Q(ended_at__isnull=True), name="an_outage_of_a_host_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["host", "began_at"], name="outages_of_a_host")]

    def __str__(self) -> str:
        return f"{self.host} {self.began_at:%F %T}"

    def told(self) -> dict[str, Any]:
        """For a record."""
        return {
            **{"host": self.host, "met_as": self.kind, "text": self.text, "times": self.times},
            **{"began_at": self.began_at, "seen_at": self.seen_at, "ended_at": self.ended_at},
        }


def outages(host: str, first: datetime, last: datetime) -> models.QuerySet[Outage]:
    """Those of `host` that touch [first, last]."""
    open_or_later = models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=first)
    return Outage.objects.filter(open_or_later, host=host, began_at__lte=last)


# --- what a record says ---

#: Steps after which nothing more is owed: their records name the outages met on the way.
SETTLED = {"accepted", "adopted", "rejected", "refused", "other-duplicate"}
#: Of the facts that a step writes: those that prove something.
PROVING = ("upload_index", "download_id", "duplicate_of", "findings", "uncertain_since", "due_at")


def step(submission: Submission, event: Event, heard: dict[str, Any] | None, facts: dict[str, Any]) -> dict[str, Any]:
    """The record of a step that is being written: `submission` stands as before it."""
    said: dict[str, Any] = {
        **{"submission": submission.pk, "event": event.pk, "at": event.at, "kind": event.kind, "state": event.state},
        **{"text": event.text, "tries": submission.tries, **(heard or {})},
        **{name: facts[name] for name in PROVING if name in facts},
    }
    if submission.waiting_for:
        said["waited_for"] = submission.waiting_for
    if package := facts.get("package_id"):
        said["package"] = (
            SealedPackage.objects.filter(pk=package)
            .values("sha256", "seal", "signer", "signer_fingerprint", "upload_index", "download_id", "stored_at")
            .get()
        )
    if event.kind in SETTLED and heard and heard.get("host"):
        said["outages"] = [outage.told() for outage in outages(heard["host"], submission.created_at, event.at)]
    return said


def opening(submission: Submission, event: Event, **facts: Any) -> None:
    """The first record of a sending: what was frozen, by whom, when it must be there. Within its transaction."""
    said = {
        **{"submission": submission.pk, "event": event.pk, "at": event.at, "kind": event.kind, "state": event.state},
        **{"text": event.text, "document": submission.sha256, "standard": submission.standard},
        **facts,
    }
    take_up(submission)
    hang(type(submission).objects.filter(pk=submission.pk), submission, {}, said)


# --- the chain ---


def hang(
    mine: models.QuerySet[Submission], submission: Submission, facts: dict[str, Any], said: dict[str, Any]
) -> bool:
    """Write `facts` into the rows `mine` (the submission's, fenced) and the record that tells of it: both or, False,
    neither. Within a transaction. The head may have moved by another hand than the lease's (`aside`): then again."""
    while True:
        number, previous = submission.record_count + 1, submission.record_head
        content = chaining.link(number, previous, said)
        digest = chaining.digest(content)
        same = mine.filter(record_head=previous, record_count=number - 1)
        if same.update(**facts, record_head=digest, record_count=number) == 1:
            Record.objects.create(
                invoice_id=submission.invoice_id, submission=submission, number=number, content=content, digest=digest
            )
            submission.record_head, submission.record_count = digest, number
            return True
        found = mine.values_list("record_head", "record_count").first()
        if found is None or found == (previous, number - 1):
            return False
        submission.record_head, submission.record_count = found


def take_up(submission: Submission) -> None:
    """Let a new sending of an invoice go on where the chain of its earlier ones ends. Within the transaction that
    holds the invoice's row."""
    rows = type(submission).objects
    earlier = rows.filter(invoice=submission.invoice_id).exclude(pk=submission.pk).order_by("-pk")
    last = earlier.select_for_update(of=("self",)).first()
    if last is None:
        return
    if not last.record_count:
        bring_in(last)
    head = {"record_head": last.record_head, "record_count": last.record_count}
    rows.filter(pk=submission.pk).update(**head)
    submission.record_head, submission.record_count = last.record_head, last.record_count


def bring_in(submission: Submission) -> None:
    """Hang history that a version without the chain wrote, told as such: nothing proves it before this record."""
    row = type(submission).objects.filter(pk=submission.pk)
    with transaction.atomic():
        locked = row.select_for_update(of=("self",)).values_list("record_head", "record_count").get()
        submission.record_head, submission.record_count = locked
        known = {pk for record in submission.records.all() for pk in told_events(record.content)}
        events = [event for event in submission.events.all() if event.pk not in known]
        if not events:
            return
        attempts = submission.attempts.values("number", "host", "started_at", "ended_at", "outcome")
        said = {
            **{"kind": "brought-in", "note": UNCHAINED, "submission": submission.pk, "document": submission.sha256},
            "events": [
                {"event": one.pk, "at": one.at, "kind": one.kind, "state": one.state, "text": one.text}
                for one in events
            ],
            "attempts": list(attempts) if not known else [],
            "at": max(one.at for one in events),
        }
        hang(row, submission, {}, said)


def aside(invoice_id: int, said: dict[str, Any]) -> None:
    """A record of something that is no step: a mail about the deadline, a decision. Of an invoice that was never sent,
    none. In a transaction of its own, after what it tells of: it must wait for nobody who waits for us."""
    from .models import Submission

    while True:
        latest = Submission.objects.filter(invoice=invoice_id).order_by("pk").last()
        if latest is None:
            return
        if not latest.record_count:
            bring_in(latest)
        try:
            with transaction.atomic():
                if hang(Submission.objects.filter(pk=latest.pk), latest, {}, {"submission": latest.pk, **said}):
                    return
        except IntegrityError:  # sent anew meanwhile: the record belongs to the newer sending
            log.info("sent anew while a record was hung", invoice=invoice_id)


def told_events(content: str) -> set[int]:
    """The lines of history that a record tells of."""
    said = json.loads(content)
    return {pk for pk in (said.get("event"), *(one["event"] for one in said.get("events", ()))) if pk}


def on_deadline_told(sender: object, *, invoice_id: int, last: date, now: datetime, **_: Any) -> None:
    """`invoices.signals.deadline_told`."""
    aside(invoice_id, {"kind": "deadline-mail", "at": now, "deadline": last.isoformat()})

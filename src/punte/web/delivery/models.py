"""What was sent, how far it came, and everything that happened on the way. The row is the truth.

    queued ──► sending ──► processing ──► accepted
      ▲  ▲        │ │ │         └───────► rejected (also refused: never taken over)
      │  └────────┘ │ └───────► refused
      │  NotSent    ▼
      └──────── uncertain ────► processing (found in SPV), rejected
       proved absent

Engine, queue and processes may die at any instruction; what is written here says what to do next.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from punte.web.accounts.models import User
from punte.web.archive.models import SealedPackage
from punte.web.firms.models import Firm
from punte.web.invoices.models import Invoice
from punte.web.invoices.signals import accepted

from . import records
from .records import Outage, Record

__all__ = ["NEXT", "Attempt", "Event", "ForbiddenMove", "Lost", "Outage", "Record", "State", "Submission"]


class State(models.TextChoices):
    QUEUED = "queued", _("În așteptare")  # nothing has left
    SENDING = "sending", _("Se trimite")  # an attempt is written down; bytes may have left
    UNCERTAIN = "uncertain", _("Incertă: verificăm în SPV")  # bytes left, no answer; never re-sent before proved absent
    PROCESSING = "processing", _("În prelucrare la ANAF")  # we hold the upload index
    ACCEPTED = "accepted", _("Validată")  # ANAF: ok
    REJECTED = "rejected", _("Respinsă")  # ANAF: nok, with findings
    REFUSED = "refused", _("Nepreluată")  # never entered SPV


NEXT: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING}),
    State.SENDING: frozenset({State.PROCESSING, State.REFUSED, State.QUEUED, State.UNCERTAIN}),
    State.UNCERTAIN: frozenset({State.PROCESSING, State.QUEUED, State.REJECTED}),
    State.PROCESSING: frozenset({State.ACCEPTED, State.REJECTED, State.REFUSED}),
    State.ACCEPTED: frozenset(),
    State.REJECTED: frozenset(),
    State.REFUSED: frozenset(),
}


class ForbiddenMove(Exception):
    """A step that the state machine does not have: a fault of ours, never of ANAF's."""


class Lost(Exception):
    """Another worker took the submission over; nothing was written."""


class WithoutDocument(models.Manager["Submission"]):
    """Lists and pages show states: the bytes are fetched when somebody asks for them."""

    def get_queryset(self) -> models.QuerySet[Submission]:
        return super().get_queryset().defer("document")


class Submission(models.Model):
    """One document on its way to SPV. The bytes are frozen; a corrected invoice is a new submission."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="submissions")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="submissions")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    document = models.BinaryField()  # canonical UBL
    sha256 = models.CharField(max_length=64)
    standard = models.CharField(max_length=4, default="UBL")  # ANAF: UBL or CN
    b2c = models.BooleanField(default=False)  # uploadb2c: the buyer is a private person
    extern = models.BooleanField(default=False)  # the buyer is abroad, without a Romanian code
    autofactura = models.BooleanField(default=False)  # the firm buys, and writes it in the seller's name
    upload_index = models.CharField(max_length=20, blank=True)
    download_id = models.CharField(max_length=20, blank=True)
    duplicate_of = models.CharField(max_length=20, blank=True)  # ANAF: sent before under this index; is it ours?
    package = models.ForeignKey(SealedPackage, on_delete=models.PROTECT, null=True, blank=True)
    findings = models.JSONField(default=list)  # of a refusal: [{"text", "rule", "duplicate_of"}]
    waiting_for = models.CharField(max_length=20, blank=True)  # why nothing moves: a key of `delivery.words`
    anaf_text = models.TextField(blank=True)  # ANAF's own words, when that is why
    tries = models.PositiveIntegerField(default=0)  # of the present state: watching grows its pauses by it
    uncertain_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)  # None: nothing more to do
    lease = models.PositiveIntegerField(default=0)  # fencing: each claim counts on, each write names its own
    leased_until = models.DateTimeField(null=True, blank=True)
    record_count = models.PositiveIntegerField(default=0, db_default=0)  # of the invoice's dossier, with all sendings
    record_head = models.CharField(max_length=64, default="", db_default="", blank=True)  # digest of the last record
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = WithoutDocument()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"],
                condition=models.Q(state__in=["queued", "sending", "uncertain", "processing", "accepted"]),
                name="an_invoice_is_under_way_once",
            )
        ]
        indexes = [  # whose turn it is, and the firm's longest waiting
            models.Index(fields=["firm", "due_at"], condition=models.Q(due_at__isnull=False), name="submissions_due")
        ]

    def __str__(self) -> str:
        return f"submission {self.pk}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Something will still happen by itself."""
        return self.due_at is not None

    @property
    def watched_index(self) -> str:
        """The upload index whose state we ask: the earlier one, where ANAF says that ours repeats it."""
        return self.duplicate_of or self.upload_index

    def write(
        self,
        now: datetime,
        *,
        to: State | None = None,
        kind: str = "",
        text: str = "",
        by: User | None = None,
        heard: dict[str, Any] | None = None,
        **facts: Any,
    ) -> None:
        """Take a step: change, the invoice's stage, the event and its record, in one transaction, fenced by our lease.

        by     the person whose decision it is; None: the step follows from ANAF's answer
        heard  of the record alone: whom we asked, when, and what kind of answer came
        Raises ForbiddenMove where the machine has no such arrow; Lost, with nothing written, when another
        worker holds the submission by now.
        """
        if to is not None and to not in NEXT[State(self.state)]:
            raise ForbiddenMove(f"submission {self.pk}: {self.state} → {to}")
        facts |= {"changed_at": now} | ({"state": to} if to else {})
        with transaction.atomic():
            mine = Submission.objects.filter(pk=self.pk, state=self.state, lease=self.lease)
            told = heard if by is None else {**(heard or {}), "by": str(by)}
            if not (self._recorded(mine, now, kind, text, by, told, facts) if kind else mine.update(**facts) == 1):
                raise Lost(f"submission {self.pk}")
            if to:
                Invoice.objects.filter(pk=self.invoice_id).update(stage=to.value, changed_at=now)
                if to == State.ACCEPTED:
                    accepted.send(sender=Invoice, invoice_id=self.invoice_id)
        for name, value in facts.items():
            setattr(self, name, value)

    def _recorded(
        self,
        mine: models.QuerySet[Submission],
        now: datetime,
        kind: str,
        text: str,
        by: User | None,
        heard: dict[str, Any] | None,
        facts: dict[str, Any],
    ) -> bool:
        """The change, its line of history and its record; False, to be undone, where the row is another worker's."""
        if not self.record_count:
            records.bring_in(self)
        event = self.events.create(at=now, kind=kind, state=facts.get("state", self.state), text=text, by=by)
        said = records.step(self, event, heard, facts)
        return records.hang(mine, self, facts, said)


class Attempt(models.Model):
    """One try to upload, written down before its first byte leaves; never removed."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    host = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["submission", "number"], name="attempts_are_counted")]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.submission_id}"


class Event(models.Model):
    """A line of the invoice's history, as the person reads it: `kind` is a key of `delivery.words`."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices)
    text = models.TextField(blank=True)  # ANAF's words, an index, a `SealVerdict`
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.kind}"

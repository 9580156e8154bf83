"""Cheltuieli: what came for the firm, as a list and a search need it. What it says in full stands in its package.

A row is written when its message is filed (`reading`), or when the message ended without anything to read; so what
SPV listed is never missing here, only at times unreadable.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from punte.web.archive.models import SealedPackage
from punte.web.firms.models import Firm
from punte.web.invoices.models import folded
from punte.web.spv.models import Message


class Mark(models.TextChoices):
    """How far the firm has got with it."""

    NEW = "new", _("Nouă")
    SEEN = "seen", _("Văzută")
    BOOKED = "booked", _("Contabilizată")


class Reading(models.TextChoices):
    """What we could read of it."""

    READ = "", _("Citită")
    EXPIRED = "expired", _("Expirată în SPV")  # ANAF gives it no more: a paper copy is the supplier's to give
    UNREADABLE = "unreadable", _("Nu poate fi citită")  # kept as it came, and not a UBL invoice that we understand


class Standing(models.TextChoices):
    """Whether it is an expense of its own. What is not, is shown and not counted."""

    OWN = "", _("Cheltuială")
    REPEATED = "repeated", _("Dublură")  # `repeats` says of which
    ISSUED_FOR_US = "issued", _("Autofactură emisă în numele dvs.")  # the firm is the seller: it is income
    TO_ITSELF = "itself", _("Autofactură către firma proprie")  # seller and buyer are the firm


class Document(models.Model):
    """One invoice or credit note that SPV gave the firm. Amounts in `currency`, as the document says them."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="received")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="document")
    package = models.ForeignKey(SealedPackage, on_delete=models.PROTECT, null=True, blank=True, related_name="received")
    upload_index = models.CharField(max_length=20)
    arrived_at = models.DateTimeField()  # ANAF's moment: in law, when it was communicated
    day = models.DateField()  # of issue; of arrival where that cannot be read
    reading = models.CharField(max_length=12, choices=Reading.choices, blank=True)
    standing = models.CharField(max_length=12, choices=Standing.choices, blank=True)
    self_billed = models.BooleanField(default=False)  # uploaded by its buyer

    seller_name = models.CharField(max_length=300, blank=True)
    seller_cif = models.CharField(max_length=30, blank=True)  # digits in Romania; abroad as written
    supplier_key = models.CharField(max_length=60, blank=True)  # one supplier, however it writes itself
    number = models.CharField(max_length=100, blank=True)
    number_key = models.CharField(max_length=100, blank=True)  # folded, without blanks
    due_date = models.DateField(null=True, blank=True)
    type_code = models.CharField(max_length=3, blank=True)  # BT-3
    currency = models.CharField(max_length=3, blank=True)
    net = models.DecimalField(max_digits=17, decimal_places=2, default=0)  # BT-109
    vat = models.DecimalField(max_digits=17, decimal_places=2, default=0)  # BT-110
    payable = models.DecimalField(max_digits=17, decimal_places=2, default=0)  # BT-115
    effect = models.DecimalField(max_digits=17, decimal_places=2, default=0)  # `payable`; a credit note takes off

    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="repetitions")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    preceding_number = models.CharField(max_length=100, blank=True)  # BG-3, as said
    preceding_key = models.CharField(max_length=100, blank=True)

    mark = models.CharField(max_length=6, choices=Mark.choices, default=Mark.NEW)
    note = models.TextField(max_length=1000, blank=True)  # for the firm alone
    search_text = models.TextField(editable=False)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["firm", "day", "id"], name="received_by_day"),
            models.Index(fields=["firm", "mark", "standing", "currency", "effect"], name="received_sums"),
            models.Index(fields=["firm", "supplier_key", "number_key"], name="received_of_a_supplier"),
            models.Index(fields=["firm", "upload_index"], name="received_by_upload"),
        ]

    def __str__(self) -> str:
        return self.number or self.upload_index

    @property
    def is_credit(self) -> bool:
        return self.effect < 0

    def retell(self) -> None:
        """Write anew what the search looks through."""
        self.search_text = folded(
            "\n".join((self.number, self.seller_name, self.seller_cif, self.upload_index, self.note))
        )


class Event(models.Model):
    """A line of a document's history: `kind` is a key of `inbox.words`."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.kind}"


class RemarkState(models.TextChoices):
    """Of a remark that the firm sends as the buyer; those that came are `RECEIVED`."""

    QUEUED = "queued", _("În așteptare")
    SENDING = "sending", _("Se trimite")
    UNCERTAIN = "uncertain", _("Incert: verificăm în SPV")  # the answer was lost: looked for, never sent again by us
    PROCESSING = "processing", _("În prelucrare la ANAF")
    DELIVERED = "delivered", _("Ajuns la emitent")
    REFUSED = "refused", _("Refuzat de ANAF")
    ABSENT = "absent", _("Nu a ajuns în SPV")  # proved: a person may send it again
    RECEIVED = "received", _("Primit")


NEXT = {
    RemarkState.QUEUED: {RemarkState.SENDING},
    RemarkState.SENDING: {
        RemarkState.QUEUED,
        RemarkState.UNCERTAIN,
        RemarkState.PROCESSING,
        RemarkState.REFUSED,
    },
    RemarkState.UNCERTAIN: {RemarkState.ABSENT},
    RemarkState.PROCESSING: {RemarkState.DELIVERED, RemarkState.REFUSED},
    RemarkState.ABSENT: set(),
    RemarkState.DELIVERED: set(),
    RemarkState.REFUSED: set(),
    RemarkState.RECEIVED: set(),
}  # and from every one that may have arrived to DELIVERED, when SPV lists its very bytes: `reading.keep_remark`


class Lost(Exception):
    """Another worker holds the remark by now; nothing was written."""


class Remark(models.Model):
    """A buyer's message (ANAF: standard RASP) about one invoice: sent by the firm, or come to it."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="remarks")
    about = models.CharField(max_length=20)  # upload index of the invoice spoken of
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=RemarkState.choices, default=RemarkState.QUEUED)
    document = models.BinaryField(default=bytes)  # the bytes sent; empty for what came
    sha256 = models.CharField(max_length=64, blank=True)
    upload_index = models.CharField(max_length=20, blank=True)  # its own
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, blank=True, related_name="remark")
    anaf_text = models.TextField(blank=True)
    waiting_for = models.CharField(max_length=20, blank=True)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)  # None: nothing to do
    uncertain_since = models.DateTimeField(null=True, blank=True)
    lease = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["firm", "about"], name="remarks_about"),
            models.Index(fields=["firm", "due_at"], condition=models.Q(due_at__isnull=False), name="remarks_due"),
        ]

    def __str__(self) -> str:
        return f"remark {self.pk}: {self.state}"

    @property
    def is_ours(self) -> bool:
        return self.state != RemarkState.RECEIVED

    def write(self, now: datetime, *, to: RemarkState | None = None, **facts: Any) -> None:
        """Take a step, fenced by our lease. Raises Lost, with nothing written; ValueError for an arrow there is not."""
        if to is not None and to not in NEXT[RemarkState(self.state)]:
            raise ValueError(f"remark {self.pk}: {self.state} → {to}")
        facts |= {"changed_at": now} | ({"state": to} if to else {})
        mine = Remark.objects.filter(pk=self.pk, state=self.state, lease=self.lease)
        if mine.update(**facts) != 1:
            raise Lost(f"remark {self.pk}")
        for name, value in facts.items():
            setattr(self, name, value)


class RemarkAttempt(models.Model):
    """One try to send, written down before its first byte leaves; never removed."""

    remark = models.ForeignKey(Remark, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["remark", "number"], name="remark_attempts_are_counted")]

    def __str__(self) -> str:
        return f"attempt {self.number} of remark {self.remark_id}"

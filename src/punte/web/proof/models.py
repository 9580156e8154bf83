"""Verifică în SPV: one comparison of what SPV lists with what we hold, kept with its date and its differences."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from punte.web.delivery.models import Submission
from punte.web.firms.models import Firm
from punte.web.invoices.models import Invoice
from punte.web.spv.models import Message
from punte.web.transfer.models import Import


class State(models.TextChoices):
    LISTING = "listing", _("Întrebăm SPV")
    COMPARING = "comparing", _("Comparăm")
    DONE = "done", _("Verificat")


class Kind(models.TextChoices):
    """How the two differ, the gravest first."""

    CONTENT = "content", _("Arhiva are alt conținut decât factura trimisă")
    NUMBER = "number", _("Numărul este folosit în SPV de alt document")
    STATE = "state", _("SPV spune altceva despre starea ei")
    NOT_LISTED = "not-listed", _("Trimisă, dar SPV nu o listează")
    UNKNOWN = "unknown", _("În SPV, dar nu este în Punte")
    UNKNOWN_ERROR = "unknown-error", _("Respinsă în SPV, trimisă din alt program")
    PACKAGE = "package", _("Lipsește arhiva ei sigilată")
    RECEIVED = "received", _("Primită în SPV, dar nu este în Cheltuieli")
    EXPIRED = "expired", _("Listată, dar SPV nu o mai dă")
    STRANGE = "strange", _("Adusă, dar nu se poate citi")
    UNCERTAIN = "uncertain", _("Nu se știe încă dacă a ajuns")
    LATE = "late", _("Trimisă de curând, încă nelistată")


class Cure(models.TextChoices):
    """How far a difference has got."""

    OPEN = "", _("De rezolvat")
    UNDER_WAY = "under-way", _("Se rezolvă")
    DONE = "done", _("Rezolvată")
    FAILED = "failed", _("Nu s-a putut")


class Check(models.Model):
    """One look. `due_at` None: nothing more to do by itself; after DONE it is set while cures are under way."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="checks")
    first = models.DateField()  # both days counted
    last = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.LISTING)
    done = models.PositiveIntegerField(default=0)  # of `total`, while comparing
    total = models.PositiveIntegerField(default=0)
    ours = models.PositiveIntegerField(default=0)  # sent in the period, and not refused
    listed = models.PositiveIntegerField(default=0)  # of them, in SPV and equal to what we hold
    rejected = models.PositiveIntegerField(default=0)  # rejected here and there alike
    came = models.PositiveIntegerField(default=0)  # received, as SPV lists
    here = models.PositiveIntegerField(default=0)  # of them, in Cheltuieli
    waiting_for = models.CharField(max_length=20, blank=True)  # as in `Submission`
    anaf_text = models.TextField(blank=True)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    lease = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["firm", "-id"], name="checks_of_firm")]

    def __str__(self) -> str:
        return f"check {self.pk}: {self.state}"

    @property
    def is_over(self) -> bool:
        return self.state == State.DONE


class Difference(models.Model):
    """One thing that is not the same on both sides, and what became of it."""

    check_of = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="differences")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    upload_index = models.CharField(max_length=20, blank=True)
    known_at = models.DateTimeField(null=True, blank=True)  # of UNCERTAIN and LATE: when more will be known
    text = models.TextField(blank=True)  # ANAF's words
    cure = models.CharField(max_length=10, choices=Cure.choices, default=Cure.OPEN, blank=True)
    import_of = models.ForeignKey(Import, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    cured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cured_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["check_of", "kind"], name="differences_of_a_check")]

    def __str__(self) -> str:
        return f"{self.kind} {self.upload_index}"

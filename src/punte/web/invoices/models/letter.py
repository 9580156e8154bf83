"""What goes to the client by mail, written down before it leaves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .invoice import Invoice
from .payment import Payment


class Letter(models.Model):
    """One mail about a document: the document itself, or a reminder that it is unpaid."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Documentul")
        REMINDER = "reminder", _("Amintire de plată")
        RECEIPT = "receipt", _("Chitanța")

    class State(models.TextChoices):
        QUEUED = "queued", _("Se trimite")
        SENT = "sent", _("Trimis")
        FAILED = "failed", _("Nu a plecat")
        BOUNCED = "bounced", _("Întors")

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="letters")
    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, null=True, blank=True)  # of RECEIPT
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DOCUMENT)
    to = models.EmailField(_("către"), max_length=100)
    subject = models.CharField(_("subiect"), max_length=200)
    body = models.TextField(_("text"), max_length=4000)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    error = models.CharField(max_length=500, blank=True)  # what the mail server said
    message_id = models.CharField(max_length=200, blank=True, db_index=True)  # RFC 5322; a bounce names it
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)  # None: nothing more to do
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # None: written by itself
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.state}"

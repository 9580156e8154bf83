"""What SPV lists for a firm, as it was listed: the mailbox and its messages. `listing` asks, `fetching` downloads.

A message's meaning belongs to others: `delivery` settles its submissions by them, `inbox` reads what came.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from punte.anaf.messages import MessageKind
from punte.web.archive.models import SealedPackage
from punte.web.firms.models import Firm


class Mailbox(models.Model):
    """How far a firm's list has been read. `due_at` None: the firm is not connected, nothing to ask."""

    firm = models.OneToOneField(Firm, on_delete=models.CASCADE, primary_key=True, related_name="mailbox")
    listed_from = models.DateTimeField(null=True, blank=True)  # the first instant ever listed
    listed_until = models.DateTimeField(null=True, blank=True)  # end of the last whole window
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    waiting_for = models.CharField(max_length=20, blank=True)  # why the last listing failed: as in Submission
    anaf_text = models.TextField(blank=True)
    tries = models.PositiveIntegerField(default=0)
    lease = models.PositiveIntegerField(default=0)  # fencing, as in Submission
    leased_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"mailbox of {self.firm_id}"


class Keeping(models.TextChoices):
    """What we have of a listed message's ZIP."""

    NOT_WANTED = "", _("Neadusă")  # somebody else's to fetch: `delivery` files what the firm sent
    DUE = "due", _("Se aduce din SPV")
    FILED = "filed", _("În arhivă")
    EXPIRED = "expired", _("Expirată în SPV")  # listed, and ANAF no longer gives it out: for ever
    STRANGE = "strange", _("De neînțeles")  # not a package that we can open; kept as it came where bytes came


class Message(models.Model):
    """One row of ANAF's list, once. Rows are added, and `keeping` goes on; nothing is taken away."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="messages")
    download_id = models.CharField(max_length=20, blank=True)  # ANAF: id; "" where the list left it out
    upload_index = models.CharField(max_length=20)  # ANAF: id_solicitare
    kind = models.CharField(max_length=30, choices=[(kind.value, kind.name) for kind in MessageKind], blank=True)
    kind_text = models.CharField(max_length=100)  # ANAF: tip, verbatim
    details = models.TextField(blank=True)  # ANAF: detalii, verbatim
    seller_cif = models.CharField(max_length=20, blank=True)
    buyer_cif = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()  # ANAF: data_creare, to the minute
    listed_at = models.DateTimeField()  # when we first saw it
    keeping = models.CharField(max_length=8, choices=Keeping.choices, blank=True)
    package = models.ForeignKey(SealedPackage, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    due_at = models.DateTimeField(null=True, blank=True)  # of the fetching; None: nothing to do
    tries = models.PositiveIntegerField(default=0)
    anaf_text = models.TextField(blank=True)
    lease = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "upload_index", "kind", "download_id"], name="a_message_is_listed_once"
            )
        ]
        indexes = [
            models.Index(fields=["firm", "created_at"], name="messages_of_a_period"),
            models.Index(fields=["firm", "due_at"], condition=models.Q(due_at__isnull=False), name="messages_due"),
        ]

    def __str__(self) -> str:
        return f"message {self.download_id or self.upload_index}"

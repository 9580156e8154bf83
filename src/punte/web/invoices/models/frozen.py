"""What was issued and does not go to ANAF, as it was issued."""

from __future__ import annotations

from django.db import models

from .invoice import Invoice


class Frozen(models.Model):
    """The bytes of an invoice of NOT_SENT: it must not change with the firm's address, as those sent do not."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="frozen")
    document = models.BinaryField()  # canonical UBL
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"frozen {self.invoice_id}"

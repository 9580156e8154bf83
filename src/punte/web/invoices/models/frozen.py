"""What does not go to ANAF from here, as it was issued or brought in."""

from __future__ import annotations

from django.db import models

from .invoice import Invoice


class Frozen(models.Model):
    """The bytes of an invoice of NOT_SENT: it must not change with the firm's address, as those sent do not."""

    invoice = models.OneToOneField(Invoice, on_delete=models.CASCADE, related_name="frozen")
    document = models.BinaryField()  # canonical UBL; of an invoice brought in, the file as it came
    sha256 = models.CharField(max_length=64)
    upload_index = models.CharField(max_length=20, blank=True)  # in SPV, where the name of the file told it
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"frozen {self.invoice_id}"

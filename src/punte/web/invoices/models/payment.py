"""Money received for a document."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .invoice import Invoice
from .numbering import NO_YEAR, Series


class Means(models.TextChoices):
    TRANSFER = "transfer", _("Transfer bancar")
    CASH = "cash", _("Numerar")
    CARD = "card", _("Card")
    OTHER = "other", _("Alt mod")


class Payment(models.Model):
    """One sum received, in the currency of its invoice; negative when it was given back.

    Cash is witnessed by a receipt (chitanță), numbered in a series of its own. `Invoice.paid` is the sum of them.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments")
    day = models.DateField(_("data"))
    amount = models.DecimalField(_("suma"), max_digits=15, decimal_places=2)
    means = models.CharField(_("cum"), max_length=10, choices=Means.choices, default=Means.TRANSFER)
    note = models.CharField(_("mențiune"), max_length=200, blank=True)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts")
    number = models.PositiveIntegerField(null=True, blank=True)
    year = models.PositiveSmallIntegerField(default=NO_YEAR)
    label = models.CharField(max_length=40, blank=True)  # of the receipt: `CH 0012`
    cancelled_at = models.DateTimeField(null=True, blank=True)  # a numbered receipt is cancelled, never deleted
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="a_receipt_number_is_given_once")
        ]

    def __str__(self) -> str:
        return self.label or f"{self.amount}"

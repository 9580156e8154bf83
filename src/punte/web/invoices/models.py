"""What the firm sells and to whom: clients, series, invoices and their lines.

Money in the invoice currency, 2 decimals; quantities and unit prices up to 6. The arithmetic is `en16931.totals`'.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django.conf import settings
from django.db import models

from punte.en16931.model import InvoiceType
from punte.romania.counties import BUCHAREST
from punte.web.firms.models import Firm, PostalAddress


def folded(text: str) -> str:
    """`text` as people search it: lower case, without diacritics."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


class Client(PostalAddress):
    """Who buys."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="clients")
    name = models.CharField("denumirea", max_length=200)
    search_name = models.CharField(max_length=200, editable=False)  # `name`, folded
    private = models.BooleanField("persoană fizică", default=False)
    cui = models.CharField("CUI", max_length=13, blank=True)  # digits; empty for a private person
    trade_register_number = models.CharField("nr. Registrul Comerțului", max_length=30, blank=True)
    vat_registered = models.BooleanField("plătitor de TVA", default=False)
    email = models.EmailField("e-mail", max_length=100, blank=True)
    looked_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "cui"], condition=~models.Q(cui=""), name="one_client_per_firm_and_cui"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """Where the client is, in one word: `Sibiu`; for a sector of Bucharest the city."""
        return "București" if self.county == BUCHAREST else self.city

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = folded(self.name)
        super().save(*args, **kwargs)


class Series(models.Model):
    """A series of numbers. A number is given when the invoice is sent, inside the same transaction: no gaps."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="series")
    prefix = models.CharField("seria", max_length=20)
    next_number = models.PositiveIntegerField("următorul număr", default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "prefix"], name="one_series_per_firm_and_prefix")]

    def __str__(self) -> str:
        return self.prefix

    def label(self, number: int) -> str:
        return f"{self.prefix} {number:04}"


class Stage(models.TextChoices):
    """Where the invoice stands on the bridge; all but the first are written by `delivery`, with its own state."""

    DRAFT = "draft", "Ciornă"
    QUEUED = "queued", "În așteptare"
    SENDING = "sending", "Se trimite"
    UNCERTAIN = "uncertain", "Incertă: verificăm în SPV"
    PROCESSING = "processing", "În prelucrare"
    ACCEPTED = "accepted", "Validată"
    REJECTED = "rejected", "Respinsă"
    REFUSED = "refused", "Nepreluată"


EDITABLE = (Stage.DRAFT, Stage.REJECTED, Stage.REFUSED)
UNDER_WAY = (Stage.QUEUED, Stage.SENDING, Stage.UNCERTAIN, Stage.PROCESSING)


class Invoice(models.Model):
    """An invoice or credit note. Editable as a draft and after a refusal; what was sent is kept in `delivery`."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="invoices")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="invoices")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="invoices")
    number = models.PositiveIntegerField(null=True, blank=True)
    label = models.CharField(max_length=40, blank=True)  # series and number as printed (BT-1): `DI 0188`
    type_code = models.CharField(max_length=3, default=InvoiceType.INVOICE.value)  # BT-3
    preceding = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )  # what a storno refers to (BG-3)
    issue_date = models.DateField("data emiterii")
    due_date = models.DateField("scadența", null=True, blank=True)
    currency = models.CharField("moneda", max_length=3, default="RON")
    note = models.TextField("mențiuni pentru client", max_length=300, blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    net = models.DecimalField(max_digits=15, decimal_places=2, default=0)  # BT-109
    vat = models.DecimalField(max_digits=15, decimal_places=2, default=0)  # BT-110
    payable = models.DecimalField(max_digits=15, decimal_places=2, default=0)  # BT-115
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "number"], name="a_number_is_given_once")]
        indexes = [models.Index(fields=["firm", "-issue_date", "-id"], name="invoices_by_day")]

    def __str__(self) -> str:
        return self.label or f"ciorna {self.pk}"

    @property
    def is_editable(self) -> bool:
        return self.stage in EDITABLE


class Line(models.Model):
    """One row of the invoice (BG-25)."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    name = models.CharField("denumirea", max_length=100)  # BT-153
    description = models.CharField("descrierea", max_length=200, blank=True)  # BT-154
    quantity = models.DecimalField("cantitatea", max_digits=16, decimal_places=6)
    unit = models.CharField("unitatea", max_length=3, default="H87")  # UN/ECE Rec 20: H87 is a piece
    price = models.DecimalField("prețul", max_digits=18, decimal_places=6)  # BT-146, without VAT
    vat_category = models.CharField(max_length=2, default="S")  # BT-151
    vat_rate = models.DecimalField("TVA", max_digits=5, decimal_places=2, null=True, blank=True)  # per cent; None: O

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["invoice", "position"], name="one_line_per_position")]

    def __str__(self) -> str:
        return self.name

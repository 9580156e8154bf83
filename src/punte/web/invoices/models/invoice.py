"""The document: an invoice, a proforma or a template, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from punte.en16931.model import InvoiceType
from punte.web.firms.models import Firm

from .numbering import NO_YEAR, Series
from .parties import SEAM, BankAccount, Client, Product, folded

SEARCHED = 300  # characters of `Invoice.search_text`


class Kind(models.TextChoices):
    INVOICE = "invoice", _("Factură")  # also storno, corrected and self-billed: BT-3 tells
    PROFORMA = "proforma", _("Proformă")  # never sent to ANAF
    TEMPLATE = "template", _("Șablon")  # never numbered; what copies and recurrences are made from


class Stage(models.TextChoices):
    """Where the document stands on the bridge. DRAFT, SCHEDULED, ISSUED and NOT_SENT are written by `invoices`;
    the others by `delivery`, with its own state."""

    DRAFT = "draft", _("Ciornă")
    SCHEDULED = "scheduled", _("Programată")  # numbered; leaves by itself at `send_at`, until then it can be stopped
    ISSUED = "issued", _("Emisă")  # numbered, not sent: a proforma, or an invoice whose sending was stopped
    NOT_SENT = "not_sent", _("Nu se transmite")  # numbered; no duty to send, for `not_sent_because`
    QUEUED = "queued", _("În așteptare")
    SENDING = "sending", _("Se trimite")
    UNCERTAIN = "uncertain", _("Incertă: verificăm în SPV")
    PROCESSING = "processing", _("În prelucrare")
    ACCEPTED = "accepted", _("Validată")
    REJECTED = "rejected", _("Respinsă")
    REFUSED = "refused", _("Nepreluată")


EDITABLE = (Stage.DRAFT, Stage.ISSUED, Stage.REJECTED, Stage.REFUSED)
UNDER_WAY = (Stage.QUEUED, Stage.SENDING, Stage.UNCERTAIN, Stage.PROCESSING)


class Invoice(models.Model):
    """A document of the firm. Editable as a draft and after a refusal; what was sent is kept in `delivery`."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="invoices")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INVOICE)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="invoices")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)

    # its number
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="invoices")
    number = models.PositiveIntegerField(null=True, blank=True)
    year = models.PositiveSmallIntegerField(default=NO_YEAR)  # of the counter that gave it
    label = models.CharField(max_length=40, blank=True)  # series and number as printed (BT-1): `DI 0188`
    search_text = models.CharField(max_length=SEARCHED, blank=True, editable=False)  # label, client, codes: folded

    # which document it is, and of which others it speaks
    type_code = models.CharField(max_length=3, default=InvoiceType.INVOICE.value)  # BT-3: 380, 381, 384, 389, 751
    preceding = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )  # what a storno or a corrected invoice refers to (BG-3)
    proforma = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="invoices_made"
    )  # what it was made from
    recurrence_of = models.ForeignKey(
        "invoices.Recurrence", on_delete=models.SET_NULL, null=True, blank=True, related_name="invoices"
    )
    is_advance = models.BooleanField(default=False)  # the whole is an advance, deducted by later lines
    self_billed = models.BooleanField(default=False)  # we buy, and write it in the seller's name: 389, `autofactura`
    name = models.CharField(_("numele șablonului"), max_length=100, blank=True)  # of a template alone

    # its days
    issue_date = models.DateField(_("data emiterii"))  # BT-2
    supply_date = models.DateField(_("data livrării"), null=True, blank=True)  # BT-72, where it is another day
    due_date = models.DateField(_("scadența"), null=True, blank=True)  # BT-9

    # its money
    currency = models.CharField(_("moneda"), max_length=3, default="RON")  # BT-5
    exchange_rate = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)  # lei for one unit
    exchange_rate_day = models.DateField(null=True, blank=True)  # the day BNR published it
    bank_account = models.ForeignKey(BankAccount, on_delete=models.SET_NULL, null=True, blank=True)  # None: Firm.iban

    # what is said on it
    note = models.TextField(_("mențiuni pentru client"), max_length=300, blank=True)  # BT-22
    internal_note = models.TextField(_("notițe"), max_length=1000, blank=True)  # for the firm alone
    references = models.JSONField(default=dict, blank=True)  # {"BT-13": "…"}: BT-10 to BT-19, mostly for authorities

    # when it leaves, or why it does not
    send_at = models.DateTimeField(null=True, blank=True)  # of SCHEDULED
    not_sent_because = models.CharField(max_length=40, blank=True)  # of NOT_SENT: a key of `invoices.duty`
    warned_at = models.DateTimeField(null=True, blank=True)  # of the mail that the deadline is near

    # what it comes to
    net = models.DecimalField(max_digits=15, decimal_places=2, default=0)  # BT-109
    vat = models.DecimalField(max_digits=15, decimal_places=2, default=0)  # BT-110
    payable = models.DecimalField(max_digits=15, decimal_places=2, default=0)  # BT-115
    net_lei = models.DecimalField(max_digits=15, decimal_places=2, default=0)  # `net` at `exchange_rate`
    vat_lei = models.DecimalField(max_digits=15, decimal_places=2, default=0)  # BT-111
    paid = models.DecimalField(max_digits=15, decimal_places=2, default=0)  # the sum of `payments`

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    imported_by = models.CharField(max_length=36, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year", "number"], name="a_number_is_given_once")]
        indexes = [
            # Venituri and Acasă look for, count and sum in these alone; rows are read for one page.
            models.Index(
                fields=[
                    *("firm", "kind", "-issue_date", "-id"),
                    *("stage", "type_code", "currency", "payable", "paid", "net_lei", "search_text"),
                ],
                name="invoices_by_day",
            ),
            models.Index(
                fields=["firm", "kind", "stage", "currency", "payable", "paid", "issue_date", "search_text"],
                name="invoices_summed",
            ),
            models.Index(
                fields=["firm", "kind", "due_date", "currency", "stage", "payable", "paid"],
                condition=models.Q(payable__gt=models.F("paid")),
                name="invoices_waited",
            ),
            models.Index(fields=["firm", "-changed_at"], name="invoices_changed"),
            models.Index(fields=["firm"], condition=models.Q(preceding__isnull=False), name="invoices_corrections"),
            models.Index(
                fields=["stage", "issue_date"], condition=models.Q(warned_at__isnull=True), name="invoices_unwarned"
            ),
            models.Index(fields=["send_at"], condition=models.Q(stage="scheduled"), name="invoices_scheduled"),
        ]

    def __str__(self) -> str:
        return self.label or f"ciorna {self.pk}"

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Keep it, and what it is found by: its number and its client."""
        self.search_text = self.searched
        if update_fields is not None:
            update_fields = {*update_fields, "search_text"}
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def searched(self) -> str:
        """`search_text` as it ought to be; `bulk_create` does not save."""
        return (folded(self.label) + SEAM + self.client.search_text)[:SEARCHED]

    @property
    def is_editable(self) -> bool:
        return self.stage in EDITABLE

    @property
    def is_storno(self) -> bool:
        """Whether it takes another back: negative, or a credit note."""
        return self.preceding_id is not None and (self.type_code == InvoiceType.CREDIT_NOTE or self.payable < 0)


class Line(models.Model):
    """One row of the document (BG-25)."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(_("denumirea"), max_length=100)  # BT-153
    description = models.CharField(_("descrierea"), max_length=200, blank=True)  # BT-154
    code = models.CharField(max_length=50, blank=True)  # BT-155
    nc_code = models.CharField(max_length=10, blank=True)
    cpv_code = models.CharField(max_length=10, blank=True)
    quantity = models.DecimalField(_("cantitatea"), max_digits=16, decimal_places=6)
    unit = models.CharField(_("unitatea"), max_length=3, default="H87")  # UN/ECE Rec 20: H87 is a piece
    price = models.DecimalField(_("prețul"), max_digits=18, decimal_places=6)  # BT-146, without VAT
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)  # BT-138
    discount = models.DecimalField(max_digits=15, decimal_places=2, default=0)  # BT-136
    vat_case = models.CharField(max_length=40, blank=True)  # which answer led to the code: `invoices.regimes`
    vat_category = models.CharField(max_length=2, default="S")  # BT-151
    vat_rate = models.DecimalField(_("TVA"), max_digits=5, decimal_places=2, null=True, blank=True)  # per cent; None: O
    corrects = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="corrections"
    )  # the line that this one takes back, whole or in part
    advance = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="deductions"
    )  # the advance invoice that this line deducts

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["invoice", "position"], name="one_line_per_position")]

    def __str__(self) -> str:
        return self.name


class Adjustment(models.Model):
    """A discount (BG-20) or a charge (BG-21) on the whole document."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="adjustments")
    position = models.PositiveSmallIntegerField()
    is_charge = models.BooleanField(default=False)
    reason = models.CharField(_("motivul"), max_length=100)  # BT-97, BT-104
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)  # BT-94, BT-101: of the lines
    amount = models.DecimalField(max_digits=15, decimal_places=2, default=0)  # BT-92, BT-99, when no percentage is set
    vat_category = models.CharField(max_length=2, default="S")  # BT-95, BT-102
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["invoice", "position"], name="one_adjustment_per_position")]

    def __str__(self) -> str:
        return self.reason

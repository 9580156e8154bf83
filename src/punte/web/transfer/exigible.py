"""„TVA la încasare”: of which tax the hour came in a period, payment by payment; it stands beside the sales journal.

A payment makes due its part of the tax of a document that says so (BT-8, 432): of a sum that holds tax at 21 %, 21/121.
Source: art. 282 Cod fiscal, Norme metodologice (HG 1/2016) pct. 26: what was collected × rate / (100 + rate).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from punte.en16931 import model as en
from punte.en16931 import read_ubl, totals
from punte.web.firms.models import Firm
from punte.web.invoices import document
from punte.web.invoices.document import WHEN_PAID
from punte.web.invoices.models import Invoice, Kind, Payment

from . import journal
from .exports import in_parts, plain
from .tables import Cell, Sheet

PART = 200


@dataclass(frozen=True, slots=True)
class Collected:
    """A payment with what fell due by it, in lei: `received` is its part with such tax; base and VAT by rate."""

    payment: Payment
    received: Decimal
    rates: dict[Decimal, tuple[Decimal, Decimal]]

    @property
    def vat(self) -> Decimal:
        return sum((vat for _base, vat in self.rates.values()), Decimal(0))

    @property
    def base(self) -> Decimal:
        return sum((base for base, _vat in self.rates.values()), Decimal(0))


def collected(firm: Firm, first: date, last: date) -> list[Collected]:
    """The payments from `first` to `last`, both included, for documents whose tax falls due with them."""
    kept = Payment.objects.filter(invoice__firm=firm, cancelled_at=None, day__range=(first, last))
    kept = kept.filter(invoice__kind=Kind.INVOICE, invoice__self_billed=False).order_by("day", "pk")
    with_invoice = kept.select_related("invoice__client", "invoice__series", "invoice__firm", "invoice__frozen")
    found = []
    for part in in_parts(with_invoice.prefetch_related("invoice__lines"), PART):
        sent = journal.sent_documents([payment.invoice for payment in part])
        shares = [(payment, _groups(payment.invoice, sent.get(payment.invoice_id))) for payment in part]
        found += [_collected(payment, of) for payment, of in shares if of]
    return found


def _groups(invoice: Invoice, sent: bytes | None) -> dict[Decimal, Decimal]:
    """By rate, how much of the document, tax included, has tax that falls due when paid; as shares of its total."""
    if sent or not invoice.imported_by:
        written = read_ubl(sent) if sent else document.build(invoice)
        if written.vat_point_date_code != WHEN_PAID:
            return {}
        breakdown = written.vat_breakdown
    elif invoice.firm.vat_on_collection:  # from a table, that says nothing of it
        breakdown = journal.breakdown(invoice, None)
    else:
        return {}
    whole = sum((group.taxable_amount + group.tax_amount for group in breakdown), Decimal(0))
    shares: dict[Decimal, Decimal] = {}
    for group in breakdown:
        if whole and group.category == en.VatCategory.STANDARD:
            rate = plain(group.rate or Decimal(0))
            shares[rate] = shares.get(rate, Decimal(0)) + (group.taxable_amount + group.tax_amount) / whole
    return shares


def _collected(payment: Payment, shares: dict[Decimal, Decimal]) -> Collected:
    invoice = payment.invoice
    lei = payment.amount * (Decimal(1) if invoice.currency == "RON" else invoice.exchange_rate or Decimal(0))
    if invoice.type_code == en.InvoiceType.CREDIT_NOTE and lei > 0:
        lei = -lei
    rates = {}
    for rate, share in shares.items():
        received = totals.rounded(lei * share)
        vat = totals.rounded(received * rate / (100 + rate))
        rates[rate] = (received - vat, vat)
    return Collected(payment, sum((base + vat for base, vat in rates.values()), Decimal(0)), rates)


def sheet(firm: Firm, first: date, last: date) -> Sheet:
    head = [
        _("Data încasării"), _("Documentul"), _("Clientul"), _("CUI"), _("Total document, lei"), _("Încasat, lei"),
        _("Cota, %"), _("Bază exigibilă"), _("TVA exigibilă"),
    ]  # fmt: skip
    return Sheet(_("TVA la încasare"), head, _rows(collected(firm, first, last)))


def _rows(found: list[Collected]) -> Iterator[list[Cell]]:
    for one in found:
        invoice = one.payment.invoice
        for rate, (base, vat) in one.rates.items():
            yield [
                one.payment.day, invoice.label, invoice.client.name, journal.code_of(invoice),
                invoice.net_lei + invoice.vat_lei, base + vat, rate, base, vat,
            ]  # fmt: skip
    yield [
        None, _("Total"), "", "", None, sum((one.received for one in found), Decimal(0)), None,
        sum((one.base for one in found), Decimal(0)), sum((one.vat for one in found), Decimal(0)),
    ]  # fmt: skip

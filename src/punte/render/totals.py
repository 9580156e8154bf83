"""What it comes to: the rows from the sum of the lines to the amount due, and the allowances on the way."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from punte.en16931.model import AllowanceCharge, Invoice, Kind, VatBreakdown, VatCategory

from .wording import Wording

Row = tuple[str, str]
REASONS = {"allowance": "untdid-5189", "charge": "untdid-7161"}


def is_storno(invoice: Invoice) -> bool:
    """An invoice (380) that takes back: quantities and totals negative, prices not (BR-27)."""
    return invoice.kind == Kind.INVOICE and invoice.totals.with_vat < 0


def total_rows(invoice: Invoice, words: Wording) -> Iterator[Row]:
    """The rows above the amount due; a row that would repeat its neighbour is left out."""
    totals = invoice.totals
    # Outside VAT there is one sum under three names; where a document gives three, it shows them all.
    bases = sum((vat.taxable_amount for vat in invoice.vat_breakdown), Decimal(0))
    outside = all(vat.category == VatCategory.OUTSIDE for vat in invoice.vat_breakdown)
    outside = outside and bases == totals.without_vat == totals.with_vat

    def row(key: str, amount: Decimal) -> Row:
        return words.label(key), words.money(amount, invoice.currency)

    if invoice.allowances or invoice.charges:
        yield row("sum_of_lines", totals.line_net_amount)
    for kind, changes in (("allowance", invoice.allowances), ("charge", invoice.charges)):
        for change in changes:
            yield change_row(kind, change, words, invoice.currency)
    if not outside:
        yield row("without_vat", totals.without_vat)
        for vat in invoice.vat_breakdown:
            yield _vat(vat, words), words.money(vat.tax_amount, invoice.currency)
        if len(invoice.vat_breakdown) > 1 and totals.vat is not None:
            yield row("total_vat", totals.vat)
    if totals.with_vat != totals.due_for_payment:
        yield row("total" if outside else "with_vat", totals.with_vat)
    if totals.paid:
        yield row("paid", -totals.paid)
    if totals.rounding:
        yield row("rounding", totals.rounding)


def _vat(vat: VatBreakdown, words: Wording) -> str:
    base = words.amount(vat.taxable_amount)
    if category := words.code("vat_category", vat.category):
        return words.label("vat_category", category=category, base=base)
    rate = vat.category if vat.rate is None else words.percent(vat.rate)
    return words.label("vat_at", rate=rate, base=base)


def due_label(invoice: Invoice, words: Wording) -> str:
    if invoice.kind == Kind.CREDIT_NOTE:
        return words.label("due_credit")
    return words.label("due_storno" if is_storno(invoice) else "due")


def vat_in_accounting_currency(invoice: Invoice, words: Wording) -> Row | None:
    amount, currency = invoice.totals.vat_in_accounting_currency, invoice.vat_accounting_currency
    if amount is None or currency is None or {vat.category for vat in invoice.vat_breakdown} == {VatCategory.OUTSIDE}:
        return None
    name = words.label("vat_in_accounting_currency", currency=words.unit_of_money(currency))
    return name, words.money(amount, currency)


def change_row(kind: str, change: AllowanceCharge, words: Wording, currency: str) -> Row:
    """An allowance with a minus, a charge without: `Reducere 10 % din 500,00 (fidelitate)`, `−50,00 lei`.

    The reason as written, else by its code; the rate of VAT where it stands on the document, not on a line.
    """
    label = words.label(kind)
    if change.percentage is not None:
        share = words.percent(change.percentage)
        if change.base_amount is not None:
            share = words.label("share", percentage=share, base=words.amount(change.base_amount))
        label += f" {share}"
    elif change.base_amount is not None:
        label += f" {words.label('base', base=words.amount(change.base_amount))}"
    reason = change.reason or (change.reason_code and words.entry(REASONS[kind], change.reason_code))
    if reason and reason != words.label(kind):
        label += f" ({reason})"
    if change.vat_rate:
        label += f", {words.label('vat_of_change', rate=words.percent(change.vat_rate))}"
    return label, words.money(-change.amount if kind == "allowance" else change.amount, currency)

"""The page as plain data: every word and number of the human copy, ready to be set; the template only places them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Any

from punte.en16931.model import AllowanceCharge, Identifier, Invoice, Kind, Line, Period, VatBreakdown, VatCategory

from .parties import blocks
from .wording import Wording

Row = tuple[str, str]

PAID_TO_DATE = "432"  # UNTDID 2005, BT-8: VAT becomes due when the buyer pays


def sheet(invoice: Invoice, words: Wording, *, with_xml: bool) -> dict[str, Any]:
    """What the template `invoice.typ` sets, as JSON-ready text, characters that our fonts lack made visible."""
    carried = accumulate(line.net_amount for line in invoice.lines)
    title = _title(invoice, words)
    running = " · ".join(filter(None, (f"{title} {invoice.number}", invoice.seller.name)))
    page = {
        "language": words.locale.language,
        "labels": words.words["label"],
        "title": title,
        "number": _number(invoice.number, words),
        "running": running if len(running) <= 100 else f"{running[:99]}…",  # one line of the page
        "author": invoice.seller.name or "",
        "facts": list(_facts(invoice, words)),
        "parties": blocks(invoice, words),
        "references": list(_references(invoice, words)),
        "vat_column": any(line.vat_category != VatCategory.OUTSIDE for line in invoice.lines),
        "lines": [
            _line(line, invoice.currency, words) | {"carried": words.money(so_far, invoice.currency)}
            for line, so_far in zip(invoice.lines, carried, strict=True)
        ],
        "totals": list(_totals(invoice, words)),
        "due": [_due_label(invoice, words), words.money(invoice.totals.due_for_payment, invoice.currency)],
        "vat_in_accounting_currency": _vat_in_accounting_currency(invoice, words),
        "payment": list(_payment(invoice, words)),
        "mentions": list(_mentions(invoice, words)),
        "documents": [_document(d.reference, d.description, d.location) for d in invoice.supporting_documents],
        "foot": " ".join(
            words.words["legend"][key] for key in ("original", "attached") if key == "original" or with_xml
        ),
    }
    return {key: printable(value) for key, value in page.items()}


def is_storno(invoice: Invoice) -> bool:
    """An invoice (380) that takes back: quantities and totals negative, prices not (BR-27)."""
    return invoice.kind == Kind.INVOICE and invoice.totals.with_vat < 0


def _title(invoice: Invoice, words: Wording) -> str:
    code = "storno" if is_storno(invoice) and invoice.type_code == "380" else invoice.type_code
    return words.code("title", code) or words.code("title", invoice.kind) or code


def _number(number: str, words: Wording) -> str:
    """`Seria DI, numărul 0188` where the number says so itself; any other form is printed as it stands."""
    if match := re.fullmatch(r"([A-Za-z]{1,10}) (\d+)", number):
        return words.label("series_and_number", series=match[1], number=match[2])
    return words.label("number", number=number)


def _facts(invoice: Invoice, words: Wording) -> Iterator[Row]:
    yield words.label("issue_date"), words.date(invoice.issue_date)
    if invoice.due_date:
        yield words.label("due_date"), words.date(invoice.due_date)
    if invoice.delivery and invoice.delivery.actual_date:
        yield words.label("delivery_date"), words.date(invoice.delivery.actual_date)
    if invoice.vat_point_date:
        yield words.label("vat_point_date"), words.date(invoice.vat_point_date)
    if invoice.period and (span := _period(invoice.period, words)):
        yield words.label("period"), span
    yield words.label("currency"), words.currency(invoice.currency)


def _period(period: Period, words: Wording) -> str:
    """`1–30 noiembrie 2026`, `15 octombrie 2026 – 14 noiembrie 2026`, or the one end that is known."""
    start, end = period.start, period.end
    if start and end and (start.year, start.month) == (end.year, end.month) and start < end:
        return f"{start.day}–{words.date(end)}"
    return " – ".join(words.date(day) for day in (start, end) if day)


def _references(invoice: Invoice, words: Wording) -> Iterator[Row]:
    for previous in invoice.preceding_invoices:
        name = previous.number
        if previous.issue_date:
            name = words.label("document_of", number=name, date=words.date(previous.issue_date))
        yield words.label("corrects"), name
    for key, value in (
        ("order", invoice.purchase_order_reference),
        ("contract", invoice.contract_reference),
        ("project", invoice.project_reference),
        ("buyer_reference", invoice.buyer_reference),
        ("sales_order", invoice.sales_order_reference),
        ("despatch_advice", invoice.despatch_advice_reference),
        ("receiving_advice", invoice.receiving_advice_reference),
        ("tender", invoice.tender_or_lot_reference),
        ("object", invoice.object_identifier.value if invoice.object_identifier else None),
        ("accounting", invoice.buyer_accounting_reference),
    ):
        if value:
            yield words.label(key), value


def _line(line: Line, currency: str, words: Wording) -> dict[str, Any]:
    per = line.price.base_quantity
    return {
        "name": line.item.name or "",
        "details": [detail for detail in _details(line, currency, words) if detail],
        "quantity": words.quantity(line.quantity, line.unit),
        "price": words.amount(line.price.net),
        "per": words.label("per_quantity", quantity=words.quantity(per, line.price.base_quantity_unit or line.unit))
        if per is not None and per != 1
        else "",
        "vat": _vat_on_line(line, words),
        "amount": words.amount(line.net_amount),
    }


def _vat_on_line(line: Line, words: Wording) -> str:
    said = words.code("vat_on_line", line.vat_category)
    if said or line.vat_rate is None:
        return said or line.vat_category
    return words.percent(line.vat_rate)


def _details(line: Line, currency: str, words: Wording) -> Iterator[str]:
    item = line.item
    yield item.description or ""
    yield line.note or ""
    yield " · ".join(f"{a.name}: {a.value}" for a in item.attributes)
    yield " · ".join(
        f"{words.label(key)} {value}"
        for key, value in (
            ("sellers_identifier", item.sellers_identifier),
            ("buyers_identifier", item.buyers_identifier),
            ("standard_identifier", item.standard_identifier and item.standard_identifier.value),
            *(("classification", _classification(code)) for code in item.classifications),
            ("origin", item.country_of_origin and words.country(item.country_of_origin)),
            ("line_object", line.object_identifier and line.object_identifier.value),
            ("order_line", line.order_line_reference),
            ("accounting", line.buyer_accounting_reference),
            ("period", line.period and _period(line.period, words)),
        )
        if value
    )
    if line.price.gross is not None and line.price.discount:
        gross, discount = words.amount(line.price.gross), words.amount(line.price.discount)
        yield words.label("gross_price", gross=gross, discount=discount)
    for kind, changes in (("allowance", line.allowances), ("charge", line.charges)):
        for change in changes:
            yield ": ".join(_change(kind, change, words, currency))


def _classification(code: Identifier) -> str:
    # UNTDID 7143: STI is CPV, the common procurement vocabulary; HS the combined nomenclature (NC).
    scheme = {"STI": "CPV", "HS": "NC"}.get(code.scheme or "", code.scheme)
    return f"{scheme} {code.value}" if scheme else code.value


def _change(kind: str, change: AllowanceCharge, words: Wording, currency: str) -> Row:
    """An allowance with a minus, a charge without: `Reducere 10 % din 500,00 (fidelitate)`, `−50,00 lei`."""
    label = words.label(kind)
    if change.percentage is not None:
        share = words.percent(change.percentage)
        if change.base_amount is not None:
            share = words.label("share", percentage=share, base=words.amount(change.base_amount))
        label += f" {share}"
    if change.reason:
        label += f" ({change.reason})"
    return label, words.money(-change.amount if kind == "allowance" else change.amount, currency)


def _totals(invoice: Invoice, words: Wording) -> Iterator[Row]:
    """The rows above the amount due; a row that would repeat its neighbour is left out."""
    totals = invoice.totals
    outside = all(vat.category == VatCategory.OUTSIDE for vat in invoice.vat_breakdown)

    def row(key: str, amount: Decimal) -> Row:
        return words.label(key), words.money(amount, invoice.currency)

    if invoice.allowances or invoice.charges:
        yield row("sum_of_lines", totals.line_net_amount)
    for kind, changes in (("allowance", invoice.allowances), ("charge", invoice.charges)):
        for change in changes:
            yield _change(kind, change, words, invoice.currency)
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


def _due_label(invoice: Invoice, words: Wording) -> str:
    if invoice.kind == Kind.CREDIT_NOTE:
        return words.label("due_credit")
    return words.label("due_storno" if is_storno(invoice) else "due")


def _vat_in_accounting_currency(invoice: Invoice, words: Wording) -> Row | None:
    amount, currency = invoice.totals.vat_in_accounting_currency, invoice.vat_accounting_currency
    if amount is None or currency is None:
        return None
    unit = "lei" if currency == "RON" else currency
    return words.label("vat_in_lei", currency=unit), words.money(amount, currency)


def _payment(invoice: Invoice, words: Wording) -> Iterator[Row]:
    if invoice.payment_terms:
        yield words.label("terms"), invoice.payment_terms
    if not (payment := invoice.payment):
        return
    means = payment.means_text or words.code("means", payment.means_code)
    if means:
        yield words.label("means"), means
    for transfer in payment.credit_transfers:
        account = transfer.account.replace(" ", "")
        iban = re.fullmatch(r"[A-Z]{2}\d{2}[A-Za-z0-9]{11,30}", account)
        grouped = " ".join(account[i : i + 4] for i in range(0, len(account), 4))
        yield words.label("account" if iban else "other_account"), grouped if iban else transfer.account
        if transfer.account_name and transfer.account_name != invoice.seller.name:
            yield words.label("account_name"), transfer.account_name
        if transfer.service_provider:
            yield words.label("provider"), transfer.service_provider
    if payment.card:
        yield words.label("card"), " · ".join(filter(None, (payment.card.account_number, payment.card.holder_name)))
    if payment.direct_debit and payment.direct_debit.mandate_reference:
        yield words.label("mandate"), payment.direct_debit.mandate_reference
    if payment.direct_debit and payment.direct_debit.debited_account:
        yield words.label("debited_account"), payment.direct_debit.debited_account
    if payment.remittance_information:
        yield words.label("remittance"), payment.remittance_information


def _mentions(invoice: Invoice, words: Wording) -> Iterator[str]:
    """The notes as written, the reasons for no VAT, and the legends of art. 319 (20) CF that the codes imply.

    A legend is not added where the seller already wrote it.
    """
    reasons = [vat.exemption_reason for vat in invoice.vat_breakdown if vat.exemption_reason]
    written = list(dict.fromkeys([*(note.text for note in invoice.notes), *reasons]))
    said = _plain(" ".join(written))
    yield from written
    categories = {vat.category for vat in invoice.vat_breakdown}
    seller = invoice.seller
    small = categories == {VatCategory.OUTSIDE} and seller.address.country == "RO" and not seller.vat_identifier
    for applies, legend, sign in (
        (small, "small_business", "310"),
        (VatCategory.REVERSE_CHARGE in categories, "reverse_charge", "taxare inversa"),
        (invoice.vat_point_date_code == PAID_TO_DATE, "cash_accounting", "tva la incasare"),
    ):
        if applies and sign not in said:
            yield words.words["legend"][legend]


def _document(reference: str, description: str | None, location: str | None) -> str:
    return " · ".join(filter(None, (reference, description, location)))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))


def printable(value: Any) -> Any:
    """`value` with each text in NFC and what our fonts cannot show as U+FFFD: PDF/A refuses a missing glyph."""
    if isinstance(value, str):
        return "".join(map(_shown, unicodedata.normalize("NFC", value)))
    if isinstance(value, dict):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value


def _shown(character: str) -> str:
    if character in "\n\u2028\u2029":
        return "\n"
    # Controls and formats go: a bidirectional override could show another amount than the document holds.
    if unicodedata.category(character) in ("Cc", "Cf"):
        return " " if character.isspace() else ""
    if character in _coverage():
        return character
    return " " if character.isspace() else "\ufffd"


@cache
def _coverage() -> frozenset[str]:
    ranges = resources.files(__package__).joinpath("fonts", "coverage.txt").read_text("ascii").split()
    bounds = ((int(first, 16), int(last, 16)) for first, last in (r.split("-") for r in ranges))
    return frozenset(chr(code) for first, last in bounds for code in range(first, last + 1))

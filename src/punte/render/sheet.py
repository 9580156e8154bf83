"""The page as plain data: every word and number of the human copy, ready to be set; the template only places them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from punte.en16931.model import (
    Identifier,
    Invoice,
    Line,
    Period,
    PrecedingInvoice,
    SupportingDocument,
    VatBreakdown,
    VatCategory,
)

from .parties import blocks
from .printable import harmless
from .totals import Row, change_row, due_label, is_storno, total_rows, vat_in_accounting_currency
from .wording import Wording

PROFORMA = "325"  # UNTDID 1001
REVERSE_CHARGE = {"ro": "taxare inv", "en": "reverse charge"}  # how the mention of art. 319 (20) m) CF begins
PAID_TO_DATE = "432"  # UNTDID 2005, BT-8: VAT becomes due when the buyer pays


def sheet(invoice: Invoice, words: Wording, *, with_xml: bool) -> dict[str, Any]:
    """What a page or a terminal shows, as JSON-ready text in its order, without controls."""
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
        "totals": list(total_rows(invoice, words)),
        "due": [due_label(invoice, words), words.money(invoice.totals.due_for_payment, invoice.currency)],
        "vat_in_accounting_currency": vat_in_accounting_currency(invoice, words),
        "payment": list(_payment(invoice, words)),
        "mentions": list(_mentions(invoice, words)),
        "documents": [_document(document) for document in invoice.supporting_documents],
        "foot": " ".join(words.words["legend"][key] for key in _foot(invoice, with_xml)),
    }
    return {key: harmless(value) for key, value in page.items()}


def _foot(invoice: Invoice, with_xml: bool) -> Iterator[str]:
    yield "proforma" if invoice.type_code == PROFORMA else "original"
    if with_xml:
        yield "attached"


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
    if when := words.code("vat_point", invoice.vat_point_date_code or ""):
        yield words.label("vat_point_date"), when
    if invoice.period and (span := _period(invoice.period, words)):
        yield words.label("period"), span
    yield words.label("currency"), words.currency(invoice.currency)


def _period(period: Period, words: Wording) -> str:
    """`1–30 noiembrie 2026`, `15 octombrie 2026 – 14 noiembrie 2026`; with one end alone `din …`, `până la …`."""
    start, end = period.start, period.end
    if start and end:
        if (start.year, start.month) == (end.year, end.month):
            return f"{start.day}–{words.date(end)}"
        return f"{words.date(start)} – {words.date(end)}"
    if start:
        return words.label("from", date=words.date(start))
    return words.label("until", date=words.date(end)) if end else ""


def _references(invoice: Invoice, words: Wording) -> Iterator[Row]:
    # One row for all: a final invoice may name each advance of a year.
    if corrected := "; ".join(filter(None, (_preceding(previous, words) for previous in invoice.preceding_invoices))):
        yield words.label("corrects"), corrected
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


def _preceding(previous: PrecedingInvoice, words: Wording) -> str:
    """`DI 0188 din 22 noiembrie 2026`."""
    if not previous.issue_date:
        return previous.number
    return words.label("document_of", number=previous.number, date=words.date(previous.issue_date)).strip()


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
            yield ": ".join(change_row(kind, change, words, currency))


def _classification(code: Identifier) -> str:
    # UNTDID 7143: STI is CPV, the common procurement vocabulary; HS the combined nomenclature (NC).
    scheme = {"STI": "CPV", "HS": "NC"}.get(code.scheme or "", code.scheme)
    return f"{scheme} {code.value}" if scheme else code.value


def _payment(invoice: Invoice, words: Wording) -> Iterator[Row]:
    if invoice.payment_terms:
        yield words.label("terms"), invoice.payment_terms
    if not (payment := invoice.payment):
        return
    means = payment.means_text or words.code("means", payment.means_code)
    means = means or words.entry("untdid-4461", payment.means_code)
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
    if payment.direct_debit and payment.direct_debit.creditor_identifier:
        yield words.label("creditor"), payment.direct_debit.creditor_identifier
    if payment.direct_debit and payment.direct_debit.debited_account:
        yield words.label("debited_account"), payment.direct_debit.debited_account
    if payment.remittance_information:
        yield words.label("remittance"), payment.remittance_information


def _mentions(invoice: Invoice, words: Wording) -> Iterator[str]:
    """The notes as written, the reasons for no VAT, and the legends of art. 319 (20) CF that the codes imply.

    A legend is not added where the seller already wrote it in the language of the page.
    """
    reasons = filter(None, (_reason(vat, words) for vat in invoice.vat_breakdown))
    written = list(dict.fromkeys([*(note.text for note in invoice.notes), *reasons]))
    yield from written
    said = _plain(" ".join(written))
    categories = {vat.category for vat in invoice.vat_breakdown}
    for applies, legend, sign in (
        (_is_small_business(invoice), "small_business", r"art(\.|icolul)? ?310\b"),
        (VatCategory.REVERSE_CHARGE in categories, "reverse_charge", REVERSE_CHARGE[words.locale.language]),
        (invoice.vat_point_date_code == PAID_TO_DATE, "cash_accounting", "tva la incasare"),
    ):
        if applies and not re.search(sign, said):
            yield words.words["legend"][legend]


def _reason(vat: VatBreakdown, words: Wording) -> str | None:
    """Why there is no VAT, as written; by its code where that is all, save where a legend of ours says it in words."""
    if vat.exemption_reason or vat.category in (VatCategory.OUTSIDE, VatCategory.REVERSE_CHARGE):
        return vat.exemption_reason
    category = words.code("vat_category", vat.category) or vat.category
    return f"{category} ({vat.exemption_reason_code})" if vat.exemption_reason_code else None


def _is_small_business(invoice: Invoice) -> bool:
    """Not registered for VAT, art. 310 CF: nothing but category O, from a Romanian seller without a VAT identifier."""
    seller = invoice.seller
    only_outside = {vat.category for vat in invoice.vat_breakdown} == {VatCategory.OUTSIDE}
    says_why = any(vat.exemption_reason for vat in invoice.vat_breakdown)  # services abroad, outside the scope of VAT
    return only_outside and not says_why and seller.address.country == "RO" and not seller.vat_identifier


def _document(document: SupportingDocument) -> str:
    attached = document.attachment.filename if document.attachment else None
    return " · ".join(filter(None, (document.reference, document.description, attached, document.location)))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))

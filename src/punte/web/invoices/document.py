"""The invoice as a document of EN 16931 and RO_CIUS, made from its rows.

Who takes part: `taking_part`. What it comes to: `amounts`. What a line may be: `regimes`. The facts and their sources:
docs/anaf/document.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils import translation

from punte import en16931
from punte.en16931 import model as en
from punte.web.design import formats

from . import taking_part
from .amounts import case_of, plain, reasons_as_notes, reckon, settle, split, writes_vat
from .models import Adjustment, Invoice, Kind, Line
from .numbering import upcoming_label

__all__ = ["build", "plain", "reckon", "settle", "split", "ubl", "writes_vat"]

CIUS_RO = "urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1"  # BT-24, OMFP 1366/2021
ON_COLLECTION = "TVA la încasare"  # art. 319 (20) p) Cod fiscal
WHEN_PAID = "432"  # UNTDID 2005, BT-8
SELF_BILLED = "Autofactură"  # art. 319 (20) k) Cod fiscal
PROFORMA = "325"  # UNTDID 1001: for the human copy alone, RO_CIUS has no such document

#: Keys of `Invoice.references` → the field of the document.
REFERENCES = {
    "BT-10": "buyer_reference",
    "BT-11": "project_reference",
    "BT-12": "contract_reference",
    "BT-13": "purchase_order_reference",
    "BT-14": "sales_order_reference",
    "BT-15": "receiving_advice_reference",
    "BT-16": "despatch_advice_reference",
    "BT-17": "tender_or_lot_reference",
    "BT-18": "object_identifier",
    "BT-19": "buyer_accounting_reference",
}


def build(
    invoice: Invoice,
    *,
    label: str | None = None,
    lines: Iterable[Line] | None = None,
    adjustments: Iterable[Adjustment] | None = None,
) -> en.Invoice:
    """`invoice` with its totals.

    label  BT-1, where the invoice has no number yet; by default the one it would get now
    lines, adjustments  instead of the saved ones, for an invoice that is still being typed
    """
    rows = list(invoice.lines.all()) if lines is None else list(lines)
    changes = _saved_adjustments(invoice) if adjustments is None else list(adjustments)
    registered, foreign = writes_vat(invoice), invoice.currency != "RON"
    document_lines, amounts, breakdown = reckon(
        rows, registered=registered, adjustments=changes, lei=invoice.exchange_rate if foreign else None
    )
    allowances, charges = split(changes, rows, document_lines)
    categories = {group.category for group in breakdown}
    outside = categories <= {en.VatCategory.OUTSIDE} and (bool(categories) or not registered)
    intra_community = en.VatCategory.INTRA_COMMUNITY in categories
    on_collection = _on_collection(invoice, categories)
    return en.Invoice(
        kind=en.Kind.CREDIT_NOTE if invoice.type_code == en.InvoiceType.CREDIT_NOTE else en.Kind.INVOICE,
        number=label or invoice.label or upcoming_label(invoice.series, invoice.issue_date),
        issue_date=invoice.issue_date,
        type_code=_type_code(invoice),
        currency=invoice.currency,
        vat_accounting_currency="RON" if foreign else None,
        vat_point_date_code=WHEN_PAID if on_collection else None,
        due_date=invoice.due_date,
        notes=tuple(en.Note(text) for text in _notes(invoice, rows, registered, on_collection)),
        specification=CIUS_RO,
        preceding_invoices=tuple(_preceding(invoice, rows)),
        seller=taking_part.seller(invoice, outside=outside),
        buyer=taking_part.buyer(invoice, outside=outside, intra_community=intra_community),
        delivery=_delivery(invoice, intra_community),
        payment=_payment(invoice) if amounts.due_for_payment > 0 else None,
        allowances=allowances,
        charges=charges,
        totals=amounts,
        vat_breakdown=breakdown,
        lines=document_lines,
        **_references(invoice),
    )


def ubl(invoice: Invoice, label: str | None = None) -> bytes:
    """The canonical UBL of `invoice`: the same invoice gives the same bytes."""
    return en16931.write_ubl(build(invoice, label=label))


def _saved_adjustments(invoice: Invoice) -> list[Adjustment]:
    return list(invoice.adjustments.all()) if invoice.pk else []


def _type_code(invoice: Invoice) -> str:
    if invoice.kind == Kind.PROFORMA:
        return PROFORMA
    if invoice.self_billed and invoice.type_code == en.InvoiceType.INVOICE:
        return en.InvoiceType.SELF_BILLED.value
    return invoice.type_code


def _on_collection(invoice: Invoice, categories: set[str]) -> bool:
    """VAT becomes due when it is paid: not for what carries none (art. 282 (6) Cod fiscal)."""
    mine = not invoice.self_billed and invoice.firm.vat_registered and invoice.firm.vat_on_collection
    return mine and en.VatCategory.STANDARD in categories


def _notes(invoice: Invoice, rows: Sequence[Line], registered: bool, on_collection: bool) -> Iterator[str]:
    said = [case_of(row, registered).note for row in rows] or ([] if registered else [case_of(Line(), False).note])
    yield from dict.fromkeys(note for note in said if note)
    yield from reasons_as_notes(rows, registered)
    if invoice.self_billed:
        yield SELF_BILLED
    if on_collection:
        yield ON_COLLECTION
    if invoice.currency != "RON" and invoice.exchange_rate:
        yield _exchange_note(invoice, invoice.exchange_rate)
    if invoice.note:
        yield invoice.note


def _exchange_note(invoice: Invoice, lei: Decimal) -> str:
    """The rate by which VAT was turned into lei, and its day where BNR published it."""
    with translation.override("ro"):  # of the document, whatever the language of the page
        rate = f"1 {invoice.currency} = {formats.number(lei)} lei"
    if invoice.exchange_rate_day is None:
        return f"Curs de schimb: {rate}"
    return f"Curs BNR din {invoice.exchange_rate_day:%d.%m.%Y}: {rate}"


def _preceding(invoice: Invoice, rows: Sequence[Line]) -> Iterator[en.PrecedingInvoice]:
    """BG-3: what is corrected, and each advance that a line deducts, once."""
    named = [invoice.preceding, *(row.advance for row in rows)]
    for one in dict.fromkeys(one for one in named if one is not None):
        yield en.PrecedingInvoice(one.label, one.issue_date)


def _delivery(invoice: Invoice, intra_community: bool) -> en.Delivery | None:
    """BT-72 where the day is another; goods to another member state name their day and where they go (BR-IC-11, 12)."""
    if intra_community:
        there = taking_part.address(invoice.client)
        region = there.subdivision or there.city  # BT-79 is asked for in every country (BR-RO-211), even without one
        return en.Delivery(
            actual_date=invoice.supply_date or invoice.issue_date, address=replace(there, subdivision=region)
        )
    return en.Delivery(actual_date=invoice.supply_date) if invoice.supply_date else None


def _payment(invoice: Invoice) -> en.PaymentInstructions | None:
    """By transfer to the account chosen, else the firm's usual one; of a credit note and of who buys, none of ours."""
    account = invoice.bank_account.iban if invoice.bank_account else invoice.firm.iban
    if not account or invoice.self_billed or invoice.type_code == en.InvoiceType.CREDIT_NOTE:
        return None
    transfer = en.CreditTransfer(account=account, account_name=invoice.firm.name)
    return en.PaymentInstructions(means_code="30", credit_transfers=(transfer,))  # UNTDID 4461: credit transfer


def _references(invoice: Invoice) -> dict[str, Any]:
    found: dict[str, Any] = {
        REFERENCES[term]: str(value).strip()
        for term, value in invoice.references.items()
        if term in REFERENCES and str(value).strip()
    }
    if "object_identifier" in found:
        found["object_identifier"] = en.Identifier(found["object_identifier"])
    return found

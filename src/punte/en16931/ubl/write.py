"""An invoice as UBL 2.1: every business term in its element, in the binding order, always in the same bytes."""

from __future__ import annotations

from typing import Any

from lxml import etree

from ..model import Invoice, Kind, Note, Period, SupportingDocument, Totals
from .document import CAC, CBC, CREDIT_NOTE_NS, INVOICE_NS
from .elements import Aggregate, drop_empty
from .schema import name_of, positions
from .write_lines import OBJECT, write_allowance_charge, write_line
from .write_parties import write_address, write_buyer, write_payee, write_seller, write_tax_representative
from .write_payment import write_payment

NAMESPACES = {Kind.INVOICE: INVOICE_NS, Kind.CREDIT_NOTE: CREDIT_NOTE_NS}
PROJECT = "50"  # UNTDID 1001: a credit note's AdditionalDocumentReference that is its project (BT-11)


def write_ubl(invoice: Invoice) -> bytes:
    """The invoice or credit note as a UBL 2.1 document, UTF-8, indented.

    Canonical: equal invoices give equal bytes. Amounts and prices have at least two decimals, other numbers no more
    than they need; a text is trimmed; an empty group is not written.
    Nothing is checked or rounded: `punte.romania.check` says what ANAF will say of the result.
    Raises ValueError: a number that is none (NaN), or BT-111 without the currency it is in (BT-6).
    """
    kind = Kind(invoice.kind)
    prefixes: dict[Any, str] = {None: NAMESPACES[kind], "cac": CAC, "cbc": CBC}
    root = etree.Element(f"{{{NAMESPACES[kind]}}}{kind}", nsmap=prefixes)
    document = Aggregate(root, invoice.currency)
    _write_header(document, invoice)
    _write_references(document, invoice)
    write_seller(document, invoice)
    write_buyer(document, invoice.buyer)
    write_payee(document, invoice.payee)
    write_tax_representative(document, invoice.tax_representative)
    _write_delivery(document, invoice)
    write_payment(document, invoice)
    for allowance in invoice.allowances:
        write_allowance_charge(document, allowance, charge=False)
    for charge in invoice.charges:
        write_allowance_charge(document, charge, charge=True)
    _write_vat(document, invoice)
    _write_totals(document, invoice.totals)
    for line in invoice.lines:
        write_line(document, line, kind)
    drop_empty(root)
    # The two documents order the same children differently; within one name the order is ours.
    places = positions(f"{kind}Type")
    root[:] = sorted(root, key=lambda child: places[name_of(child.tag)])
    etree.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="UTF-8") + b"\n"


def _write_header(document: Aggregate, invoice: Invoice) -> None:
    document.text("cbc:CustomizationID", invoice.specification)
    document.text("cbc:ProfileID", invoice.business_process)
    document.text("cbc:ID", invoice.number)
    document.date("cbc:IssueDate", invoice.issue_date)
    document.text(f"cbc:{Kind(invoice.kind)}TypeCode", invoice.type_code)
    if invoice.kind == Kind.INVOICE:  # a credit note has it in PaymentMeans
        document.date("cbc:DueDate", invoice.due_date)
    for note in invoice.notes:
        document.text("cbc:Note", _note_text(note))
    document.date("cbc:TaxPointDate", invoice.vat_point_date)
    document.text("cbc:DocumentCurrencyCode", invoice.currency)
    document.text("cbc:TaxCurrencyCode", invoice.vat_accounting_currency)
    document.text("cbc:AccountingCost", invoice.buyer_accounting_reference)
    document.text("cbc:BuyerReference", invoice.buyer_reference)
    period, given = document.child("cac:InvoicePeriod"), invoice.period or Period()
    period.date("cbc:StartDate", given.start)
    period.date("cbc:EndDate", given.end)
    period.text("cbc:DescriptionCode", invoice.vat_point_date_code)


def _note_text(note: Note) -> str:
    """UBL has no place for the subject code; EN 16931 puts it before the text."""
    return f"#{note.subject_code}#{note.text}" if note.subject_code else note.text


def _write_references(document: Aggregate, invoice: Invoice) -> None:
    order = document.child("cac:OrderReference")
    # UBL requires the buyer's order number; where only the seller's is known, EN 16931 syntax writes NA.
    order.text("cbc:ID", invoice.purchase_order_reference or (invoice.sales_order_reference and "NA"))
    order.text("cbc:SalesOrderID", invoice.sales_order_reference)
    for preceding in invoice.preceding_invoices:
        reference = document.child("cac:BillingReference").child("cac:InvoiceDocumentReference")
        reference.text("cbc:ID", preceding.number)
        reference.date("cbc:IssueDate", preceding.issue_date)
    for name, value in (
        ("cac:DespatchDocumentReference", invoice.despatch_advice_reference),
        ("cac:ReceiptDocumentReference", invoice.receiving_advice_reference),
        ("cac:OriginatorDocumentReference", invoice.tender_or_lot_reference),
        ("cac:ContractDocumentReference", invoice.contract_reference),
    ):
        document.child(name).text("cbc:ID", value)
    if invoice.object_identifier:
        reference = document.child("cac:AdditionalDocumentReference")
        reference.identifier("cbc:ID", invoice.object_identifier)
        reference.text("cbc:DocumentTypeCode", OBJECT)
    if invoice.kind == Kind.INVOICE:
        document.child("cac:ProjectReference").text("cbc:ID", invoice.project_reference)
    elif invoice.project_reference:  # a UBL credit note has no ProjectReference
        reference = document.child("cac:AdditionalDocumentReference")
        reference.text("cbc:ID", invoice.project_reference)
        reference.text("cbc:DocumentTypeCode", PROJECT)
    for supporting in invoice.supporting_documents:
        _write_supporting_document(document.child("cac:AdditionalDocumentReference"), supporting)


def _write_supporting_document(reference: Aggregate, supporting: SupportingDocument) -> None:
    reference.text("cbc:ID", supporting.reference)
    reference.text("cbc:DocumentDescription", supporting.description)
    attachment = reference.child("cac:Attachment")
    if (file := supporting.attachment) is not None:
        attachment.binary(
            "cbc:EmbeddedDocumentBinaryObject", file.content, mimeCode=file.mime_code, filename=file.filename
        )
    attachment.child("cac:ExternalReference").text("cbc:URI", supporting.location)


def _write_delivery(document: Aggregate, invoice: Invoice) -> None:
    if (given := invoice.delivery) is None:
        return
    delivery = document.child("cac:Delivery")
    delivery.date("cbc:ActualDeliveryDate", given.actual_date)
    location = delivery.child("cac:DeliveryLocation")
    location.identifier("cbc:ID", given.location)
    if given.address is not None:
        write_address(location.child("cac:Address"), given.address)
    delivery.child("cac:DeliveryParty").child("cac:PartyName").text("cbc:Name", given.name)


def _write_vat(document: Aggregate, invoice: Invoice) -> None:
    vat = document.child("cac:TaxTotal")
    vat.amount("cbc:TaxAmount", invoice.totals.vat)
    for group in invoice.vat_breakdown:
        subtotal = vat.child("cac:TaxSubtotal")
        subtotal.amount("cbc:TaxableAmount", group.taxable_amount)
        subtotal.amount("cbc:TaxAmount", group.tax_amount)
        category = subtotal.child("cac:TaxCategory")
        category.text("cbc:ID", group.category)
        category.number("cbc:Percent", group.rate)
        category.text("cbc:TaxExemptionReasonCode", group.exemption_reason_code)
        category.text("cbc:TaxExemptionReason", group.exemption_reason)
        category.tax_scheme()
    if (amount := invoice.totals.vat_in_accounting_currency) is not None:
        if not invoice.vat_accounting_currency:
            raise ValueError("the VAT in accounting currency (BT-111) needs that currency (BT-6)")
        document.child("cac:TaxTotal").amount("cbc:TaxAmount", amount, invoice.vat_accounting_currency)


def _write_totals(document: Aggregate, given: Totals) -> None:
    totals = document.child("cac:LegalMonetaryTotal")
    totals.amount("cbc:LineExtensionAmount", given.line_net_amount)
    totals.amount("cbc:TaxExclusiveAmount", given.without_vat)
    totals.amount("cbc:TaxInclusiveAmount", given.with_vat)
    totals.amount("cbc:AllowanceTotalAmount", given.allowances)
    totals.amount("cbc:ChargeTotalAmount", given.charges)
    totals.amount("cbc:PrepaidAmount", given.paid)
    totals.amount("cbc:PayableRoundingAmount", given.rounding)
    totals.amount("cbc:PayableAmount", given.due_for_payment)

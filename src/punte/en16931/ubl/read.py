"""A UBL 2.1 invoice or credit note as values, and the names of what those values do not hold."""

from __future__ import annotations

import re

from lxml import etree

from ..model import (
    Attachment,
    Delivery,
    Invoice,
    Kind,
    Note,
    PrecedingInvoice,
    SupportingDocument,
    Totals,
    VatBreakdown,
)
from .document import parse
from .read_lines import read_allowances_charges, read_line, read_period, tax_category
from .read_parties import (
    read_address,
    read_buyer,
    read_creditor_identifier,
    read_payee,
    read_seller,
    read_tax_representative,
)
from .read_payment import read_due_date_of_credit_note, read_payment
from .received import ABSENT, Received
from .write import PROJECT
from .write_lines import OBJECT
from .write_payment import NOT_GIVEN

SUBJECT = re.compile(r"#([A-Z0-9]{3})#(.*)", re.DOTALL)  # BT-21 before the text of a note


def read_ubl(xml: bytes) -> Invoice:
    """The invoice or credit note in a UBL 2.1 document, whatever prefixes it uses.

    Texts are trimmed and absent ones None; a required text that is absent is the empty string, since a received
    document may be wrong. `unmodelled` names what is not kept.
    Raises NotUbl: not such a document. UnreadableUbl (a NotUbl): a needed date or number is missing, or is none.
    """
    return _read(Received(parse(xml)).take())


def unmodelled(xml: bytes) -> tuple[str, ...]:
    """The paths of the elements and attributes which `read_ubl` does not keep, in the order of the document.

    >>> unmodelled(xml)  # doctest: +SKIP
    ('/Invoice/cbc:UUID', '/Invoice/cac:InvoiceLine[2]/cbc:ID/@schemeName')
    Raises as `read_ubl` does.
    """
    document = Received(parse(xml)).take()
    _read(document)
    return tuple(document.left())


def _read(document: Received) -> Invoice:
    kind = Kind(etree.QName(document.element).localname)
    document.holds("cbc:UBLVersionID", "2.1")
    currency = document.text("cbc:DocumentCurrencyCode") or ""
    accounting_currency = document.text("cbc:TaxCurrencyCode")
    order = document.one("cac:OrderReference")
    sales_order = order.text("cbc:SalesOrderID")
    only_sales_order = sales_order is not None and order.holds("cbc:ID", NOT_GIVEN)
    period = document.one("cac:InvoicePeriod")
    is_invoice = kind == Kind.INVOICE
    creditor_identifier = read_creditor_identifier(document) if document.see("cac:PaymentMeans") else None
    totals, breakdown = _vat_and_totals(document, currency, accounting_currency)
    return Invoice(
        kind=kind,
        number=document.text("cbc:ID") or "",
        issue_date=document.needed_date("cbc:IssueDate"),
        type_code=document.text(f"cbc:{kind}TypeCode") or "",
        currency=currency,
        vat_accounting_currency=accounting_currency,
        vat_point_date=document.date("cbc:TaxPointDate"),
        vat_point_date_code=period.text("cbc:DescriptionCode"),
        due_date=document.date("cbc:DueDate") if is_invoice else read_due_date_of_credit_note(document),
        buyer_reference=document.text("cbc:BuyerReference"),
        project_reference=document.text("cac:ProjectReference", "cbc:ID")
        if is_invoice
        else _typed_reference(document, PROJECT).text("cbc:ID"),
        contract_reference=document.text("cac:ContractDocumentReference", "cbc:ID"),
        purchase_order_reference=None if only_sales_order else order.text("cbc:ID"),
        sales_order_reference=sales_order,
        receiving_advice_reference=document.text("cac:ReceiptDocumentReference", "cbc:ID"),
        despatch_advice_reference=document.text("cac:DespatchDocumentReference", "cbc:ID"),
        tender_or_lot_reference=document.text("cac:OriginatorDocumentReference", "cbc:ID"),
        object_identifier=_typed_reference(document, OBJECT).identifier("cbc:ID"),
        buyer_accounting_reference=document.text("cbc:AccountingCost"),
        payment_terms=document.text("cac:PaymentTerms", "cbc:Note"),
        notes=tuple(_note(text) for note in document.each("cbc:Note") if (text := note.take().content())),
        business_process=document.text("cbc:ProfileID"),
        specification=document.text("cbc:CustomizationID") or "",
        preceding_invoices=tuple(
            PrecedingInvoice(reference.text("cbc:ID") or "", reference.date("cbc:IssueDate"))
            for billing in document.each("cac:BillingReference")
            for reference in billing.take().each("cac:InvoiceDocumentReference")
            if reference.take().see("cbc:ID").content() or reference.see("cbc:IssueDate").content()
        ),
        seller=read_seller(document),
        buyer=read_buyer(document),
        payee=read_payee(document),
        tax_representative=read_tax_representative(document),
        delivery=_delivery(document),
        period=read_period(document),
        payment=read_payment(document, creditor_identifier),
        allowances=read_allowances_charges(document, currency, charge=False),
        charges=read_allowances_charges(document, currency, charge=True),
        totals=totals,
        vat_breakdown=breakdown,
        supporting_documents=_supporting_documents(document, kind),
        lines=tuple(read_line(line.take(), kind, currency) for line in document.each(f"cac:{kind}Line")),
    )


def _note(text: str) -> Note:
    matched = SUBJECT.fullmatch(text)
    return Note(matched[2], matched[1]) if matched else Note(text)


def _typed_reference(document: Received, type_code: str) -> Received:
    for reference in document.each("cac:AdditionalDocumentReference"):
        if reference.holds("cbc:DocumentTypeCode", type_code):
            return reference.take()
    return ABSENT


def _supporting_documents(document: Received, kind: Kind) -> tuple[SupportingDocument, ...]:
    other = {OBJECT} if kind == Kind.INVOICE else {OBJECT, PROJECT}
    documents = []
    for reference in document.each("cac:AdditionalDocumentReference"):
        if reference.see("cbc:DocumentTypeCode").content() in other or not reference.content():
            continue
        attachment = reference.take().one("cac:Attachment")
        file = attachment.one("cbc:EmbeddedDocumentBinaryObject")
        documents.append(
            SupportingDocument(
                reference=reference.text("cbc:ID") or "",
                description=reference.text("cbc:DocumentDescription"),
                location=attachment.text("cac:ExternalReference", "cbc:URI"),
                attachment=_attachment(file) if file else None,
            )
        )
    return tuple(documents)


def _attachment(file: Received) -> Attachment:
    return Attachment(
        content=file.binary(), mime_code=file.attribute("mimeCode") or "", filename=file.attribute("filename") or ""
    )


def _delivery(document: Received) -> Delivery | None:
    element = document.one("cac:Delivery")
    location = element.one("cac:DeliveryLocation")
    delivery = Delivery(
        name=element.text("cac:DeliveryParty", "cac:PartyName", "cbc:Name"),
        location=location.identifier("cbc:ID"),
        actual_date=element.date("cbc:ActualDeliveryDate"),
        address=read_address(location.one("cac:Address")),
    )
    return None if delivery == Delivery() else delivery


def _vat_and_totals(
    document: Received, currency: str, accounting_currency: str | None
) -> tuple[Totals, tuple[VatBreakdown, ...]]:
    """UBL has one TaxTotal in the invoice currency, with the breakdown, and perhaps one in the accounting currency."""
    tax_totals = list(document.each("cac:TaxTotal"))
    vat = next((each for each in tax_totals if _currency(each) in (None, currency)), ABSENT).take()
    others = (each for each in tax_totals if each is not vat and _currency(each) == accounting_currency)
    accounting = next(others, ABSENT) if accounting_currency else ABSENT
    sums = document.one("cac:LegalMonetaryTotal")
    totals = Totals(
        line_net_amount=sums.needed_amount("cbc:LineExtensionAmount", currency),
        allowances=sums.amount("cbc:AllowanceTotalAmount", currency),
        charges=sums.amount("cbc:ChargeTotalAmount", currency),
        without_vat=sums.needed_amount("cbc:TaxExclusiveAmount", currency),
        vat=vat.amount("cbc:TaxAmount", currency),
        vat_in_accounting_currency=accounting.take().amount("cbc:TaxAmount", accounting_currency),
        with_vat=sums.needed_amount("cbc:TaxInclusiveAmount", currency),
        paid=sums.amount("cbc:PrepaidAmount", currency),
        rounding=sums.amount("cbc:PayableRoundingAmount", currency),
        due_for_payment=sums.needed_amount("cbc:PayableAmount", currency),
    )
    return totals, tuple(_vat_group(subtotal.take(), currency) for subtotal in vat.each("cac:TaxSubtotal"))


def _currency(tax_total: Received) -> str | None:
    return tax_total.see("cbc:TaxAmount").said("currencyID")


def _vat_group(subtotal: Received, currency: str) -> VatBreakdown:
    category = tax_category(subtotal, "cac:TaxCategory")
    return VatBreakdown(
        taxable_amount=subtotal.needed_amount("cbc:TaxableAmount", currency),
        tax_amount=subtotal.needed_amount("cbc:TaxAmount", currency),
        category=category.text("cbc:ID") or "",
        rate=category.number("cbc:Percent"),
        exemption_reason=category.text("cbc:TaxExemptionReason"),
        exemption_reason_code=category.text("cbc:TaxExemptionReasonCode"),
    )

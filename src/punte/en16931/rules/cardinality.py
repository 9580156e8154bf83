"""What may occur once (UBL-SR), and what an attachment must carry (UBL-DT-06, 07)."""

from __future__ import annotations

from .family import Family
from .nodes import Document, Node

SELLER = "cac:AccountingSupplierParty/cac:Party"
BUYER = "cac:AccountingCustomerParty/cac:Party"

family = Family()

# the document
family.at_most("UBL-SR-01", "BT-12", "cac:ContractDocumentReference/cbc:ID")
family.at_most("UBL-SR-02", "BT-15", "cac:ReceiptDocumentReference/cbc:ID")
family.at_most("UBL-SR-03", "BT-16", "cac:DespatchDocumentReference/cbc:ID")
family.at_most("UBL-SR-05", "BT-20", "cac:PaymentTerms/cbc:Note")
family.at_most("UBL-SR-08", "BG-14", "cac:InvoicePeriod")
family.at_most("UBL-SR-09", "BT-27", f"{SELLER}/cac:PartyLegalEntity/cbc:RegistrationName")
family.at_most("UBL-SR-10", "BT-28", f"{SELLER}/cac:PartyName/cbc:Name")
family.at_most("UBL-SR-11", "BT-30", f"{SELLER}/cac:PartyLegalEntity/cbc:CompanyID")
family.at_most("UBL-SR-14", "BT-33", f"{SELLER}/cac:PartyLegalEntity/cbc:CompanyLegalForm")
family.at_most("UBL-SR-15", "BT-44", f"{BUYER}/cac:PartyLegalEntity/cbc:RegistrationName")
family.at_most("UBL-SR-16", "BT-46", f"{BUYER}/cac:PartyIdentification/cbc:ID")
family.at_most("UBL-SR-17", "BT-47", f"{BUYER}/cac:PartyLegalEntity/cbc:CompanyID")
family.at_most("UBL-SR-24", "BG-13", "cac:Delivery")
family.at_most("UBL-SR-39", "BT-11", "cac:ProjectReference/cbc:ID")
family.at_most("UBL-SR-40", "BT-45", f"{BUYER}/cac:PartyName/cbc:Name")
family.at_most("UBL-SR-45", "BT-9", "cac:PaymentMeans/cbc:PaymentDueDate")
family.at_most("UBL-SR-49", "BT-8", "cac:InvoicePeriod/cbc:DescriptionCode")

# parts of it
family.at_most("UBL-SR-06", "BG-3", "cac:InvoiceDocumentReference")
family.present("UBL-SR-07", "BT-25", "cac:InvoiceDocumentReference/cbc:ID")
family.at_most("UBL-SR-22", "BT-62", "cac:Party/cac:PartyName/cbc:Name")  # UBL has no Party there
family.at_most("UBL-SR-23", "BT-63", "cac:Party/cac:PartyTaxScheme/cbc:CompanyID")
family.at_most("UBL-SR-25", "BT-70", "cac:DeliveryParty/cac:PartyName/cbc:Name")
family.at_most("UBL-SR-26", "BT-83", "cbc:PaymentID")
family.at_most("UBL-SR-27", "BT-81", "cbc:PaymentMeansCode")
family.at_most("UBL-SR-28", "BT-89", "cac:PaymentMandate/cbc:ID")
family.at_most("UBL-SR-30", "BT-97", "cbc:AllowanceChargeReason")
family.at_most("UBL-SR-31", "BT-104", "cbc:AllowanceChargeReason")
family.at_most("UBL-SR-32", "BT-120", "cac:TaxCategory/cbc:TaxExemptionReason")
family.at_most("UBL-SR-33", "BT-123", "cbc:DocumentDescription")
family.at_most("UBL-SR-42", "BT-31", "cac:PartyTaxScheme", limit=2)

# the line
family.at_most("UBL-SR-34", "BT-127", "cbc:Note")
family.at_most("UBL-SR-35", "BT-132", "cac:OrderLineReference/cbc:LineID")
family.at_most("UBL-SR-36", "BG-26", "cac:InvoicePeriod")
family.at_most("UBL-SR-37", "BT-147", "cac:Price/cac:AllowanceCharge/cbc:Amount")
family.at_most("UBL-SR-50", "BT-154", "cac:Item/cbc:Description")

# an attached file
family.has_attribute("UBL-DT-06", "BT-125", "mimeCode")
family.has_attribute("UBL-DT-07", "BT-125", "filename")


@family.rule("UBL-SR-04", term="BT-18", within=("cac:AdditionalDocumentReference",))
def one_invoiced_object(document: Node, _: Document) -> bool:
    """130 marks the reference to what is invoiced (UNTDID 1001)."""
    references = [
        reference
        for reference in document.select("cac:AdditionalDocumentReference")
        if any(code.text == "130" for code in reference.select("cbc:DocumentTypeCode"))
    ]
    return sum(len(reference.select("cbc:ID")) for reference in references) <= 1


def _registrations(document: Node, party: str, *, vat: bool) -> int:
    """Identifiers of registrations for VAT, or for another scheme. The scheme is upper-cased and not trimmed here."""
    count = 0
    for registration in document.select(party, "cac:Party", "cac:PartyTaxScheme"):
        schemes = [scheme.text_of("cbc:ID").upper() for scheme in registration.select("cac:TaxScheme")]
        if any((scheme == "VAT") == vat for scheme in schemes):
            count += len(registration.select("cbc:CompanyID"))
    return count


@family.rule("UBL-SR-12", term="BT-31", within=(SELLER,))
def one_vat_identifier_of_the_seller(document: Node, _: Document) -> bool:
    return _registrations(document, "cac:AccountingSupplierParty", vat=True) <= 1


@family.rule("UBL-SR-13", term="BT-32", within=(SELLER,))
def one_tax_registration_of_the_seller(document: Node, _: Document) -> bool:
    return _registrations(document, "cac:AccountingSupplierParty", vat=False) <= 1


@family.rule("UBL-SR-18", term="BT-48", within=(BUYER,))
def one_vat_identifier_of_the_buyer(document: Node, _: Document) -> bool:
    return _registrations(document, "cac:AccountingCustomerParty", vat=True) <= 1


def _is_creditor_identifier(identifier: Node) -> bool:
    return identifier.attributes.get("schemeID", "").upper() == "SEPA"


@family.rule("UBL-SR-29", term="BT-90")
def one_bank_assigned_creditor_identifier(_: Node, document: Document) -> bool:
    parties = document.anywhere("cac:PartyIdentification")
    return sum(_is_creditor_identifier(identifier) for party in parties for identifier in party.select("cbc:ID")) <= 1


@family.rule("UBL-SR-43", term="BT-122", field="cbc:DocumentTypeCode")
def supporting_document_has_no_other_type(reference: Node, document: Document) -> bool:
    """130 is the invoiced object, 50 the project of a credit note; a supporting document has no type at all.

    The official test also forbids an attribute `scheme` of the identifier, which UBL does not have."""
    codes = [code.text for code in reference.select("cbc:DocumentTypeCode")]
    if "130" in codes or ("50" in codes and document.is_credit_note):
        return True
    return not codes and not any("scheme" in identifier.attributes for identifier in reference.select("cbc:ID"))


@family.rule("UBL-SR-44", term="BT-83")
def one_remittance_information(_: Node, document: Document) -> bool:
    return len({payment.text for payment in document.anywhere("cbc:PaymentID")}) <= 1


@family.rule("UBL-SR-46", term="BT-82", by_markup=True)
def one_payment_means_text(document: Node, _: Document) -> bool:
    codes = document.select("cac:PaymentMeans", "cbc:PaymentMeansCode")
    return sum("name" in code.attributes for code in codes) <= 1


@family.rule("UBL-SR-47", term="BT-81")
def one_payment_means_code(_: Node, document: Document) -> bool:
    return len({code.text for code in document.anywhere("cbc:PaymentMeansCode")}) <= 1


@family.rule("UBL-SR-48", term="BG-30", by_names=True)
def one_vat_category_a_line(line: Node, _: Document) -> bool:
    return len(line.select("cac:Item", "cac:ClassifiedTaxCategory")) == 1


def _is_named_otherwise_than_the_seller(payee: Node, document: Document) -> bool:
    """The payee's name differs from the seller's (BT-27); without either the three rules fire together."""
    seller = ("cac:AccountingSupplierParty", "cac:Party", "cac:PartyLegalEntity", "cbc:RegistrationName")
    sellers = document.texts(payee.parent or payee, *seller)
    names = {name.text for name in payee.select("cac:PartyName", "cbc:Name")}
    return bool(names and sellers) and len(names | sellers) > 1


@family.rule("UBL-SR-19", term="BT-59", field="cac:PartyName/cbc:Name")
def one_payee_name(payee: Node, document: Document) -> bool:
    return len(payee.select("cac:PartyName", "cbc:Name")) <= 1 and _is_named_otherwise_than_the_seller(payee, document)


@family.rule("UBL-SR-20", term="BT-60")
def one_payee_identifier(payee: Node, document: Document) -> bool:
    """The creditor identifier is not counted."""
    identifiers = payee.select("cac:PartyIdentification", "cbc:ID")
    counted = sum(not _is_creditor_identifier(identifier) for identifier in identifiers)
    return counted <= 1 and _is_named_otherwise_than_the_seller(payee, document)


@family.rule("UBL-SR-21", term="BT-61")
def one_payee_registration(payee: Node, document: Document) -> bool:
    registrations = payee.select("cac:PartyLegalEntity", "cbc:CompanyID")
    return len(registrations) <= 1 and _is_named_otherwise_than_the_seller(payee, document)

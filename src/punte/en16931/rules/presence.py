"""What an invoice must hold (BR-01 to BR-67 and the BR-CO rules of presence)."""

from __future__ import annotations

from .categories import is_vat, is_vat_by_its_one_scheme
from .family import Family
from .nodes import Document, Node
from .values import double, trim

SELLER = "cac:AccountingSupplierParty/cac:Party"
BUYER = "cac:AccountingCustomerParty/cac:Party"

family = Family()

# the document
family.filled("BR-01", "BT-24", "cbc:CustomizationID")
family.filled("BR-02", "BT-1", "cbc:ID")
family.filled("BR-03", "BT-2", "cbc:IssueDate")
family.filled("BR-05", "BT-5", "cbc:DocumentCurrencyCode")
family.filled("BR-06", "BT-27", f"{SELLER}/cac:PartyLegalEntity/cbc:RegistrationName")
family.filled("BR-07", "BT-44", f"{BUYER}/cac:PartyLegalEntity/cbc:RegistrationName")
family.present("BR-08", "BG-5", f"{SELLER}/cac:PostalAddress")
family.present("BR-10", "BG-8", f"{BUYER}/cac:PostalAddress")
family.present("BR-16", "BG-25", "cac:InvoiceLine", "cac:CreditNoteLine")
family.present("BR-CO-18", "BG-23", "cac:TaxTotal/cac:TaxSubtotal")
family.at_most("BR-66", "BG-18", "cac:PaymentMeans/cac:CardAccount")
family.at_most("BR-67", "BG-19", "cac:PaymentMeans/cac:PaymentMandate")

# the totals
family.present("BR-12", "BT-106", "cbc:LineExtensionAmount")
family.present("BR-13", "BT-109", "cbc:TaxExclusiveAmount")
family.present("BR-14", "BT-112", "cbc:TaxInclusiveAmount")
family.present("BR-15", "BT-115", "cbc:PayableAmount")

# the parties
family.filled("BR-09", "BT-40", "cac:Country/cbc:IdentificationCode")
family.filled("BR-11", "BT-55", "cac:Country/cbc:IdentificationCode")
family.has_attribute("BR-62", "BT-34", "schemeID")
family.has_attribute("BR-63", "BT-49", "schemeID")
family.filled("BR-18", "BT-62", "cac:PartyName/cbc:Name")
family.present("BR-19", "BG-12", "cac:PostalAddress")
family.filled("BR-20", "BT-69", "cac:Country/cbc:IdentificationCode")
family.present("BR-57", "BT-80", "cac:Country/cbc:IdentificationCode")

# the line
family.filled("BR-21", "BT-126", "cbc:ID")
family.present("BR-22", "BT-129", "cbc:InvoicedQuantity", "cbc:CreditedQuantity")
family.present("BR-24", "BT-131", "cbc:LineExtensionAmount")
family.filled("BR-25", "BT-153", "cac:Item/cbc:Name")
family.present("BR-26", "BT-146", "cac:Price/cbc:PriceAmount")
family.has_attribute("BR-64", "BT-157", "schemeID")
family.has_attribute("BR-65", "BT-158", "listID")

# allowances and charges; the reason is asked for twice
REASON = ("cbc:AllowanceChargeReason", "cbc:AllowanceChargeReasonCode")
for amount, amount_term, reason, again, reason_term in (
    ("BR-31", "BT-92", "BR-33", "BR-CO-21", "BT-97"),
    ("BR-36", "BT-99", "BR-38", "BR-CO-22", "BT-104"),
    ("BR-41", "BT-136", "BR-42", "BR-CO-23", "BT-139"),
    ("BR-43", "BT-141", "BR-44", "BR-CO-24", "BT-144"),
):
    family.present(amount, amount_term, "cbc:Amount")
    family.present(reason, reason_term, *REASON)
    family.present(again, reason_term, *REASON)

# the VAT breakdown
family.present("BR-45", "BT-116", "cbc:TaxableAmount")
family.present("BR-46", "BT-117", "cbc:TaxAmount")

# references and payment
family.filled("BR-52", "BT-122", "cbc:ID")
family.present("BR-55", "BT-25", "cac:InvoiceDocumentReference/cbc:ID")
family.present("BR-49", "BT-81", "cbc:PaymentMeansCode")
family.filled("BR-50", "BT-84", "cbc:ID")


@family.rule("BR-04", term="BT-3", within=("cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode"))
def document_has_a_type_code(document: Node, _: Document) -> bool:
    return any(
        code.text for name in ("cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode") for code in document.select(name)
    )


@family.rule("BR-23", term="BT-130", by_markup=True)
def quantity_has_a_unit(line: Node, _: Document) -> bool:
    for name in ("cbc:InvoicedQuantity", "cbc:CreditedQuantity"):
        for quantity in line.select(name):
            if "unitCode" in quantity.attributes:
                return True
    return False


@family.rule("BR-32", term="BT-95")
@family.rule("BR-37", term="BT-102")
@family.rule("BR-47", term="BT-118", within=("cac:TaxCategory",))
def has_a_vat_category_code(holder: Node, _: Document) -> bool:
    return any(is_vat(category) and category.has("cbc:ID") for category in holder.select("cac:TaxCategory"))


@family.rule("BR-48", term="BT-119", within=("cac:TaxCategory",))
def breakdown_has_a_rate_unless_outside_vat(row: Node, _: Document) -> bool:
    categories = [category for category in row.select("cac:TaxCategory") if is_vat(category)]
    return any(category.has("cbc:Percent") for category in categories) or any(
        trim(category.text_of("cbc:ID")) == "O" for category in categories
    )


@family.rule("BR-CO-04", term="BT-151", within=("cac:Item/cac:ClassifiedTaxCategory",))
def line_has_a_vat_category_code(line: Node, _: Document) -> bool:
    for category in line.select("cac:Item", "cac:ClassifiedTaxCategory"):
        if is_vat_by_its_one_scheme(category) and category.has("cbc:ID"):
            return True
    return False


@family.rule("BR-51", term="BT-87", field="cbc:PrimaryAccountNumberID", warning=True)
def card_number_is_cut_to_its_last_digits(card: Node, _: Document) -> bool:
    return len(card.text_of("cbc:PrimaryAccountNumberID")) <= 10


@family.rule("BR-54", term="BG-32", by_names=True)
def item_attribute_has_name_and_value(attribute: Node, _: Document) -> bool:
    return attribute.has("cbc:Name") and attribute.has("cbc:Value")


@family.rule("BR-56", term="BT-63")
def tax_representative_has_a_vat_identifier(representative: Node, _: Document) -> bool:
    registrations = representative.select("cac:PartyTaxScheme")
    return any(is_vat_by_its_one_scheme(found) and found.has("cbc:CompanyID") for found in registrations)


@family.rule("BR-61", term="BT-84", field="cac:PayeeFinancialAccount/cbc:ID")
def credit_transfer_names_an_account(payment: Node, _: Document) -> bool:
    """30 is a credit transfer, 58 a SEPA one (UNTDID 4461)."""
    if trim(payment.text_of("cbc:PaymentMeansCode")) not in ("30", "58"):
        return True
    return payment.has("cac:PayeeFinancialAccount", "cbc:ID")


@family.rule("BR-CO-25", term="BT-9")
def due_date_or_terms_when_something_is_due(amount: Node, document: Document) -> bool:
    due = double(amount.text)
    if due > 0:
        terms = document.anywhere("cac:PaymentTerms")
        return bool(document.anywhere("cbc:DueDate")) or any(term.has("cbc:Note") for term in terms)
    return due <= 0  # false for NaN


@family.rule("BR-CO-26", term="BT-31", by_words=True)
def seller_can_be_identified(seller: Node, _: Document) -> bool:
    registrations = seller.select("cac:Party", "cac:PartyTaxScheme")
    return (
        any(is_vat(registration) and registration.has("cbc:CompanyID") for registration in registrations)
        or seller.has("cac:Party", "cac:PartyIdentification", "cbc:ID")
        or seller.has("cac:Party", "cac:PartyLegalEntity", "cbc:CompanyID")
    )


@family.rule("BR-CO-19", term="BG-14", by_names=True)
def period_says_something(period: Node, _: Document) -> bool:
    return period.has("cbc:StartDate") or period.has("cbc:EndDate") or period.has("cbc:DescriptionCode")


@family.rule("BR-CO-20", term="BG-26", by_names=True)
def line_period_has_a_date(period: Node, _: Document) -> bool:
    return period.has("cbc:StartDate") or period.has("cbc:EndDate")

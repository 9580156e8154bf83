"""Codes are of their lists (BR-CL): trimmed, with case, as whole words."""

from __future__ import annotations

from ..codelists import codes
from .family import Family
from .nodes import Document, Node
from .values import trim

CURRENCIES = codes("currency-iso4217")
COUNTRIES = codes("country-iso3166-1")
UNITS = codes("unece-rec20-21")
IDENTIFICATION_SCHEMES = codes("icd-iso6523")
INVOICE_TYPES = codes("untdid-1001-invoice")
CREDIT_NOTE_TYPES = codes("untdid-1001-creditnote")
EXEMPTION_REASONS = codes("vatex")
MIME_TYPES = codes("mime")
NOTE_SUBJECTS = f" {' '.join(sorted(codes('untdid-4451')))} "

family = Family()

family.coded("BR-CL-04", "BT-5", CURRENCIES)
family.coded("BR-CL-05", "BT-6", CURRENCIES)
family.coded("BR-CL-06", "BT-8", codes("untdid-2005"))
family.coded_attribute("BR-CL-07", "BT-18", "schemeID", codes("untdid-1153"))
family.coded_attribute("BR-CL-11", "BT-30", "schemeID", IDENTIFICATION_SCHEMES)
family.coded_attribute("BR-CL-13", "BT-158", "listID", codes("untdid-7143"))
family.coded("BR-CL-14", "BT-40", COUNTRIES)
family.coded("BR-CL-15", "BT-159", COUNTRIES)
family.coded("BR-CL-16", "BT-81", codes("untdid-4461"))
family.coded("BR-CL-17", "BT-118", codes("untdid-5305"))
family.coded("BR-CL-18", "BT-151", codes("untdid-5305"))
family.coded("BR-CL-19", "BT-98", codes("untdid-5189"))
family.coded("BR-CL-20", "BT-105", codes("untdid-7161"))
family.coded_attribute("BR-CL-21", "BT-157", "schemeID", IDENTIFICATION_SCHEMES)
family.coded_attribute("BR-CL-25", "BT-34", "schemeID", codes("eas"))
family.coded_attribute("BR-CL-26", "BT-71", "schemeID", IDENTIFICATION_SCHEMES)


@family.rule("BR-CL-01", term="BT-3", by_words=True)
def type_code(code: Node, _: Document) -> bool:
    types = INVOICE_TYPES if code.name == "cbc:InvoiceTypeCode" else CREDIT_NOTE_TYPES
    return trim(code.text) in types


@family.rule("BR-CL-03", term=None)
def currency_of_an_amount(amount: Node, _: Document) -> bool:
    """Every amount has a currency, and its code is of ISO 4217."""
    return trim(amount.attributes.get("currencyID", "")) in CURRENCIES


@family.rule("BR-CL-08", term="BT-21")
def subject_of_a_note(note: Node, __: Document) -> bool:
    """`#AAI#text`: the code between the first two signs, when it has three characters. Anything else passes."""
    before, sign, _ = note.text.partition("#")[2].partition("#")
    return not sign or len(before) != 3 or before in NOTE_SUBJECTS


@family.rule("BR-CL-10", term="BT-29")
def scheme_of_a_party_identifier(identifier: Node, _: Document) -> bool:
    """ISO 6523, or SEPA for the bank's identifier of a creditor: the seller or the payee."""
    scheme = trim(identifier.attributes["schemeID"])
    if scheme == "SEPA":
        return any(above.name in ("cac:AccountingSupplierParty", "cac:PayeeParty") for above in identifier.ancestors())
    return scheme in IDENTIFICATION_SCHEMES


@family.rule("BR-CL-22", term="BT-121")
def exemption_reason(code: Node, _: Document) -> bool:
    """Lower case is accepted."""
    return trim(code.text.upper()) in EXEMPTION_REASONS


@family.rule("BR-CL-23", term="BT-130")
def unit_of_a_quantity(quantity: Node, _: Document) -> bool:
    return trim(quantity.attributes["unitCode"]) in UNITS


@family.rule("BR-CL-24", term="BT-125")
def kind_of_an_attachment(attachment: Node, _: Document) -> bool:
    """Compared to the letter, untrimmed."""
    return attachment.attributes["mimeCode"] in MIME_TYPES

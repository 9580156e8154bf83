"""What Romania asks of the document: its kind, number, currency, the parties' identifiers (BR-RO-001 to 065, 120)."""

from __future__ import annotations

from typing import Final

from punte.en16931.codelists import codes, entries
from punte.en16931.rules.family import Family
from punte.en16931.rules.nodes import Document, Node
from punte.en16931.rules.values import at_least_zero, trim

SPECIFICATION: Final = "urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1"

#: VAT categories of those who answer for VAT: all but O and B
WITH_VAT: Final = frozenset({"S", "Z", "E", "AE", "K", "G", "L", "M"})

family = Family()


def _allowed(types: str) -> frozenset[str]:
    """The type codes of a list that RO_CIUS allows."""
    return frozenset(code for code, entry in entries(types).items() if entry["cius_ro"] == "yes")


family.coded("BR-RO-020_1", "BT-3", _allowed("untdid-1001-invoice"))
family.coded("BR-RO-020_2", "BT-3", _allowed("untdid-1001-creditnote"))
family.coded("BR-RO-040", "BT-8", codes("untdid-2005"))
family.at_most("BR-RO-A020", "BT-22", "cbc:Note", limit=20)
family.at_most("BR-RO-A500", "BG-3", "cac:InvoiceDocumentReference", limit=500)


@family.rule("BR-RO-001", term="BT-24", field="cbc:CustomizationID", text=lambda text: text == SPECIFICATION)
def follows_ro_cius(document: Node, _: Document) -> bool:
    """To the letter, untrimmed."""
    return any(identifier.text == SPECIFICATION for identifier in document.select("cbc:CustomizationID"))


def _has_digit(text: str) -> bool:
    return not set(text).isdisjoint("0123456789")


@family.rule("BR-RO-010", term="BT-1", field="cbc:ID", text=_has_digit)
def number_has_a_digit(document: Node, _: Document) -> bool:
    return _has_digit(document.text_of("cbc:ID"))


@family.rule(
    "BR-RO-030",
    term="BT-6",
    field="cbc:TaxCurrencyCode",
    within=("cbc:DocumentCurrencyCode", "cbc:TaxCurrencyCode"),
)
def vat_is_accounted_in_lei(document: Node, _: Document) -> bool:
    """The invoice is in RON, or its VAT accounting currency is."""
    return "RON" in (trim(document.text_of("cbc:DocumentCurrencyCode")), trim(document.text_of("cbc:TaxCurrencyCode")))


@family.rule("BR-27", term="BT-146", text=at_least_zero)
def price_is_not_negative(price: Node, _: Document) -> bool:
    """Any price, also the gross price of an item; in EN 16931 the rule speaks of the line."""
    return at_least_zero(price.text)


def _concerns_vat(document: Node) -> bool:
    """A category with VAT is used by a document allowance or charge, or by an invoice line.

    Credit note lines are not looked at, codes are not trimmed, the indicator is compared as text; the scheme of
    an allowance must be written VAT and stand after the code, that of a charge is not looked at."""
    for item in document.select("cac:AllowanceCharge"):
        indicators = {indicator.text for indicator in item.select("cbc:ChargeIndicator")}
        for category in item.select("cac:TaxCategory"):
            coded = any(code.text in WITH_VAT for code in category.select("cbc:ID"))
            if coded and ("true" in indicators or ("false" in indicators and _scheme_follows(category))):
                return True
    return any(
        code.text in WITH_VAT
        for code in document.select("cac:InvoiceLine", "cac:Item", "cac:ClassifiedTaxCategory", "cbc:ID")
    )


def _scheme_follows(category: Node) -> bool:
    """A scheme written VAT stands after a code with VAT."""
    order = {element: position for position, element in enumerate(category.element)}
    first_code = min(order[code.element] for code in category.select("cbc:ID") if code.text in WITH_VAT)
    return any(
        order[scheme.element] > first_code
        for scheme in category.select("cac:TaxScheme")
        if any(identifier.text == "VAT" for identifier in scheme.select("cbc:ID"))
    )


@family.rule("BR-RO-065", term="BT-31", field="cac:AccountingSupplierParty")
def seller_is_registered(document: Node, _: Document) -> bool:
    """The seller, or the tax representative, has a tax identifier (BT-31, BT-32, BT-63)."""
    seller = ("cac:AccountingSupplierParty", "cac:Party", "cac:PartyTaxScheme", "cbc:CompanyID")
    return (
        any(trim(identifier.text) for identifier in document.select(*seller))
        or document.has("cac:TaxRepresentativeParty", "cac:PartyTaxScheme", "cbc:CompanyID")
        or not _concerns_vat(document)
    )


@family.rule("BR-RO-120", term="BT-47", field="cac:AccountingCustomerParty")
def buyer_is_registered(document: Node, _: Document) -> bool:
    """The buyer has a legal or a tax identifier (BT-47, BT-48); an empty legal one is enough."""
    buyer = ("cac:AccountingCustomerParty", "cac:Party")
    return (
        document.has(*buyer, "cac:PartyLegalEntity", "cbc:CompanyID")
        or any(trim(found.text) for found in document.select(*buyer, "cac:PartyTaxScheme", "cbc:CompanyID"))
        or not _concerns_vat(document)
    )

"""Terms that must agree: parties, prices, periods, currencies, VAT identifiers (BR-17, 27 to 30, 53, BR-CO-03, 09)."""

from __future__ import annotations

from ..codelists import codes
from .family import Family
from .nodes import Document, Node
from .values import SEVERAL, NoVerdict, at_least_zero, day

family = Family()

VAT_PREFIXES = f" {' '.join(sorted(codes('vat-id-prefix')))} "


@family.rule("BR-17", term="BT-59", field="cac:PartyName/cbc:Name")
def payee_is_not_the_seller(payee: Node, document: Document) -> bool:
    """Compared with the seller's trading name (BT-28) and identifiers (BT-29); UBL-SR-19 compares with BT-27."""
    above = payee.parent or payee
    names = {name.text for name in payee.select("cac:PartyName", "cbc:Name")}
    ids = {identifier.text for identifier in payee.select("cac:PartyIdentification", "cbc:ID")}
    seller = ("cac:AccountingSupplierParty", "cac:Party")
    return (
        bool(names)
        and names.isdisjoint(document.texts(above, *seller, "cac:PartyName", "cbc:Name"))
        and ids.isdisjoint(document.texts(above, *seller, "cac:PartyIdentification", "cbc:ID"))
    )


@family.rule("BR-27", term="BT-146", field="cac:Price/cbc:PriceAmount", text=at_least_zero)
def net_price_is_not_negative(line: Node, _: Document) -> bool:
    return any(at_least_zero(price.text) for price in line.select("cac:Price", "cbc:PriceAmount"))


@family.rule("BR-28", term="BT-148", field="cac:Price/cac:AllowanceCharge/cbc:BaseAmount", limit=True)
def gross_price_is_not_negative(line: Node, _: Document) -> bool:
    prices = line.select("cac:Price", "cac:AllowanceCharge", "cbc:BaseAmount")
    return any(at_least_zero(price.text) for price in prices)


@family.rule("BR-29", term="BT-74", field="cbc:EndDate", limit=True)
@family.rule("BR-30", term="BT-135", field="cbc:EndDate", limit=True)
def period_ends_after_it_starts(period: Node, _: Document) -> bool:
    starts, ends = period.select("cbc:StartDate"), period.select("cbc:EndDate")
    if not starts or not ends:
        return True
    if len(starts) > 1 or len(ends) > 1:
        raise NoVerdict(SEVERAL, "cbc:StartDate")
    return day(ends[0].text) >= day(starts[0].text)


@family.rule("BR-53", term="BT-111")
def vat_total_in_the_accounting_currency(document: Node, whole: Document) -> bool:
    currencies = [currency.text for currency in document.select("cbc:TaxCurrencyCode")]
    if not currencies:
        return True
    stated = {
        amount.attributes.get("currencyID")
        for total in whole.anywhere("cac:TaxTotal")
        for amount in total.select("cbc:TaxAmount")
    }
    return all(currency in stated for currency in currencies)


@family.rule("BR-CO-03", term="BT-7", field="cbc:TaxPointDate", by_names=True)
def tax_point_is_a_date_or_a_code(document: Node, _: Document) -> bool:
    return not (document.has("cbc:TaxPointDate") and document.has("cac:InvoicePeriod", "cbc:DescriptionCode"))


@family.rule("BR-CO-09", term="BT-31", field="cbc:CompanyID", by_words=True)
def vat_identifier_begins_with_a_country(registration: Node, _: Document) -> bool:
    """The official test looks for two characters in a list written with blanks: `R`, `A ` and nothing at all pass."""
    return registration.text_of("cbc:CompanyID")[:2] in VAT_PREFIXES

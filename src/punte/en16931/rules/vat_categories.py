"""The rules of each VAT category (BR-S, Z, E, AE, IC, G, IG, IP, O, B): ten sentences shared by nine categories.

Each category has a code, a family of ids, and the answers to a few questions; where the official set departs from
the shared sentence for one category, the departure stands by itself below with its reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .arithmetic import amount, is_vat_of
from .family import Family
from .logic import all_hold, any_holds
from .nodes import Document, Node
from .usage import Category, Usage, facts, usage
from .values import NOT_A_VALUE, SEVERAL, NoVerdict, at_least_zero, double

Parties = Callable[[Usage], bool]


def _seller_registered(use: Usage) -> bool:
    return use.seller_registered or use.representative_has_vat_identifier


def _seller_has_vat(use: Usage) -> bool:
    return any_holds(lambda: use.seller_has_vat_identifier, lambda: use.representative_has_vat_identifier)


def _reverse_charge(use: Usage) -> bool:
    return all_hold(
        lambda: _seller_registered(use),
        lambda: any_holds(lambda: use.buyer_has_vat_identifier, lambda: use.buyer_legally_registered),
    )


def _both_have_vat(use: Usage) -> bool:
    return all_hold(lambda: _seller_has_vat(use), lambda: use.buyer_has_vat_identifier)


def _nobody_has_vat(use: Usage) -> bool:
    return not any_holds(lambda: _seller_has_vat(use), lambda: use.buyer_has_vat_identifier)


@dataclass(frozen=True, slots=True)
class VatCategory:
    """A VAT category (UNTDID 5305) and what the norm asks of it."""

    #: prefix of the ids
    family: str
    code: str
    #: what must be known of the parties
    parties: Parties
    #: what the rate must be: above 0, 0, at least 0, or absent
    rate: Literal["> 0", "= 0", ">= 0", "none"]
    #: an exemption reason must, or must not, be given
    reason: bool
    #: VAT is counted and compared by rate, less than 1 off; or is 0, with sums compared exactly
    taxed: bool = False


CATEGORIES = (
    VatCategory("BR-AE", "AE", _reverse_charge, "= 0", reason=True),  # reverse charge
    VatCategory("BR-E", "E", _seller_registered, "= 0", reason=True),  # exempt
    VatCategory("BR-G", "G", _seller_has_vat, "= 0", reason=True),  # export outside the EU
    VatCategory("BR-IC", "K", _both_have_vat, "= 0", reason=True),  # intra-Community supply
    VatCategory("BR-IG", "L", _seller_registered, ">= 0", reason=False, taxed=True),  # IGIC, Canary Islands
    VatCategory("BR-IP", "M", _seller_registered, ">= 0", reason=False, taxed=True),  # IPSI, Ceuta and Melilla
    VatCategory("BR-O", "O", _nobody_has_vat, "none", reason=True),  # not subject to VAT
    VatCategory("BR-S", "S", _seller_registered, "> 0", reason=False, taxed=True),  # standard rate
    VatCategory("BR-Z", "Z", _seller_registered, "= 0", reason=False),  # zero rate
)

family = Family()


def _uses(categories: tuple[Category, ...], code: str) -> bool:
    for category in categories:  # noqa: SIM110 - asked of each category for each of many rules
        if category.code == code and category.vat:
            return True
    return False


def _rows(use: Usage, code: str) -> int:
    return sum(category.vat and category.code == code for category in use.of_breakdown)


def _rate_holds(kind: VatCategory, category: Node) -> bool:
    match kind.rate:
        case "none":
            return not category.has("cbc:Percent")
        case "= 0":
            return amount(category, "cbc:Percent") == 0
        case "> 0":
            return any(double(rate.text) > 0 for rate in category.select("cbc:Percent"))
        case ">= 0":
            return any(at_least_zero(rate.text) for rate in category.select("cbc:Percent"))


def _reason_holds(kind: VatCategory, category: Node) -> bool:
    given = category.has("cbc:TaxExemptionReason") or category.has("cbc:TaxExemptionReasonCode")
    return given == kind.reason


def _taxable_holds(kind: VatCategory, category: Node, document: Document) -> bool:
    """-08: the taxable amount (BT-116) is what lines, charges and allowances of the category come to."""
    row = category.parent or category
    use = usage(document)
    if kind.taxed:
        return _taxable_at_rate_holds(kind, category, row, document)
    return any(
        amount(row, "cbc:TaxableAmount") == use.taxable(kind.code, name)
        for name in ("cac:InvoiceLine", "cac:CreditNoteLine")
        if document.anywhere(name)
    )


def _taxable_at_rate_holds(kind: VatCategory, category: Node, row: Node, document: Document) -> bool:
    """By rate, less than 1 off. The 1 is added in binary floating point, as the official set does:
    2.30 against 1.30 passes, 2.00 against 1.00 fails."""
    rate = amount(category, "cbc:Percent")
    if rate is None:
        return True
    use = usage(document)
    for name in ("cac:InvoiceLine", "cac:CreditNoteLine"):
        # S asks for a line, allowance or charge of this very rate; the others for any line at all
        used = rate in use.rates_used(kind.code, name) if kind.code == "S" else bool(document.anywhere(name))
        if used:
            expected = use.taxable_at_rates(kind.code, name).get(rate, Decimal(0))
            below, above = _one_off(row, -1), _one_off(row, 1)
            if below is not None and above is not None and below < expected < above:
                return True
    return False


def _one_off(row: Node, one: int) -> Decimal | None:
    taxable = row.select("cbc:TaxableAmount")
    if len(taxable) > 1:
        raise NoVerdict(SEVERAL, "cbc:TaxableAmount")
    if not taxable:
        return None
    moved = Decimal(double(taxable[0].text) + one)
    if not moved.is_finite():
        raise NoVerdict(NOT_A_VALUE, taxable[0].text)
    return moved


def _vat_holds(kind: VatCategory, category: Node) -> bool:
    """-09: the VAT of the row (BT-117) is taxable amount * rate, or 0."""
    row = category.parent or category
    vat = amount(row, "cbc:TaxAmount")
    if not kind.taxed:
        return vat == 0
    rate, taxable = amount(category, "cbc:Percent"), amount(row, "cbc:TaxableAmount")
    return rate is not None and is_vat_of(vat, taxable, rate)


def _in_breakdown(kind: VatCategory) -> Callable[[Node, Document], bool]:
    """-01: a category that is used has its row in the VAT breakdown."""
    code = kind.code

    def exactly_one_row(_: Node, document: Document) -> bool:
        use = usage(document)
        return not _uses(use.anywhere, code) or _rows(use, code) == 1

    def rows_if_used(_: Node, document: Document) -> bool:
        """For the taxed categories: a row, or several (one a rate), if and only if the category is used."""
        use = usage(document)
        used = any(
            category.code == code and (category.vat or code == "S")  # S: whatever the scheme
            for category in use.of_lines + use.of_allowances_and_charges
        )
        rows = use.of_breakdown
        if not used:
            return not any(category.code == code and (category.vat or code == "S") for category in rows)
        match code:
            case "S":
                return any(category.code == code for category in rows)
            case "L":  # untrimmed, whatever the scheme
                return any(category.raw == code for category in rows)
            case _:  # untrimmed
                return any(category.raw == code and category.vat for category in rows)

    return rows_if_used if kind.taxed else exactly_one_row


def _line_parties(kind: VatCategory) -> Callable[[Node, Document], bool]:
    """-02: who must be identified when a line has the category."""

    def holds(_: Node, document: Document) -> bool:
        use = usage(document)
        if kind.code == "S" and any(category.code == "S" for category in use.of_lines) and not _uses(use.of_lines, "S"):
            return False  # every line with S has another scheme than VAT
        return not _uses(use.of_lines, kind.code) or kind.parties(use)

    return holds


def _item_parties(kind: VatCategory, *, charge: bool) -> Callable[[Node, Document], bool]:
    """-03, -04: the same for an allowance, for a charge; of any level, but for O of the document alone."""

    def holds(_: Node, document: Document) -> bool:
        use = usage(document)
        if kind.code == "O":
            items = use.of_document_charges if charge else use.of_document_allowances
        else:
            items = use.of_charges if charge else use.of_allowances
        if kind.code == "L" and charge:  # this one asks for the code untrimmed
            items = tuple(category for category in items if category.raw == "L")
        return not _uses(items, kind.code) or kind.parties(use)

    return holds


def _register(kind: VatCategory) -> None:
    prefix = kind.family
    family.add(f"{prefix}-01", "BT-118", _in_breakdown(kind), given=facts)
    family.add(f"{prefix}-02", "BT-151", _line_parties(kind), given=facts)
    family.add(f"{prefix}-03", "BT-95", _item_parties(kind, charge=False), given=facts)
    family.add(f"{prefix}-04", "BT-102", _item_parties(kind, charge=True), given=facts)
    for number, term in (("05", "BT-152"), ("06", "BT-96"), ("07", "BT-103")):
        family.add(
            f"{prefix}-{number}", term, lambda category, _: _rate_holds(kind, category), "cbc:Percent", by_words=True
        )
    family.add(f"{prefix}-08", "BT-116", lambda category, document: _taxable_holds(kind, category, document))
    family.add(f"{prefix}-09", "BT-117", lambda category, _: _vat_holds(kind, category))
    family.add(f"{prefix}-10", "BT-120", lambda category, _: _reason_holds(kind, category))


for category_kind in CATEGORIES:
    _register(category_kind)


def _has_row(document: Document, code: str) -> bool:
    return _rows(usage(document), code) > 0


@family.rule("BR-IC-11", term="BT-72", field="cac:Delivery/cbc:ActualDeliveryDate")
def intra_community_supply_has_a_day(document: Node, whole: Document) -> bool:
    if not _has_row(whole, "K"):
        return True
    return any_holds(
        lambda: any(period.children for period in document.select("cac:InvoicePeriod")),
        lambda: len(document.text_of("cac:Delivery", "cbc:ActualDeliveryDate")) > 1,
    )


@family.rule("BR-IC-12", term="BT-80", field="cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country")
def intra_community_supply_has_a_country(document: Node, whole: Document) -> bool:
    if not _has_row(whole, "K"):
        return True
    address = ("cac:Delivery", "cac:DeliveryLocation", "cac:Address")
    return len(document.text_of(*address, "cac:Country", "cbc:IdentificationCode")) > 1


def _outside_vat_alone(of: Callable[[Usage], tuple[Category, ...]]) -> Callable[[Node, Document], bool]:
    """A document with a row of category O uses no other category."""

    def holds(_: Node, document: Document) -> bool:
        use = usage(document)
        return not _has_row(document, "O") or not any(category.vat and category.code != "O" for category in of(use))

    return holds


family.add("BR-O-11", "BT-118", _outside_vat_alone(lambda use: use.of_breakdown), given=facts)
family.add("BR-O-12", "BT-151", _outside_vat_alone(lambda use: use.of_lines), given=facts)
family.add("BR-O-13", "BT-95", _outside_vat_alone(lambda use: use.of_allowances), given=facts)
family.add("BR-O-14", "BT-102", _outside_vat_alone(lambda use: use.of_charges), given=facts)


def _split_payment(document: Document) -> bool:
    """Category B, Italian split payment, is used somewhere; the code untrimmed, the scheme not looked at."""
    return any(category.raw == "B" for category in usage(document).anywhere)


@family.rule("BR-B-01", term="BT-151")
def split_payment_is_italian(_: Node, document: Document) -> bool:
    countries = document.anywhere("cbc:IdentificationCode")
    return not _split_payment(document) or all(country.text == "IT" for country in countries)


def _split_payment_excludes_standard_rate(_: Node, document: Document) -> bool:
    return not _split_payment(document) or all(category.raw != "S" for category in usage(document).anywhere)


family.add("BR-B-02", "BT-151", _split_payment_excludes_standard_rate, given=facts)

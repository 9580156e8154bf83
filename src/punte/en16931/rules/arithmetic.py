"""Sums (BR-CO-10 to BR-CO-17): totals from lines, amounts due from totals. Exact, to the cent, halves towards +∞."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from .categories import is_allowance, is_charge, is_vat
from .family import Family
from .nodes import Document, Node
from .values import HUNDRED, SEVERAL, NoVerdict, decimal, round2, round_whole

ZERO = Decimal(0)

family = Family()


def amount(node: Node, name: str) -> Decimal | None:
    """The amount that the one child of a name is, None when it is missing. Raises NoVerdict: no number, or several."""
    word = node.word(name)
    return None if word is None else decimal(word)


def total(nodes: Iterable[Node], name: str) -> Decimal:
    """The sum of the amounts of some elements; those without the amount are skipped."""
    words = [word for node in nodes if (word := node.word(name)) is not None]
    return sum(map(decimal, words), ZERO)


@family.rule("BR-CO-10", term="BT-106", field="cbc:LineExtensionAmount")
def line_total_is_the_sum_of_lines(totals: Node, document: Document) -> bool:
    stated = amount(totals, "cbc:LineExtensionAmount")
    if "lines" not in document.memo:
        lines = (*document.anywhere("cac:InvoiceLine"), *document.anywhere("cac:CreditNoteLine"))
        document.memo["lines"] = round2(total(lines, "cbc:LineExtensionAmount"))
    return bool(stated == document.memo["lines"])


@family.rule("BR-CO-11", term="BT-107", field="cbc:AllowanceTotalAmount")
def allowance_total_is_the_sum_of_allowances(totals: Node, document: Document) -> bool:
    return _is_sum_beside(totals, "cbc:AllowanceTotalAmount", is_allowance, document)


@family.rule("BR-CO-12", term="BT-108", field="cbc:ChargeTotalAmount")
def charge_total_is_the_sum_of_charges(totals: Node, document: Document) -> bool:
    return _is_sum_beside(totals, "cbc:ChargeTotalAmount", is_charge, document)


def _is_sum_beside(totals: Node, name: str, kind: Callable[[Node], bool], document: Document) -> bool:
    """The total is the sum of the allowances, or charges, that stand beside it; it may be missing with them."""
    stated = amount(totals, name)
    above = totals.parent or totals
    if (above, kind) not in document.memo:
        document.memo[above, kind] = [item for item in above.select("cac:AllowanceCharge") if kind(item)]
    items: list[Node] = document.memo[above, kind]
    if stated is None:
        return not items
    if (above, name) not in document.memo:
        document.memo[above, name] = round2(total(items, "cbc:Amount"))
    return bool(stated == document.memo[above, name])


@family.rule("BR-CO-13", term="BT-109", field="cbc:TaxExclusiveAmount")
def total_without_vat(totals: Node, _: Document) -> bool:
    """Lines + charges - allowances. Without either, equality is exact; the official set rounds otherwise."""
    stated, lines = amount(totals, "cbc:TaxExclusiveAmount"), amount(totals, "cbc:LineExtensionAmount")
    charges, allowances = amount(totals, "cbc:ChargeTotalAmount"), amount(totals, "cbc:AllowanceTotalAmount")
    if stated is None or lines is None:
        return False
    if charges is None and allowances is None:
        return stated == lines
    return stated == round2(lines + (charges or ZERO) - (allowances or ZERO))


@family.rule("BR-CO-14", term="BT-110", field="cbc:TaxAmount")
def vat_total_is_the_sum_of_the_breakdown(vat_total: Node, _: Document) -> bool:
    rows = vat_total.select("cac:TaxSubtotal")
    return not rows or amount(vat_total, "cbc:TaxAmount") == round2(total(rows, "cbc:TaxAmount"))


@family.rule("BR-CO-15", term="BT-112", field="cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount")
def total_with_vat(document: Node, _: Document) -> bool:
    """Total without VAT + the one VAT total in the invoice currency; in each, where several are named."""
    stated: dict[str, list[list[Node]]] = {node.text: [] for node in document.select("cbc:DocumentCurrencyCode")}
    for vat_total in document.select("cac:TaxTotal"):
        here: dict[str, list[Node]] = {}
        for vat in vat_total.select("cbc:TaxAmount"):
            if "currencyID" in vat.attributes:
                here.setdefault(vat.attributes["currencyID"], []).append(vat)
        for currency in here.keys() & stated.keys():
            stated[currency].append(here[currency])
    totals: tuple[Decimal | None, set[Decimal]] | None = None
    for vat_totals in stated.values():
        if any(len(several) > 1 for several in vat_totals):
            raise NoVerdict(SEVERAL, "cbc:TaxAmount")
        amounts = [decimal(only.text) for (only,) in vat_totals]
        if len(amounts) != 1:
            return False
        totals = without, with_vat = totals or _totals(document)
        if without is None or round2(without + amounts[0]) not in with_vat:
            return False
    return True


def _totals(document: Node) -> tuple[Decimal | None, set[Decimal]]:
    """The total without VAT (BT-109), and those with it (BT-112)."""
    totals = document.select("cac:LegalMonetaryTotal")
    without = [value for item in totals if (value := amount(item, "cbc:TaxExclusiveAmount")) is not None]
    with_vat = {value for item in totals if (value := amount(item, "cbc:TaxInclusiveAmount")) is not None}
    if len(without) > 1:
        raise NoVerdict(SEVERAL, "cac:LegalMonetaryTotal")
    return (without[0] if without else None), with_vat


@family.rule("BR-CO-16", term="BT-115", field="cbc:PayableAmount")
def amount_due(totals: Node, _: Document) -> bool:
    """Total with VAT - paid + rounding."""
    due, with_vat = amount(totals, "cbc:PayableAmount"), amount(totals, "cbc:TaxInclusiveAmount")
    paid, rounding = amount(totals, "cbc:PrepaidAmount"), amount(totals, "cbc:PayableRoundingAmount")
    if due is None or with_vat is None:
        return False
    if rounding is None:
        return due == (with_vat if paid is None else round2(with_vat - paid))
    return round2(due - rounding) == (with_vat if paid is None else round2(with_vat - paid))


@family.rule("BR-CO-17", term="BT-117", field="cbc:TaxAmount")
def vat_of_a_row_within_one_unit(row: Node, _: Document) -> bool:
    """Taxable amount * rate, less than 1 away, signs ignored. A rate that rounds to 0 wants a tax that rounds to 0."""
    rates = [
        rate
        for category in row.select("cac:TaxCategory")
        if is_vat(category) and (rate := amount(category, "cbc:Percent")) is not None
    ]
    if len(rates) > 1:
        raise NoVerdict(SEVERAL, "cbc:Percent")
    vat = amount(row, "cbc:TaxAmount")
    if not rates or round_whole(rates[0]) == 0:
        return vat is not None and round_whole(vat) == 0
    return is_vat_of(vat, amount(row, "cbc:TaxableAmount"), rates[0])


def is_vat_of(vat: Decimal | None, taxable: Decimal | None, rate: Decimal) -> bool:
    """Less than 1 between the VAT stated and taxable amount * rate; signs ignored."""
    if vat is None or taxable is None:
        return False
    expected = round2(abs(taxable) * rate / HUNDRED)
    return abs(vat) - 1 < expected < abs(vat) + 1

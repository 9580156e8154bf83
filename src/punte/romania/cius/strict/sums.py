"""Sums of lines, discounts and prices that no official rule does: a wrong one changes what the buyer is asked to pay.

A stated amount may be any rounding of the exact one to the cent: it differs from it by less than 0.01.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from punte.en16931.rules.arithmetic import ZERO, amount, total
from punte.en16931.rules.categories import is_allowance, is_charge
from punte.en16931.rules.family import Family
from punte.en16931.rules.nodes import Document, Node
from punte.en16931.rules.values import CENT, HUNDRED, decimal

ONE: Final = Decimal(1)

family = Family()


def _quantity(line: Node) -> Node | None:
    return line.one("cbc:InvoicedQuantity") or line.one("cbc:CreditedQuantity")


@family.rule("PUNTE-BASE-QUANTITY", term="BT-149", field="cac:Price/cbc:BaseQuantity")
def base_quantity_measures_the_quantity(line: Node, _: Document) -> bool:
    """The price is for more than zero units, and of the unit of the quantity (BT-149, BT-150 = BT-130)."""
    quantity, base = _quantity(line), line.one("cac:Price", "cbc:BaseQuantity")
    if quantity is None or base is None:
        return True
    unit = quantity.attributes.get("unitCode")
    return decimal(base.text) > 0 and base.attributes.get("unitCode", unit) == unit


def _of_price(line: Node, name: str) -> Decimal | None:
    found = line.one("cac:Price", name)
    return None if found is None else decimal(found.text)


@family.rule("PUNTE-LINE-AMOUNT", term="BT-131", field="cbc:LineExtensionAmount")
def line_amount_is_quantity_times_price(line: Node, _: Document) -> bool:
    """BT-131 = quantity BT-129 * price BT-146 / base quantity BT-149 - allowances BT-136 + charges BT-141."""
    quantity, price = _quantity(line), _of_price(line, "cbc:PriceAmount")
    stated, base = amount(line, "cbc:LineExtensionAmount"), _of_price(line, "cbc:BaseQuantity")
    per = ONE if base is None else base
    if quantity is None or price is None or stated is None or per <= 0:
        return True  # BR-22, BR-26, BR-24 and PUNTE-BASE-QUANTITY say so
    items = line.select("cac:AllowanceCharge")
    exact = decimal(quantity.text) * price / per
    exact -= total((item for item in items if is_allowance(item)), "cbc:Amount")
    exact += total((item for item in items if is_charge(item)), "cbc:Amount")
    return abs(stated - exact) < CENT


@family.rule("PUNTE-PRICE", term="BT-146", field="cbc:PriceAmount")
def price_is_the_gross_price_less_the_discount(price: Node, _: Document) -> bool:
    """BT-146 = BT-148 - BT-147, exactly: prices may have any number of decimals, so none is rounded away."""
    net, discount = amount(price, "cbc:PriceAmount"), price.one("cac:AllowanceCharge")
    gross = amount(discount, "cbc:BaseAmount") if discount and not is_charge(discount) else None
    if net is None or discount is None or gross is None:
        return True
    return net == gross - (amount(discount, "cbc:Amount") or ZERO)


def _is_its_share_of_the_base(item: Node, _: Document) -> bool:
    """Amount = base amount * percentage, where both stand. A percentage with decimals may itself be a rounded one."""
    stated, base = amount(item, "cbc:Amount"), amount(item, "cbc:BaseAmount")
    percent = amount(item, "cbc:MultiplierFactorNumeric")
    if stated is None or base is None or percent is None:
        return True
    places = -int(percent.as_tuple().exponent)
    half_a_place = Decimal((0, (5,), -places - 1)) if places > 0 else ZERO
    return abs(stated - base * percent / HUNDRED) < CENT + abs(base) * half_a_place / HUNDRED


for rule_id, term in (
    ("PUNTE-ALLOWANCE", "BT-92"),  # BT-92 = BT-93 * BT-94
    ("PUNTE-CHARGE", "BT-99"),  # BT-99 = BT-100 * BT-101
    ("PUNTE-LINE-ALLOWANCE", "BT-136"),  # BT-136 = BT-137 * BT-138
    ("PUNTE-LINE-CHARGE", "BT-141"),  # BT-141 = BT-142 * BT-143
):
    family.add(rule_id, term, _is_its_share_of_the_base, "cbc:Amount")

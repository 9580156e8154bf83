"""What the rules ask again and again of VAT categories, tax schemes, allowances and charges."""

from __future__ import annotations

from .nodes import Node
from .values import boolean, trim


def is_vat(node: Node) -> bool:
    """The tax scheme of a category or of a registration is VAT (trimmed, upper-cased)."""
    for scheme in node.select("cac:TaxScheme"):
        text = scheme.text_of("cbc:ID")
        if text == "VAT" or trim(text.upper()) == "VAT":
            return True
    return False


def is_vat_by_its_one_scheme(node: Node) -> bool:
    """The same, in the words of those rules that cannot read two tax schemes: they stop at the second."""
    return is_vat(node) if node.one("cac:TaxScheme") else False


def code_of(node: Node) -> str:
    """The VAT category code of a category (BT-95, BT-102, BT-118, BT-151), trimmed; "" when there is none."""
    if node.memo is None:
        node.memo = trim(node.text_of("cbc:ID"))
    code: str = node.memo
    return code


def _indicators(node: Node) -> frozenset[bool]:
    if node.memo is None:
        node.memo = frozenset([boolean(indicator.text) for indicator in node.select("cbc:ChargeIndicator")])
    found: frozenset[bool] = node.memo
    return found


def is_allowance(node: Node) -> bool:
    """An AllowanceCharge whose ChargeIndicator is false. Raises NoVerdict when it is no boolean."""
    return False in _indicators(node)


def is_charge(node: Node) -> bool:
    """An AllowanceCharge whose ChargeIndicator is true. Raises NoVerdict when it is no boolean."""
    return True in _indicators(node)

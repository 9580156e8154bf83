"""What the rules ask again and again of VAT categories, tax schemes, allowances and charges."""

from __future__ import annotations

from decimal import Decimal

from .nodes import Node
from .values import SEVERAL, NoVerdict, boolean, decimal, trim


class _Category:
    """What has been read of a category, or of a registration, and of its twins; None: not yet."""

    __slots__ = ("code", "rates", "vat")

    def __init__(self) -> None:
        self.code: str | None = None
        self.vat: bool | None = None
        self.rates: frozenset[Decimal] | None = None


def _read(node: Node) -> _Category:
    twin = node.twin
    if twin.memo is None:
        twin.memo = _Category()
    known: _Category = twin.memo
    return known


def is_vat(node: Node) -> bool:
    """The tax scheme of a category or of a registration is VAT (trimmed, upper-cased)."""
    known = _read(node)
    if known.vat is None:
        known.vat = any(trim(scheme.text_of("cbc:ID").upper()) == "VAT" for scheme in node.select("cac:TaxScheme"))
    return known.vat


def is_vat_by_its_one_scheme(node: Node) -> bool:
    """The same, in the words of those rules that cannot read two tax schemes: they stop at the second."""
    if len(node.select("cac:TaxScheme")) > 1:
        raise NoVerdict(SEVERAL, "cac:TaxScheme")
    return is_vat(node)


def code_of(node: Node) -> str:
    """The VAT category code of a category (BT-95, BT-102, BT-118, BT-151), trimmed; "" when there is none."""
    known = _read(node)
    if known.code is None:
        known.code = trim(node.text_of("cbc:ID"))
    return known.code


def rates_of(node: Node) -> frozenset[Decimal]:
    """The VAT rate of a category (BT-96, BT-103, BT-119, BT-152), when there is one. Raises NoVerdict."""
    known = _read(node)
    if known.rates is None:
        rate = node.one("cbc:Percent")
        known.rates = frozenset() if rate is None else frozenset([decimal(rate.text)])
    return known.rates


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

"""What an invoice comes to: line amounts, the VAT breakdown by category and rate (BG-23), the totals (BG-22)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from .model import AllowanceCharge, Line, Totals, VatBreakdown, VatCategory

CENT = Decimal("0.01")
# Wide enough that products of long prices and quantities are rounded once, at the end.
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


def rounded(amount: Decimal) -> Decimal:
    """`amount` to 2 decimals, halves away from zero (BR-DEC rules); zero has no sign."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP, context=EXACT) + 0


def line_net_amount(
    quantity: Decimal,
    net_price: Decimal,
    base_quantity: Decimal = Decimal(1),
    allowances: Decimal = Decimal(0),
    charges: Decimal = Decimal(0),
) -> Decimal:
    """Invoice line net amount (BT-131).

    quantity       BT-129, in the unit BT-130; negative for returned goods
    net_price      BT-146, in the invoice currency BT-5, per `base_quantity`; never negative (BR-27)
    base_quantity  BT-149, in the same unit as `quantity`; above zero
    allowances, charges  sums of BT-136 and of BT-141, in BT-5

    Returns an amount in BT-5, rounded to 2 decimals, halves away from zero (BR-DEC-23).
    Raises ValueError when `base_quantity` is not above zero.
    Source: EN 16931-1, BT-131.

    >>> line_net_amount(Decimal(3), Decimal("10.00"), allowances=Decimal("1.50"))
    Decimal('28.50')
    """
    if base_quantity <= 0:
        raise ValueError(f"base quantity (BT-149) must be above zero, not {base_quantity}")
    with localcontext(EXACT):
        return rounded(quantity * net_price / base_quantity - allowances + charges)


def compute(
    lines: Iterable[Line],
    *,
    allowances: Iterable[AllowanceCharge] = (),
    charges: Iterable[AllowanceCharge] = (),
    paid: Decimal | None = None,
    rounding: Decimal | None = None,
    exemptions: Mapping[tuple[str, Decimal | None], tuple[str | None, str | None]] | None = None,
    accounting_rate: Decimal | None = None,
) -> tuple[Totals, tuple[VatBreakdown, ...]]:
    """Document totals (BG-22) and VAT breakdown (BG-23), whatever the order of the lines.

    lines            their net amounts (BT-131) are taken as they stand
    allowances, charges  of the document (BG-20, BG-21), each with its VAT category
    paid, rounding   BT-113 and BT-114, in the invoice currency
    exemptions       (category, rate) → (BT-120 text, BT-121 code); category O has the rate None
    accounting_rate  units of the VAT accounting currency (BT-6) for one of the invoice currency (BT-5): lei for a euro;
                     gives BT-111

    VAT is computed on the sum of each category and rate, not line by line (BR-CO-17), and rounded there.
    The breakdown begins with the standard category, higher rates first.
    Raises ValueError for an allowance or charge of the document without VAT category (BR-32, BR-37).
    """
    lines, allowances, charges = tuple(lines), tuple(allowances), tuple(charges)
    with localcontext(EXACT):
        taxable: dict[tuple[str, Decimal | None], Decimal] = {}
        for key, amount in (
            *((_vat_key(line.vat_category, line.vat_rate), line.net_amount) for line in lines),
            *((_document_level_key(allowance), -allowance.amount) for allowance in allowances),
            *((_document_level_key(charge), charge.amount) for charge in charges),
        ):
            taxable[key] = taxable.get(key, Decimal(0)) + amount
        breakdown = tuple(
            _vat_group(category, rate, taxable[category, rate], (exemptions or {}).get((category, rate), (None, None)))
            for category, rate in sorted(taxable, key=_breakdown_order)
        )
        net = rounded(_sum(line.net_amount for line in lines))
        taken_off, added = _sum(a.amount for a in allowances), _sum(c.amount for c in charges)
        without_vat = rounded(net - taken_off + added)  # BR-CO-13
        vat = rounded(_sum(group.tax_amount for group in breakdown))  # BR-CO-14
        with_vat = rounded(without_vat + vat)  # BR-CO-15
        return Totals(
            line_net_amount=net,
            allowances=rounded(taken_off) if allowances else None,
            charges=rounded(added) if charges else None,
            without_vat=without_vat,
            vat=vat,
            vat_in_accounting_currency=None if accounting_rate is None else rounded(vat * accounting_rate),
            with_vat=with_vat,
            paid=paid,
            rounding=rounding,
            due_for_payment=rounded(with_vat - (paid or 0) + (rounding or 0)),  # BR-CO-16
        ), breakdown


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def _vat_key(category: str, rate: Decimal | None) -> tuple[str, Decimal | None]:
    """Category O has no rate (BR-O-05); 21 and 21.00 are one rate, written in one way."""
    if category == VatCategory.OUTSIDE or rate is None:
        return str(category), None
    return str(category), Decimal(f"{rate.normalize() + 0:f}")


def _document_level_key(of: AllowanceCharge) -> tuple[str, Decimal | None]:
    if of.vat_category is None:
        raise ValueError("an allowance or charge of the document needs its VAT category (BT-95, BT-102)")
    return _vat_key(of.vat_category, of.vat_rate)


def _breakdown_order(key: tuple[str, Decimal | None]) -> tuple[bool, str, Decimal]:
    category, rate = key
    return category != VatCategory.STANDARD, category, -(rate or Decimal(0))


def _vat_group(
    category: str, rate: Decimal | None, taxable: Decimal, exemption: tuple[str | None, str | None]
) -> VatBreakdown:
    reason, code = exemption
    return VatBreakdown(
        taxable_amount=rounded(taxable),
        tax_amount=rounded(taxable * (rate or 0) / 100),
        category=category,
        rate=rate,
        exemption_reason=reason,
        exemption_reason_code=code,
    )

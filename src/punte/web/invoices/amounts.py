"""What a document comes to: rows as lines, discounts on a line and on the whole, the totals in its currency and lei.

The one arithmetic of the product, over `en16931.totals`: the editor's sums, the judge's and the document's are these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from punte.en16931 import model as en
from punte.en16931 import totals

from . import regimes
from .models import Adjustment, Invoice, Line

DISCOUNT = "95"  # UNTDID 5189, BT-140: a discount on a line has no words of its own
CPV, NC = "STI", "HS"  # UNTDID 7143, the scheme of BT-158
LONGEST_REASON = 100  # BT-120; where several do not fit, their provisions stand there and each is a note

Key = tuple[str, Decimal | None]  # BT-151 and BT-152
Changes = tuple[tuple[en.AllowanceCharge, ...], tuple[en.AllowanceCharge, ...]]


def reckon(
    rows: Iterable[Line], *, registered: bool, adjustments: Iterable[Adjustment] = (), lei: Decimal | None = None
) -> tuple[tuple[en.Line, ...], en.Totals, tuple[en.VatBreakdown, ...]]:
    """The rows as lines (BG-25) with their totals.

    registered   the seller is, for VAT; else every line is of category O, whatever stands on it
    adjustments  discounts and charges on the whole
    lei          for one unit of the invoice currency: gives BT-111
    """
    rows = list(rows)
    lines = tuple(_line(row, n, registered) for n, row in enumerate(rows, 1))
    allowances, charges = split(adjustments, rows, lines)
    amounts, breakdown = totals.compute(
        lines,
        allowances=allowances,
        charges=charges,
        exemptions=_exemptions(rows, (*allowances, *charges), registered),
        accounting_rate=lei,
    )
    return lines, amounts, breakdown


def split(adjustments: Iterable[Adjustment], rows: Sequence[Line], lines: Sequence[en.Line]) -> Changes:
    """The discounts (BG-20) and the charges (BG-21) on the whole, each in as many parts as it meets VAT groups.

    One that names its category and rate stays whole. Any other is shared by what the lines of each group come to, the
    last part taking the cent that is left; deposits and deducted advances are left out, for nobody discounts them.
    """
    allowances: list[en.AllowanceCharge] = []
    charges: list[en.AllowanceCharge] = []
    groups = _groups(rows, lines)
    for adjustment in adjustments:
        (charges if adjustment.is_charge else allowances).extend(_parts(adjustment, groups))
    return tuple(allowances), tuple(charges)


def settle(invoice: Invoice, rows: Iterable[Line], adjustments: Iterable[Adjustment] = ()) -> None:
    """Write on `invoice`, without saving it, what its rows come to: `net`, `vat`, `payable`, `net_lei`, `vat_lei`.

    Without an exchange rate the sums in lei are zero until there is one.
    """
    lei = Decimal(1) if invoice.currency == "RON" else invoice.exchange_rate
    _, amounts, _ = reckon(rows, registered=writes_vat(invoice), adjustments=adjustments, lei=lei or Decimal(0))
    invoice.net, invoice.vat, invoice.payable = amounts.without_vat, amounts.vat or Decimal(0), amounts.due_for_payment
    invoice.net_lei = totals.rounded(invoice.net * (lei or 0))
    invoice.vat_lei = amounts.vat_in_accounting_currency or Decimal(0)


def writes_vat(invoice: Invoice) -> bool:
    """Whether the seller is registered for VAT; a correction keeps the categories of what it corrects."""
    seller = invoice.client if invoice.self_billed else invoice.firm
    return seller.vat_registered or invoice.preceding_id is not None


def plain(number: Decimal) -> Decimal:
    """`number` without trailing zeros and without exponent, as the database pads it and XML forbids it."""
    return Decimal(f"{number.normalize():f}")


def _line(row: Line, position: int, registered: bool) -> en.Line:
    with_schemes = (en.Identifier(row.nc_code, NC), row.nc_code), (en.Identifier(row.cpv_code, CPV), row.cpv_code)
    discount = _discount(row)
    category, rate = _key(row, registered)
    return en.Line(
        identifier=str(position),
        quantity=plain(row.quantity),
        unit=row.unit,
        net_amount=totals.line_net_amount(
            row.quantity, row.price, allowances=discount.amount if discount else Decimal(0)
        ),
        allowances=(discount,) if discount else (),
        price=en.Price(net=plain(row.price)),
        vat_category=category,
        vat_rate=rate,
        item=en.Item(
            name=row.name or None,
            description=row.description or None,
            sellers_identifier=row.code or None,
            classifications=tuple(identifier for identifier, code in with_schemes if code),
        ),
    )


def _discount(row: Line) -> en.AllowanceCharge | None:
    """BG-27; of a negative quantity it is negative too, so that a storno mirrors its invoice to the cent."""
    if row.discount_percent:
        base = totals.line_net_amount(row.quantity, row.price)
        amount, percent = totals.rounded(base * row.discount_percent / 100), plain(row.discount_percent)
        return en.AllowanceCharge(amount=amount, base_amount=base, percentage=percent, reason_code=DISCOUNT)
    return en.AllowanceCharge(amount=row.discount, reason_code=DISCOUNT) if row.discount else None


def _key(row: Line, registered: bool) -> Key:
    if not registered or row.vat_category == en.VatCategory.OUTSIDE:
        return en.VatCategory.OUTSIDE.value, None
    return row.vat_category, plain(row.vat_rate) if row.vat_rate else Decimal(0)


def _groups(rows: Sequence[Line], lines: Sequence[en.Line]) -> dict[Key, Decimal]:
    """What each category and rate comes to, of what may be discounted; where nothing may, of everything."""
    found: dict[Key, Decimal] = {}
    pairs = list(zip(rows, lines, strict=True))
    for _row, line in [pair for pair in pairs if not (pair[0].vat_case == "sgr" or pair[0].advance_id)] or pairs:
        key = line.vat_category, line.vat_rate
        found[key] = found.get(key, Decimal(0)) + line.net_amount
    return found


def _parts(adjustment: Adjustment, groups: dict[Key, Decimal]) -> list[en.AllowanceCharge]:
    if adjustment.vat_rate is not None or adjustment.vat_category != en.VatCategory.STANDARD:
        outside = adjustment.vat_category == en.VatCategory.OUTSIDE or all(
            category == en.VatCategory.OUTSIDE for category, _ in groups
        )
        key: Key = (
            (en.VatCategory.OUTSIDE.value, None)
            if outside
            else (adjustment.vat_category, plain(adjustment.vat_rate or Decimal(0)))
        )
        groups = {key: groups.get(key, Decimal(0))}
    if adjustment.percent:
        return [
            _change(adjustment, key, totals.rounded(base * adjustment.percent / 100), base)
            for key, base in groups.items()
            if base
        ]
    if not adjustment.amount or not groups:
        return []
    left, parts = adjustment.amount, []
    weights = _weights(groups)
    for key, weight in weights.items():
        last = key == list(weights)[-1]
        share = left if last else totals.rounded(adjustment.amount * weight / sum(weights.values()))
        left -= share
        if share:
            parts.append(_change(adjustment, key, share))
    return parts


def _weights(groups: dict[Key, Decimal]) -> dict[Key, Decimal]:
    """The groups that carry the total: those of its sign. Where all come to nothing, the first."""
    sign = 1 if sum(groups.values()) >= 0 else -1
    return {key: base * sign for key, base in groups.items() if base * sign > 0} or {next(iter(groups)): Decimal(1)}


def _change(adjustment: Adjustment, key: Key, amount: Decimal, base: Decimal | None = None) -> en.AllowanceCharge:
    category, rate = key
    return en.AllowanceCharge(
        amount=amount,
        base_amount=base,
        percentage=plain(adjustment.percent) if adjustment.percent and base is not None else None,
        vat_category=category,
        vat_rate=rate,
        reason=adjustment.reason or None,
    )


def _exemptions(
    rows: Sequence[Line], changes: Sequence[en.AllowanceCharge], registered: bool
) -> dict[Key, tuple[str | None, str | None]]:
    """(BT-120, BT-121) of each group without VAT: its one code, or the reasons of all where they differ."""
    cases: dict[Key, list[regimes.Case]] = {}
    for row in rows:
        cases.setdefault(_key(row, registered), []).append(case_of(row, registered))
    for change in changes:
        category = change.vat_category or ""
        cases.setdefault((category, change.vat_rate), [regimes.of_line(Line(vat_category=category, vat_rate=None))])
    return {key: _reason(found) for key, found in cases.items() if key[0] not in {"S", "Z"}}


def _reason(cases: Sequence[regimes.Case]) -> tuple[str | None, str | None]:
    codes = {case.code for case in cases}
    reasons = dict.fromkeys(case.reason for case in cases if case.reason)
    together = "; ".join(reasons)
    in_short = ", ".join(dict.fromkeys(case.provision for case in cases if case.provision))
    text = together if len(together) <= LONGEST_REASON else f"Scutit: {in_short}"[:LONGEST_REASON]
    return text or None, (codes.pop() or None) if len(codes) == 1 else None


def case_of(row: Line, registered: bool) -> regimes.Case:
    return regimes.of_line(row) if registered else regimes.case(regimes.SMALL_BUSINESS)


def reasons_as_notes(rows: Sequence[Line], registered: bool) -> list[str]:
    """The reasons that found no place in BT-120."""
    reasons = dict.fromkeys(case.reason for case in (case_of(row, registered) for row in rows) if case.reason)
    return list(reasons) if len("; ".join(reasons)) > LONGEST_REASON else []

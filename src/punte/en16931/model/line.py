"""One line of the invoice (BG-25): what was sold, how much of it, for how much."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from .amounts import AllowanceCharge
from .invoice_parts import Period
from .party import Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Price details (BG-29), in the invoice currency without VAT, any number of decimals."""

    net: Annotated[Decimal, "BT-146"]
    discount: Annotated[Decimal | None, "BT-147"] = None
    gross: Annotated[Decimal | None, "BT-148"] = None
    base_quantity: Annotated[Decimal | None, "BT-149"] = None
    base_quantity_unit: Annotated[str | None, "BT-150"] = None


@dataclass(frozen=True, slots=True)
class ItemAttribute:
    """Item attribute (BG-32)."""

    name: Annotated[str, "BT-160"]
    value: Annotated[str, "BT-161"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Item information (BG-31)."""

    name: Annotated[str | None, "BT-153"] = None
    description: Annotated[str | None, "BT-154"] = None
    sellers_identifier: Annotated[str | None, "BT-155"] = None
    buyers_identifier: Annotated[str | None, "BT-156"] = None
    standard_identifier: Annotated[Identifier | None, "BT-157"] = None
    classifications: Annotated[tuple[Identifier, ...], "BT-158"] = ()  # scheme: UNTDID 7143, `STI` for CPV, `TSP`
    country_of_origin: Annotated[str | None, "BT-159"] = None
    attributes: Annotated[tuple[ItemAttribute, ...], "BG-32"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Invoice line (BG-25). `net_amount` in the invoice currency, 2 decimals."""

    identifier: Annotated[str, "BT-126"]
    note: Annotated[str | None, "BT-127"] = None
    object_identifier: Annotated[Identifier | None, "BT-128"] = None
    quantity: Annotated[Decimal, "BT-129"]
    unit: Annotated[str, "BT-130"]  # UN/ECE Recommendation 20 and 21: `H87` piece, `HUR` hour
    net_amount: Annotated[Decimal, "BT-131"]
    order_line_reference: Annotated[str | None, "BT-132"] = None
    buyer_accounting_reference: Annotated[str | None, "BT-133"] = None
    period: Annotated[Period | None, "BG-26"] = None
    allowances: Annotated[tuple[AllowanceCharge, ...], "BG-27"] = ()
    charges: Annotated[tuple[AllowanceCharge, ...], "BG-28"] = ()
    price: Annotated[Price, "BG-29"]
    vat_category: Annotated[str, "BT-151"]
    vat_rate: Annotated[Decimal | None, "BT-152"] = None
    item: Annotated[Item, "BG-31"]

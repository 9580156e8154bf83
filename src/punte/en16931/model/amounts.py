"""What is added and taken away, and what it comes to: allowances, charges (BG-20, 21, 27, 28), totals (BG-22)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceCharge:
    """An allowance or a charge; which of the two, and of the document or of a line, is said by where it stands.

    The terms named are those of a document level allowance (BG-20). `vat_category` and `vat_rate` exist at
    document level alone. Amounts in the invoice currency; `percentage` in per cent of `base_amount`.
    """

    amount: Annotated[Decimal, "BT-92"]
    base_amount: Annotated[Decimal | None, "BT-93"] = None
    percentage: Annotated[Decimal | None, "BT-94"] = None
    vat_category: Annotated[str | None, "BT-95"] = None
    vat_rate: Annotated[Decimal | None, "BT-96"] = None
    reason: Annotated[str | None, "BT-97"] = None
    reason_code: Annotated[str | None, "BT-98"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Document totals (BG-22). Invoice currency (BT-5), but BT-111: the VAT accounting currency (BT-6)."""

    line_net_amount: Annotated[Decimal, "BT-106"]
    allowances: Annotated[Decimal | None, "BT-107"] = None
    charges: Annotated[Decimal | None, "BT-108"] = None
    without_vat: Annotated[Decimal, "BT-109"]
    vat: Annotated[Decimal | None, "BT-110"] = None
    vat_in_accounting_currency: Annotated[Decimal | None, "BT-111"] = None
    with_vat: Annotated[Decimal, "BT-112"]
    paid: Annotated[Decimal | None, "BT-113"] = None
    rounding: Annotated[Decimal | None, "BT-114"] = None
    due_for_payment: Annotated[Decimal, "BT-115"]

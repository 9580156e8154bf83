"""VAT: category codes, the breakdown of a document (BG-23) and what a line says of it (BG-30)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated


class VatCategory(StrEnum):
    """The categories of UNTDID 5305 that EN 16931 allows. Fields stay `str`: a received document may hold any code."""

    STANDARD = "S"  # any positive rate, reduced ones too
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUTSIDE = "O"  # not subject to VAT; in Romania also the small businesses of art. 310
    CANARY_ISLANDS = "L"
    CEUTA_MELILLA = "M"
    SPLIT_PAYMENT = "B"  # Italy alone


@dataclass(frozen=True, slots=True, kw_only=True)
class VatBreakdown:
    """VAT breakdown (BG-23): one a category and rate. Amounts in the invoice currency (BT-5), 2 decimals."""

    taxable_amount: Annotated[Decimal, "BT-116"]
    tax_amount: Annotated[Decimal, "BT-117"]
    category: Annotated[str, "BT-118"]
    rate: Annotated[Decimal | None, "BT-119"] = None  # per cent; None with category O
    exemption_reason: Annotated[str | None, "BT-120"] = None
    exemption_reason_code: Annotated[str | None, "BT-121"] = None

"""The receipt for cash (chitanță) as PDF/A: form 14-4-1 in its essentials (OMFP 2634/2015, annex 3). In Romanian.

Contents the order asks for: who issues it with code, trade register and address; name, series and number; the day;
who paid; the sum in figures and in words; what for; and who received it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from importlib import resources

import typst

from .in_words import amount_in_words
from .printable import harmless, printable
from .typesetting import STANDARDS, our_fonts
from .wording import wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What stands on it. `number`: series and number as printed; `reason`: the document paid, „factura DI 0188”."""

    number: str
    day: date
    seller: str
    seller_lines: tuple[str, ...]
    payer: str
    payer_lines: tuple[str, ...]
    amount: Decimal
    currency: str
    reason: str
    cancelled: bool = False


def receipt_pdf(receipt: Receipt) -> bytes:
    """A6 across: half of what a stationer's pad has, to be printed or mailed. The same receipt, the same bytes."""
    words = wording("ro")
    page = {
        "number": receipt.number,
        "day": words.date(receipt.day),
        "seller": receipt.seller,
        "seller_lines": list(receipt.seller_lines),
        "payer": receipt.payer,
        "payer_lines": list(receipt.payer_lines),
        "amount": words.money(receipt.amount, receipt.currency),
        "in_words": amount_in_words(receipt.amount, receipt.currency),
        "reason": receipt.reason,
        "cancelled": receipt.cancelled,
    }
    return typst.compile(
        _template(),
        sys_inputs={"sheet": json.dumps(printable(harmless(page)), ensure_ascii=False)},
        font_paths=our_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=STANDARDS,
        timestamp=datetime.combine(receipt.day, time(12), UTC),
    )


@cache
def _template() -> bytes:
    return resources.files(__package__).joinpath("receipt.typ").read_bytes()

"""An invoice on the table, and how a fault of it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from punte.en16931 import model as en

from ..findings import Verdict
from ..models import Invoice, Line


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice as it stands on the table: its rows, saved or not, and the document made of them."""

    invoice: Invoice
    rows: Sequence[Line]
    built: en.Invoice
    today: date

    @property
    def day(self) -> date:
        """Of the chargeable event: its rates hold."""
        return self.invoice.supply_date or self.invoice.issue_date

    @property
    def pairs(self) -> list[tuple[Line, en.Line]]:
        return list(zip(self.rows, self.built.lines, strict=True))

    def lei(self, amount: Decimal) -> Decimal:
        return amount if self.invoice.currency == "RON" else amount * (self.invoice.exchange_rate or Decimal(0))


def field_of(row: Line, field: str) -> str:
    return f"id_rand-{row.position - 1}-{field}"


def bad(title: str, text: str, target: str = "") -> Verdict:
    return Verdict(tone="bad", title=title, text=text, target=target)


def warn(title: str, text: str, target: str = "") -> Verdict:
    return Verdict(tone="warn", title=title, text=text, target=target)

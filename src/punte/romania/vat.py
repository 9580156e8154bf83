"""Romanian VAT: the rates by day, and what is said where none is charged. The law is in the `vat_*.tsv` beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from punte.en16931 import VatCategory

from .dated import day, in_force, rows


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in per cent (`21`), the days of the chargeable event it is for, and its act."""

    percent: Decimal
    name: str  # standard, reduced, housing
    start: date
    end: date | None
    act: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """A case without VAT: `category` and `code` are BT-118 and BT-121, `legend` the words for the invoice.

    `as_note` says that the words belong in a note (BT-22), not in the reason (BT-120).
    """

    name: str
    category: VatCategory
    code: str | None
    legend: str
    as_note: bool
    provision: str


@cache
def all_rates() -> tuple[Rate, ...]:
    return tuple(
        Rate(Decimal(row["rate"]), row["name"], date.fromisoformat(row["from"]), day(row["to"]), row["act"])
        for row in rows("vat_rates.tsv")
    )


def rates(on: date) -> tuple[Rate, ...]:
    """The rates in force on the day of the chargeable event, highest first; () before 2017."""
    return tuple(sorted((rate for rate in all_rates() if in_force(rate, on)), key=lambda rate: -rate.percent))


def is_known_rate(percent: Decimal) -> bool:
    """Whether the rate was ever in force: a document that corrects an older supply keeps that supply's rate."""
    return any(rate.percent == percent for rate in all_rates())


@cache
def exemptions() -> dict[str, Exemption]:
    """By name: `small_business` (art. 310), `reverse_charge`, `intra_community`, `export`, `without_credit`."""
    return {
        row["id"]: Exemption(
            row["id"], VatCategory(row["category"]), row["code"] or None, row["legend"], row["where"] == "note",
            row["provision"],
        )
        for row in rows("vat_exemptions.tsv")
    }  # fmt: skip

"""Romanian VAT: rates, cases and amounts by day, and what is said where none is charged: the `vat_*.tsv` beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from punte.en16931 import VatCategory
from punte.en16931.codelists import entries

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

    `as_note` says that the words belong in a note (BT-22), `as_reason` in the reason (BT-120); both may hold.
    """

    name: str
    category: VatCategory
    code: str | None
    legend: str
    as_note: bool
    as_reason: bool
    provision: str


@dataclass(frozen=True, slots=True)
class Case:
    """What a line may be, and the plain question that leads to it.

    slug       `standard`, `reverse_charge:waste`
    exemption  why no VAT is charged; None where `rate` names the rate that is
    buyer      whom it may be sold to: any, registered, eu_business, abroad, abroad_business, unregistered_seller
    minimum    the name of the limit that its goods must reach on one invoice, or ""
    label, question  by language: `ro`, `en`
    """

    slug: str
    start: date
    end: date | None
    exemption: Exemption | None
    rate: str
    buyer: str
    minimum: str
    label: dict[str, str]
    question: dict[str, str]
    provision: str


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of the law in lei: a ceiling, a threshold, the deposit for a bottle."""

    name: str
    start: date
    end: date | None
    lei: Decimal
    act: str


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
    """By name: `small_business` (art. 310), `reverse_charge`, `intra_community`, `export`, `health` …"""
    return {
        row["id"]: Exemption(
            row["id"],
            VatCategory(row["category"]),
            row["code"] or None,
            row["legend"],
            row["where"] in {"note", "both"},
            row["where"] in {"reason", "both"},
            row["provision"],
        )
        for row in rows("vat_exemptions.tsv")
    }


@cache
def all_cases() -> dict[str, Case]:
    """Every case there ever was, by its slug, in the order in which it is asked for."""
    return {
        row["slug"]: Case(
            row["slug"],
            date.fromisoformat(row["from"]),
            day(row["to"]),
            exemptions()[row["exemption"]] if row["exemption"] else None,
            row["rate"],
            row["buyer"],
            row["minimum"],
            {"ro": row["label_ro"], "en": row["label_en"]},
            {"ro": row["question_ro"], "en": row["question_en"]},
            row["provision"],
        )
        for row in rows("vat_cases.tsv")
    }


def rate_named(name: str, on: date) -> Decimal | None:
    """The rate of that name on the day, the highest where there were two; None where the law had none."""
    return next((rate.percent for rate in rates(on) if rate.name == name), None)


@cache
def _limits() -> tuple[Limit, ...]:
    return tuple(
        Limit(row["name"], date.fromisoformat(row["from"]), day(row["to"]), Decimal(row["lei"]), row["act"])
        for row in rows("vat_limits.tsv")
    )


def limit(name: str, on: date) -> Limit | None:
    """`small_business`, `on_collection`, `reverse_charge_goods` or `sgr_deposit` on that day; None for none."""
    return next((one for one in _limits() if one.name == name and in_force(one, on)), None)


def in_union(country: str) -> bool:
    """Whether the ISO 3166-1 code is that of another member state. Northern Ireland (XI) is one for goods alone."""
    return country != "RO" and entries("country-iso3166-1").get(country, {}).get("eu_member") == "yes"

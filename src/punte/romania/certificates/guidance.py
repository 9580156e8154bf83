"""How a certificate comes to be seen by a browser, and what of all this is law: dated data, in Romanian as shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from punte.en16931 import tables

from .providers import Sure


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A row of installation.tsv. kind: token, cloud; system: windows, macos, linux, phone."""

    kind: str
    system: str
    browser: str
    text: str
    sure: Sure
    source: str


class Weight(StrEnum):
    LAW = "lege"
    RULE = "regulă ANAF"
    HABIT = "obicei"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A row of law.tsv. `as_of`: the day it was last looked at."""

    weight: Weight
    text: str
    source: str
    as_of: date


@cache
def installations(kind: str, system: str) -> tuple[Installation, ...]:
    rows = tables.rows(__file__, "installation.tsv")
    found = (Installation(**(row | {"sure": Sure(row["sure"])})) for row in rows)  # type: ignore[arg-type]
    return tuple(row for row in found if row.kind == kind and row.system == system)


@cache
def facts() -> tuple[Fact, ...]:
    return tuple(
        Fact(
            weight=Weight(row["weight"]),
            text=row["text"],
            source=row["source"],
            as_of=date.fromisoformat(row["as_of"]),
        )
        for row in tables.rows(__file__, "law.tsv")
    )

"""How a certificate comes to be seen by a browser, and what of all this is law: dated data, in two languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from punte.en16931 import tables

from .providers import Sure
from .wording import worded


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A row of installation.tsv. kind: token, cloud; system: windows, macos, linux, phone."""

    kind: str
    system: str
    browser: str
    text: str
    sure: Sure
    how_sure: str
    source: str


class Weight(StrEnum):
    LAW = "lege"
    RULE = "regulă ANAF"
    HABIT = "obicei"

    def word(self, language: str) -> str:
        """As shown, in `ro` or `en`."""
        return (
            {"lege": "law", "regulă ANAF": "ANAF's rule", "obicei": "habit"}[self.value]
            if language.startswith("en")
            else self.value
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A row of law.tsv. `word`: of its weight. `as_of`: the day it was last looked at."""

    weight: Weight
    word: str
    text: str
    source: str
    as_of: date


@cache
def installations(kind: str, system: str, language: str = "ro") -> tuple[Installation, ...]:
    """What to do with that kind on that system, in words of `language`: `ro`, `en`."""
    rows = tables.rows(__file__, "installation.tsv")
    return tuple(
        Installation(
            **worded(row, language)  # type: ignore[arg-type]
            | {"sure": Sure(row["sure"]), "how_sure": Sure(row["sure"]).word(language)}
        )
        for row in rows
        if (row["kind"], row["system"]) == (kind, system)
    )


@cache
def facts(language: str = "ro") -> tuple[Fact, ...]:
    """All of them, in words of `language`: `ro`, `en`."""
    return tuple(
        Fact(
            weight=Weight(row["weight"]),
            word=Weight(row["weight"]).word(language),
            text=row["text"],
            source=row["source"],
            as_of=date.fromisoformat(row["as_of"]),
        )
        for row in (worded(row, language) for row in tables.rows(__file__, "law.tsv"))
    )

"""The diagnosis: why the crossing to ANAF failed, and what to do. The words are in diagnoses.tsv."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`key` tells variants apart in addresses (`C16-tarziu`); `code` is what people read and quote.

    signal           by what it is recognised
    what, why, now   what happened, its cause, its cure
    """

    key: str
    title: str
    signal: str
    what: str
    why: str
    now: str
    other_keys: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.key.partition("-")[0]

    @property
    def others(self) -> list[Diagnosis]:
        return [diagnoses()[key] for key in self.other_keys]


def diagnoses() -> dict[str, Diagnosis]:
    """By key, in the language of the page: English or Romanian."""
    return _table("_en" if (get_language() or "").startswith("en") else "")


@cache
def _table(suffix: str) -> dict[str, Diagnosis]:
    text = (files("punte.web.connection") / "diagnoses.tsv").read_text("utf-8")
    names, *lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    rows = [dict(zip(names, line, strict=True)) for line in lines]
    return {
        row["key"]: Diagnosis(
            key=row["key"],
            title=row["title" + suffix],
            signal=row["signal"],
            what=row["what" + suffix],
            why=row["why" + suffix],
            now=row["now" + suffix],
            other_keys=tuple(row["others"].split()),
        )
        for row in rows
    }

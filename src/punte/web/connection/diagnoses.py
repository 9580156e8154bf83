"""The diagnosis: why the crossing to ANAF failed, and what to do. The words are in diagnoses.tsv."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


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


@cache
def diagnoses() -> dict[str, Diagnosis]:
    text = (files("punte.web.connection") / "diagnoses.tsv").read_text("utf-8")
    names, *rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    table = [dict(zip(names, row, strict=True)) for row in rows]
    return {row["key"]: Diagnosis(other_keys=tuple(row.pop("others").split()), **row) for row in table}

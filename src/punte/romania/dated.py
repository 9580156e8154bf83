"""Law as dated data: tables whose rows hold from one day to another."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Protocol


class Dated(Protocol):
    """What is in force from `start` to `end`, both included; `end` None is open."""

    @property
    def start(self) -> date: ...
    @property
    def end(self) -> date | None: ...


def in_force(row: Dated, on: date) -> bool:
    return row.start <= on and (row.end is None or on <= row.end)


def rows(table: str) -> Iterator[dict[str, str]]:
    """The rows of a TSV file of this package; lines that begin with `#` say what the columns are."""
    text = files("punte.romania").joinpath(table).read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

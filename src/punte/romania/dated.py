"""Law as dated data: tables whose rows hold from one day to another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from punte.en16931 import tables


class Dated(Protocol):
    """What is in force from `start` to `end`, both included; `end` None is open."""

    @property
    def start(self) -> date: ...
    @property
    def end(self) -> date | None: ...


def in_force(row: Dated, on: date) -> bool:
    return row.start <= on and (row.end is None or on <= row.end)


def rows(table: str) -> Iterator[dict[str, str]]:
    """The rows of a TSV file of this package."""
    return tables.rows(__file__, table)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

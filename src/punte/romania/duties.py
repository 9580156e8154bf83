"""Who must send what to RO e-Factura, by day. The law is in `duties.tsv`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, cast

from .dated import day, in_force, rows

Kind = Literal["must", "may", "not"]


@dataclass(frozen=True, slots=True)
class LegalDuty:
    """Whether invoices of the sort `key` must, may or need not be sent; `text` says so by language (`ro`, `en`)."""

    key: str
    start: date
    end: date | None
    kind: Kind
    text: dict[str, str]
    act: str


@cache
def _duties() -> tuple[LegalDuty, ...]:
    return tuple(
        LegalDuty(
            row["key"],
            date.fromisoformat(row["from"]),
            day(row["to"]),
            cast(Kind, row["duty"]),
            {"ro": row["text_ro"], "en": row["text_en"]},
            row["act"],
        )
        for row in rows("duties.tsv")
    )


def duty(key: str, on: date) -> LegalDuty | None:
    """`business`, `authority`, `consumer`, `abroad` …, for an invoice issued on that day; None before there was one."""
    return next((one for one in _duties() if one.key == key and in_force(one, on)), None)

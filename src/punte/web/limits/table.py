"""ANAF's limits in force on a day. The numbers are in `limits.tsv`, with their source."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

from punte.en16931 import tables

ROMANIA = ZoneInfo("Europe/Bucharest")  # ANAF's days begin at its midnight
KEPT_FREE = 10  # of a day's calls one in so many stays unused: counting is ours, and ANAF's counting is not seen


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(tables.rows(__file__, "limits.tsv"))


def _most(operation: str, per: str, on: date) -> int | None:
    for row in _rows():
        if (row["operation"], row["per"]) == (operation, per) and row["from"] <= on.isoformat() <= (
            row["to"] or "9999"
        ):
            return int(row["most"])
    return None


def day_of(now: datetime) -> date:
    """The day by which ANAF counts."""
    return now.astimezone(ROMANIA).date()


def a_minute(on: date) -> int:
    """Calls in a minute of one application, all of them together; the operator may know of another number."""
    return settings.ANAF_MINUTE or _most("*", "minute", on) or 0


def a_day(operation: str, on: date) -> int | None:
    """Calls of `operation` in a day for one subject, less the part that we keep free; None: as many as wanted."""
    most = _most(operation, "day", on)
    return None if most is None else most - most // KEPT_FREE

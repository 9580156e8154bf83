"""Working days, and by when an invoice must be in RO e-Factura. The law is in `deadlines.tsv`.

Working days are counted as Regulation (EEC, Euratom) 1182/71, art. 2 and 3, has it: the day of issue does not count;
Saturdays, Sundays and public holidays (Codul muncii, art. 139) are no working days. Bridge days which the Government
gives to public staff are working days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from .dated import day, in_force, rows

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """So many days to send an invoice issued from `start` to `end`."""

    start: date
    end: date | None
    days: int
    working: bool  # calendar days otherwise
    act: str


@cache
def terms() -> tuple[Term, ...]:
    return tuple(
        Term(
            date.fromisoformat(row["from"]), day(row["to"]), int(row["days"]), row["kind"] == "working", row["act"]
        )
        for row in rows("deadlines.tsv")
    )  # fmt: skip


@cache
def public_holidays(year: int) -> frozenset[date]:
    import holidays  # a third of a second, which a process that counts no deadline need not pay

    return frozenset(holidays.country_holidays("RO", years=year))


def is_working_day(on: date) -> bool:
    return on.weekday() < 5 and on not in public_holidays(on.year)


def add_working_days(start: date, days: int) -> date:
    """The `days`-th working day after `start`, which itself does not count."""
    while days:
        start += ONE_DAY
        days -= is_working_day(start)
    return start


def deadline(issue_date: date, chargeable_event: date | None = None) -> date:
    """The last day, in Bucharest, on which an invoice of that issue date (BT-2) may be sent to RO e-Factura.

    Issuing late gives no extra time: with the day of the chargeable event (faptul generator) given, the days are
    counted at the latest from the last lawful day of issue.
    Raises ValueError for an invoice issued before there was a term (2024).

    >>> deadline(date(2026, 11, 27))  # St Andrew's and the National Day are not counted
    datetime.date(2026, 12, 8)
    """
    term = next((term for term in terms() if in_force(term, issue_date)), None)
    if term is None:
        raise ValueError(f"no term to send an invoice was in force on {issue_date}")
    start = issue_date if chargeable_event is None else min(issue_date, latest_issue_date(chargeable_event))
    return add_working_days(start, term.days) if term.working else start + term.days * ONE_DAY


def latest_issue_date(chargeable_event: date) -> date:
    """The last day to issue: the 15th of the month after the chargeable event (Codul fiscal, art. 319 (16))."""
    return (chargeable_event.replace(day=1) + 32 * ONE_DAY).replace(day=15)


def working_day_before(day: date) -> date:
    """The working day before `day`.

    >>> working_day_before(date(2026, 12, 8)), working_day_before(date(2026, 12, 7))
    (datetime.date(2026, 12, 7), datetime.date(2026, 12, 4))
    """
    day -= ONE_DAY
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def working_days_between(today: date, last: date) -> int:
    """The working days after `today`, up to and with `last`.

    >>> working_days_between(date(2026, 11, 27), date(2026, 12, 8))
    5
    """
    return sum(is_working_day(today + n * ONE_DAY) for n in range(1, (last - today).days + 1))

"""How near the last day is on which an invoice may be sent to ANAF: `romania.calendar` counts it."""

from __future__ import annotations

from datetime import date, timedelta

from punte.romania.calendar import add_working_days, deadline, is_working_day

SOON = 2  # working days: from here on a date is near
LONGEST = 40  # days back that a deadline of today could have been begun, with all holidays


def near_since(today: date) -> date:
    """The latest day of issue whose deadline is past, today, or at most `SOON` working days away."""
    horizon = add_working_days(today, SOON)
    for back in range(LONGEST):
        issued = today - timedelta(days=back)
        if deadline(issued) <= horizon:
            return issued
    raise AssertionError(f"no deadline falls within {LONGEST} days")


def days_left(issued: date, today: date) -> int:
    """Working days until the deadline of what was issued then, today not counted; negative: so many days late.

    >>> days_left(date(2026, 11, 18), date(2026, 11, 22)), days_left(date(2026, 11, 2), date(2026, 11, 12))
    (3, -3)
    """
    last = deadline(issued)
    if last < today:
        return (last - today).days
    days = (today + timedelta(days=n) for n in range(1, (last - today).days + 1))
    return sum(is_working_day(day) for day in days)

"""How near the last day is on which an invoice may be sent to ANAF: `romania.calendar` counts it."""

from __future__ import annotations

from datetime import date, timedelta

from punte.romania.calendar import add_working_days, deadline

from .models import Invoice, Stage
from .scheduling import last_day

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


def nearness(invoice: Invoice, today: date) -> str:
    """„late” on the last day and after it, „soon” from `SOON` working days before it on, else nothing."""
    last = last_day(invoice)
    if last is None or invoice.stage == Stage.DRAFT:
        return ""
    return "late" if last <= today else "soon" if last <= add_working_days(today, SOON) else ""

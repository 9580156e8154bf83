"""What is made every so often beside the deliveries: letters, recurring invoices, reminders, cleaning up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from punte.web.connection import certificate_check
from punte.web.connection import rounds as connection_rounds
from punte.web.delivery import batches, leaving, restored
from punte.web.invoices import firm_mail, letters, rates, recurring
from punte.web.limits import budget
from punte.web.plans import letters as plan_letters
from punte.web.transfer import transfers

log = structlog.get_logger("punte.work")


class Round:
    """Steps made together every so often. A fault in one leaves the others their turn."""

    def __init__(self, every: timedelta, *steps: Callable[[datetime], object]) -> None:
        self.every, self.steps = every, steps
        self._made: datetime | None = None

    def make(self, now: datetime) -> None:
        if self._made is not None and timedelta(0) <= now - self._made < self.every:
            return
        self._made = now
        for step in self.steps:
            try:
                step(now)
            except Exception:
                log.exception("round failed", step=f"{step.__module__}.{step.__qualname__}")


def rounds() -> list[Round]:
    return [
        Round(timedelta(seconds=5), leaving.let_go, letters.send_due),
        Round(timedelta(minutes=1), certificate_check.forget, connection_rounds.make, recurring.make_due),
        Round(
            timedelta(hours=1),
            plan_letters.remind,
            letters.remind,
            firm_mail.warn,
            rates.refresh,
            transfers.forget,
            budget.forget,
        ),
    ]


#: What a person has started and waits for, one part a call; True: there is more of it.
STARTED: tuple[Callable[[datetime], bool], ...] = (restored.advance, batches.advance, transfers.advance)


def make(all_rounds: list[Round], now: datetime) -> bool:
    """Every round whose time has come, and one part of what a person has started; whether there is more of that."""
    for one in all_rounds:
        one.make(now)
    return any([step(now) for step in STARTED])

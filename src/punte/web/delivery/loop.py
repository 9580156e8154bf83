"""The embedded worker: a loop over what is due. It may be killed at any instant; the tables say how to go on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import close_old_connections
from django.utils import timezone

from punte.web.connection import certificate_check
from punte.web.connection import rounds as connection_rounds
from punte.web.invoices import firm_mail, letters, rates, recurring
from punte.web.plans import letters as plan_letters
from punte.web.transfer import transfers

from . import batches, leaving, restored, worker

log = structlog.get_logger("punte.delivery")
IDLE = 0.5  # seconds between two looks at an empty queue


class Round:
    """Steps that are not a submission's, made together every so often. A fault in one leaves the others their turn."""

    def __init__(self, every: timedelta, *steps: Callable[[datetime], object]) -> None:
        self._every, self._steps = every, steps
        self._made: datetime | None = None

    def make(self, now: datetime) -> None:
        if self._made is not None and now - self._made < self._every:
            return
        self._made = now
        for step in self._steps:
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
        ),
    ]


def run(stop: threading.Event) -> None:
    """Work until `stop` is set. A fault in one submission leaves the others their turn."""
    all_rounds = rounds()
    while not stop.is_set():
        close_old_connections()
        try:
            for one in all_rounds:
                one.make(timezone.now())
            went_on = (
                restored.advance(timezone.now()) | batches.advance(timezone.now()) | transfers.advance(timezone.now())
            )
            submission = worker.claim(timezone.now())
            if submission is None:
                stop.wait(0 if went_on else IDLE)
                continue
            started = time.monotonic()
            worker.advance(submission)
            log.debug("advanced", submission=submission.pk, seconds=round(time.monotonic() - started, 3))
        except Exception:
            log.exception("step failed")  # the lease keeps the submission quiet until it may be tried again
            stop.wait(IDLE)

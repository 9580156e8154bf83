"""The embedded worker: a loop over what is due. It may be killed at any instant; the tables say how to go on."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import structlog
from django.db import close_old_connections
from django.utils import timezone

from punte.web.connection import certificate_check, rounds
from punte.web.invoices import firm_mail, letters, rates, recurring
from punte.web.plans import letters as plan_letters
from punte.web.transfer import transfers

from . import batches, leaving, worker

log = structlog.get_logger("punte.delivery")
IDLE = 0.5  # seconds between two looks at an empty queue
ROUNDS = timedelta(minutes=1)
REMINDERS = timedelta(hours=1)
LOOK = timedelta(seconds=5)  # between two looks at what is scheduled and what is to be mailed


def run(stop: threading.Event) -> None:
    """Work until `stop` is set. A fault in one submission leaves the others their turn."""
    went_round_at = timezone.now() - ROUNDS
    looked_at = timezone.now() - LOOK
    reminded_at = timezone.now() - REMINDERS
    while not stop.is_set():
        close_old_connections()
        try:
            if timezone.now() - went_round_at >= ROUNDS:
                went_round_at = timezone.now()
                certificate_check.forget(went_round_at)
                rounds.make(went_round_at)
                recurring.make_due(went_round_at)
            if timezone.now() - reminded_at >= REMINDERS:
                reminded_at = timezone.now()
                plan_letters.remind(reminded_at)
                letters.remind(reminded_at)
                firm_mail.warn(reminded_at)
                rates.refresh(reminded_at)
                transfers.forget(reminded_at)
            if timezone.now() - looked_at >= LOOK:
                looked_at = timezone.now()
                leaving.let_go(looked_at)
                letters.send_due(looked_at)
            went_on = batches.advance(timezone.now()) | transfers.advance(timezone.now())
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

"""Carrying a step out: what it says, written down under the lease that the submission was claimed with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from django.conf import settings

from .models import State, Submission
from .steps import Situation, Step

log = structlog.get_logger("punte.delivery")


def situation(submission: Submission) -> Situation:
    return Situation(
        state=State(submission.state),
        tries=submission.tries,
        uncertain_since=submission.uncertain_since,
        adopting=bool(submission.duplicate_of),
        pace=settings.DELIVERY_PACE,
    )


def write(submission: Submission, step: Step, now: datetime, heard: dict[str, Any] | None = None) -> None:
    """Write the step and give the lease back. A wait that goes on for the same reason adds no line to the history.

    heard  whom we asked and what kind of answer came, for the dossier: `outages.heard`
    """
    news = step.to is not None or (step.kind and step.kind != submission.waiting_for)
    submission.write(
        now,
        to=step.to,
        kind=step.kind if news else "",
        text=step.text,
        heard=heard,
        due_at=step.due_at,
        leased_until=None,
        waiting_for=step.waiting_for,
        anaf_text=step.text if step.waiting_for else "",
        tries=0 if step.to not in (None, State.QUEUED) else submission.tries + 1,
        **step.facts,
    )
    log.info("step", submission=submission.pk, state=submission.state, kind=step.kind)

"""What a step heard, for the dossier; and ANAF's outages, put together from what the steps of all firms met."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from punte.anaf import errors
from punte.web.config.anaf import hosts
from punte.web.connection.client import NotConnected

from . import chaining
from .records import Outage

#: Answers that are none.
NO_ANSWER = (errors.NotSent, errors.ReplyLost, errors.Unwell)
#: Answers of our own: a worker that died, a limit that we keep ourselves.
UNASKED = {"Died", "RateLimited"}
LOOK = timedelta(minutes=1)  # how often a process that hears good answers looks for an outage to end
_looked: dict[str, datetime] = {}


def heard(answer: object, began: datetime, ended: datetime) -> dict[str, Any]:
    """Whom we asked, from when to when, what kind of answer it was and in which words. Notes outages on the way."""
    host = hosts().api
    said = {"host": host, "asked_at": began, "answered_at": ended, "answer": type(answer).__name__}
    if isinstance(answer, errors.AnafError):
        said["words"] = answer.text
    elif isinstance(answer, NotConnected):
        return {}  # nobody was asked
    if isinstance(answer, NO_ANSWER):
        met(host, answer, ended)
    elif type(answer).__name__ not in UNASKED:
        answered(host, ended)
    return said


def listed(at: datetime) -> dict[str, Any]:
    """`heard`, of a submission that another's list tells of."""
    return {"host": hosts().api, "answered_at": at, "answer": "Listed"}


def met(host: str, error: errors.AnafError, at: datetime) -> None:
    """The host gave no usable answer at `at`: a new outage, or the one that lasts."""
    _looked.pop(host, None)
    lasting = Outage.objects.filter(host=host, ended_at=None)
    if lasting.update(seen_at=Greatest(F("seen_at"), at), times=F("times") + 1):
        return
    try:
        with transaction.atomic():
            Outage.objects.create(
                host=host,
                kind=type(error).__name__,
                text=chaining.masked(error.text)[:500],
                began_at=at,
                seen_at=at,
            )
    except IntegrityError:  # another worker met it in the same instant
        lasting.update(times=F("times") + 1)


def answered(host: str, at: datetime) -> None:
    """The host answered at `at`. Asked of the table once a minute, unless this process has just met an outage."""
    looked = _looked.get(host)
    if looked is not None and timedelta(0) <= at - looked < LOOK:
        return
    _looked[host] = at
    Outage.objects.filter(host=host, ended_at=None, seen_at__lte=at).update(ended_at=at)

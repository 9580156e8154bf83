"""One question to ANAF for a firm, and, where it brought no answer, how long to let it be and why.

Used by `listing` and `fetching`. No error of ANAF's leaves here as an exception: it is a `Pause`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F, Q, QuerySet

from punte.anaf import errors
from punte.anaf.efactura import EFactura
from punte.web.connection import client
from punte.web.connection.client import Kind, NotConnected
from punte.web.connection.models import Problem, Right, RightState
from punte.web.firms.access import WRITERS
from punte.web.firms.models import Firm

Clock = Callable[[], datetime]
Answer = TypeVar("Answer")

#: after ANAF was unwell, one after the other
GROWING = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
SOON = timedelta(seconds=30)  # what waits for something of ours, not of ANAF's
NO_RIGHT = timedelta(hours=1)  # rights in SPV change within a day


@dataclass(frozen=True, slots=True)
class Pause:
    """Why nothing came. `due_at` None: until the firm is connected; `of_firm`: its other questions would fare alike."""

    due_at: datetime | None
    waiting_for: str  # as in `delivery.models.Submission`
    text: str = ""
    of_firm: bool = True


def ask(firm: Firm, question: Callable[[EFactura], Answer], clock: Clock, tries: int) -> Answer | Pause:
    """The answer to `question`, or the pause after the `tries`-th failure. Expired and BadPackage are the caller's."""
    began = clock()
    try:
        with client.efactura_for(firm, began, clock) as efactura:
            return question(efactura)
    except NotConnected as exc:
        return _unconnected(exc, clock(), tries)
    except errors.Reauthorise as exc:
        client.mark_stale(firm, began)
        return Pause(clock() + SOON, "reauthorise", exc.text)
    except errors.AccessDenied as exc:
        if exc.missing is errors.Missing.MESSAGE:
            return Pause(clock() + NO_RIGHT, "no-right", exc.text, of_firm=False)
        if client.fail_over(firm, began, exc.text):
            return Pause(clock() + SOON, "reserve", exc.text)
        return Pause(clock() + NO_RIGHT, "no-right", exc.text)
    except (errors.Expired, errors.BadPackage):
        raise
    except errors.RateLimited as exc:
        return Pause(exc.until, "limited", exc.text, of_firm=exc.scope is not errors.LimitScope.MESSAGE)
    except (errors.NotFound, errors.Declined) as exc:
        return Pause(clock() + after(tries), "strange-answer", exc.text, of_firm=False)
    except errors.Misconfigured as exc:
        return Pause(clock() + NO_RIGHT, "misconfigured", exc.text)
    except errors.AnafError as exc:
        return Pause(clock() + after(tries), "anaf-down", exc.text)


def after(tries: int) -> timedelta:
    return GROWING[min(tries, len(GROWING) - 1)]


def _unconnected(exc: NotConnected, now: datetime, tries: int) -> Pause:
    if exc.kind is Kind.ANAF_UNWELL:
        return Pause(now + after(tries), str(exc.kind))
    return Pause(None, str(exc.kind))


def connected() -> QuerySet[Right]:
    """Rights by which a firm can be asked for, as `connection.client.rights_on` finds them one by one."""
    writer = Q(authorization__user__memberships__firm=F("firm"), authorization__user__memberships__role__in=WRITERS)
    theirs = writer | Q(authorization__invitation__firm=F("firm"))
    living = Right.objects.filter(theirs, state=RightState.GRANTED, authorization__ended_at=None)
    return living.exclude(authorization__problem=Problem.DEAD)

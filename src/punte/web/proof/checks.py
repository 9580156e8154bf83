"""Verifică în SPV, step by step: asked by a person, carried out by the worker under a lease."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import models, transaction

from punte.web.accounts.models import User
from punte.web.firms.models import Firm
from punte.web.limits.clock import Clock
from punte.web.spv import listing
from punte.web.spv.asking import Pause, ask

from . import cures
from .comparing import compare
from .models import Check, Cure, Difference, State
from .period import Period, oldest_listed

log = structlog.get_logger("punte.proof")
LEASE = timedelta(minutes=10)  # a first listing of a large mailbox takes minutes
AGAIN = timedelta(seconds=20)  # between two looks at cures under way
KEPT = 20  # checks of a firm that the page offers


class TooOld(Exception):
    """SPV lists nothing of that period any more. `oldest`: the first day that it lists."""


def start(firm: Firm, user: User, period: Period, now: datetime) -> Check:
    """Ask for a check; the one under way where there is one. What SPV no longer lists is left out. Raises TooOld."""
    oldest = oldest_listed(now)
    if period.last < oldest:
        raise TooOld(str(oldest))
    with transaction.atomic():
        Firm.objects.select_for_update(of=("self",)).get(pk=firm.pk)
        running = Check.objects.filter(firm=firm).exclude(state=State.DONE).first()
        return running or Check.objects.create(
            firm=firm, first=max(period.first, oldest), last=period.last, due_at=now, asked_by=user, asked_at=now
        )


class Checks:
    """Steps of one kind, for `work.turns`."""

    name = "proof.checks"

    def firms(self, now: datetime) -> Iterable[int]:
        return list(_free(now).values_list("firm_id", flat=True).distinct())

    def take(self, firm_id: int, now: datetime) -> Callable[[Clock], None] | None:
        while found := _free(now).filter(firm_id=firm_id).order_by("due_at", "pk").first():
            same = Check.objects.filter(pk=found.pk, lease=found.lease)
            if same.update(lease=found.lease + 1, leased_until=now + LEASE) == 1:
                found.lease += 1
                claimed = found
                return lambda clock: advance(claimed, clock)
        return None


SOURCE = Checks()


def _free(now: datetime) -> models.QuerySet[Check]:
    free = models.Q(leased_until=None) | models.Q(leased_until__lte=now)
    return Check.objects.filter(free, due_at__lte=now)


def advance(check: Check, clock: Clock) -> None:
    """One step of a claimed check: list, compare, or see how the cures stand."""
    match check.state:
        case State.LISTING:
            _list(check, clock)
        case State.COMPARING:
            _compare(check, clock)
        case _:
            _follow(check, clock)


def _write(check: Check, **facts: Any) -> bool:
    """Fenced by our lease, which is given back; False when another worker holds the check."""
    mine = Check.objects.filter(pk=check.pk, lease=check.lease)
    return mine.update(**({"leased_until": None} | facts)) == 1


def _list(check: Check, clock: Clock) -> None:
    since = Period(check.first, check.last).starts_at
    answer = ask(
        check.firm, lambda efactura: listing.sync(check.firm, efactura, clock, since=since), clock, check.tries
    )
    now = clock()
    if isinstance(answer, Pause):
        facts = {"waiting_for": answer.waiting_for, "anaf_text": answer.text, "tries": check.tries + 1}
        _write(check, due_at=answer.due_at or now + timedelta(minutes=1), **facts)
        return
    _write(check, state=State.COMPARING, due_at=now, waiting_for="", anaf_text="", tries=0)


def _compare(check: Check, clock: Clock) -> None:
    period, now = Period(check.first, check.last), clock()

    def progress(done: int, total: int) -> None:
        Check.objects.filter(pk=check.pk, lease=check.lease).update(done=done, total=total)

    found = compare(check.firm, period.starts_at, period.ends_at, now, progress)
    counts = {name: getattr(found, name) for name in ("ours", "listed", "rejected", "came", "here")}
    with transaction.atomic():
        if not _write(check, state=State.DONE, due_at=None, ended_at=now, **counts):
            return
        for one in found.differences:
            one.check_of = check
        Difference.objects.bulk_create(found.differences, batch_size=500)
    log.info("checked", check=check.pk, **counts, differences=len(found.differences))


def _follow(check: Check, clock: Clock) -> None:
    now = clock()
    cures.follow(check, now)
    left = check.differences.filter(cure=Cure.UNDER_WAY).exists()
    _write(check, due_at=now + AGAIN * settings.DELIVERY_PACE if left else None)

"""Whose step it is: each claim counts its lease on, and every write names its own (`Submission.write`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, models, transaction

from .models import Lost, Submission


def due(now: datetime) -> models.QuerySet[Submission]:
    """What wants a step and is nobody's."""
    return free(now).filter(due_at__lte=now)


def free(now: datetime) -> models.QuerySet[Submission]:
    return Submission.objects.filter(models.Q(leased_until=None) | models.Q(leased_until__lte=now))


def claim(now: datetime) -> Submission | None:
    """The submission that has waited longest, whosever it is; ours now until the lease ends. None: nothing is due."""
    return next(iter(lease(due(now), now, 1)), None)


def take(firm_id: int, now: datetime) -> Submission | None:
    """`claim`, of one firm."""
    return next(iter(lease(due(now).filter(firm_id=firm_id), now, 1)), None)


def lease(wanted: models.QuerySet[Submission], now: datetime, most: int | None = None) -> list[Submission]:
    """Claim up to `most` of them, the longest waiting first; those that another worker holds by now are left out."""
    until = now + timedelta(seconds=settings.DELIVERY_LEASE)
    with transaction.atomic():  # SQLite: nobody else writes from here on; PostgreSQL: nobody else has these rows
        if connection.features.has_select_for_update_skip_locked:
            wanted = wanted.select_for_update(skip_locked=True, of=("self",))
        found = list(wanted.select_related("firm").order_by("due_at", "pk")[:most])
        Submission.objects.filter(pk__in=[one.pk for one in found]).update(
            lease=models.F("lease") + 1, leased_until=until
        )
    for one in found:
        one.lease, one.leased_until = one.lease + 1, until
    return found


def hold(held: Iterable[Submission], now: datetime) -> None:
    """Renew leases that are half over, as a step of many calls must. Raises Lost when another worker has one."""
    whole = timedelta(seconds=settings.DELIVERY_LEASE)
    for one in held:
        if one.leased_until is None or one.leased_until < now + whole / 2:
            if Submission.objects.filter(pk=one.pk, lease=one.lease).update(leased_until=now + whole) != 1:
                raise Lost(f"submission {one.pk}")
            one.leased_until = now + whole

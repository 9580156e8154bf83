"""ANAF's limits, kept by all workers together: `take` before each call, `stop` when ANAF itself says that it is enough.

The minute. One row per application holds the instant at which its next call may leave (GCRA); a caller moves it on by
one interval in a single UPDATE and waits for its slot. In any sliding minute ANAF sees the slots of that minute, at
most `pace + BURST + 1`, and what was under way when it began, at most `settings.ANAF_IN_FLIGHT`: the pace leaves so
much of the limit free, so no delay on the way can bring more (docs/operare/livrare.md does the sum).

The day. One row per operation and subject, counted by an upsert that does nothing once the limit is reached.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from punte.anaf.errors import LimitScope, RateLimited
from punte.anaf.sentences import next_midnight

from . import table
from .clock import Clock, wait_until
from .models import DayUse, Pace

BURST = 4  # slots that may be taken up late, at once
LONGEST_WAIT = timedelta(seconds=5)  # for a slot; shorter than the 10 s in which a worker must stop
KEPT_DAYS = 3
MINUTE = 60_000_000  # microseconds


def take(application: str, operation: str, subject: str, clock: Clock, *, user: str = "") -> None:
    """Account for one call to ANAF and wait for its slot, at most `LONGEST_WAIT`.

    application  client id: the minute's limit is its own
    operation    as in limits.tsv;  subject  the CIF or message id that it names
    user         whose certificate asks, where ANAF may have stopped that
    Raises RateLimited, with nothing counted: the day's limit is reached, ANAF has said stop, or the wait is too long.
    """
    now = clock()
    with transaction.atomic():  # one commit for both counts; who is not let through leaves neither
        _count(operation, subject, user, now)
        slot = reserve(application, clock)
    wait_until(slot, clock)


def stop(application: str, operation: str, subject: str, limited: RateLimited, clock: Clock, *, user: str = "") -> None:
    """ANAF has said that a limit is reached: no more such calls by anybody until it is over."""
    now = clock()
    if limited.scope is LimitScope.MINUTE:
        until = now + timedelta(seconds=limited.retry_after)
        _pace(
            application,
            "UPDATE limits_pace SET free_at = CASE WHEN free_at > %s THEN free_at ELSE %s END "
            "WHERE application = %s RETURNING free_at",
            (_micros(until), _micros(until), application),
        )
        return
    key = f"user {user}" if limited.scope is LimitScope.USER else subject
    DayUse.objects.update_or_create(
        {"stopped": True}, day=table.day_of(now), operation=operation, subject=key, create_defaults={"stopped": True}
    )


def pace(now: datetime) -> int:
    """Slots in a minute: ANAF's limit less what may arrive late."""
    return max(1, table.a_minute(table.day_of(now)) - settings.ANAF_IN_FLIGHT - BURST - 1)


def reserve(application: str, clock: Clock) -> datetime:
    """The slot of the next call. Raises RateLimited when it is further off than `LONGEST_WAIT`; then none is taken.

    The clock is asked here, after whatever the caller waited for, and again before a refusal: SQLite's lock may have
    held the statement itself, while others took the slots of that time.
    """
    now = clock()
    interval = math.ceil(MINUTE / pace(now))
    earliest, latest = _micros(now) - BURST * interval, _micros(now + LONGEST_WAIT)
    free_at = _pace(
        application,
        "UPDATE limits_pace SET free_at = CASE WHEN free_at > %s THEN free_at ELSE %s END + %s "
        "WHERE application = %s AND free_at <= %s RETURNING free_at",
        (earliest, earliest, interval, application, latest),
    )
    if free_at is None:
        free = Pace.objects.get(application=application).free_at
        if free <= _micros((now := clock()) + LONGEST_WAIT):
            return reserve(application, clock)
        latest = _micros(now + LONGEST_WAIT)
        until = now + timedelta(microseconds=max(free - latest, interval))
        raise RateLimited(_("Cererile către ANAF își așteaptă rândul."), LimitScope.MINUTE, until, answered_at=now)
    return now + timedelta(microseconds=max(0, free_at - interval - _micros(now)))


def forget(now: datetime) -> int:
    """Remove the counts of days that are over."""
    return DayUse.objects.filter(day__lt=table.day_of(now) - timedelta(days=KEPT_DAYS)).delete()[0]


def _count(operation: str, subject: str, user: str, now: datetime) -> None:
    """One more call today, where the day has a limit. Raises RateLimited."""
    day = table.day_of(now)
    keys = [subject, f"user {user}"] if user else [subject]
    if DayUse.objects.filter(day=day, operation=operation, subject__in=keys, stopped=True).exists():
        raise _over(operation, now)
    most = table.a_day(operation, day)
    if most is None:
        return
    counted = _returned(
        "INSERT INTO limits_dayuse (day, operation, subject, used, stopped) VALUES (%s, %s, %s, 1, %s) "
        "ON CONFLICT (day, operation, subject) DO UPDATE SET used = limits_dayuse.used + 1 "
        "WHERE limits_dayuse.used < %s AND NOT limits_dayuse.stopped RETURNING used",
        (day, operation, subject, False, most),
    )
    if counted is None:
        raise _over(operation, now)


def give_back(operation: str, subject: str, now: datetime) -> None:
    """Count one call less today: nothing of it left this machine."""
    today = DayUse.objects.filter(day=table.day_of(now), operation=operation, subject=subject, used__gt=0)
    today.update(used=models.F("used") - 1)


def _over(operation: str, now: datetime) -> RateLimited:
    scope = LimitScope.COMPANY if operation in {"list", "paginated", "rasp"} else LimitScope.MESSAGE
    return RateLimited(
        _("Limita zilnică a ANAF pentru această cerere a fost atinsă."), scope, next_midnight(now), answered_at=now
    )


def _pace(application: str, update: str, facts: tuple[str | int | date, ...]) -> int | None:
    """What `update` returns of the application's row, made first where it is missing; None: its condition fails."""
    found = _returned(update, facts)
    if found is None:
        Pace.objects.bulk_create([Pace(application=application, free_at=0)], ignore_conflicts=True)
        found = _returned(update, facts)
    return found


def _returned(statement: str, facts: tuple[str | int | date, ...]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _micros(instant: datetime) -> int:
    return round(instant.timestamp() * 1_000_000)

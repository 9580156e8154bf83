"""The worker's clock. With PostgreSQL it is the database's, so that a host a minute off does no harm to a lease or a
limit; with SQLite, which lives on one machine, that machine's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from django.db import connection
from django.utils import timezone

Clock: TypeAlias = Callable[[], datetime]


def now() -> datetime:
    """The present, aware, UTC."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def wait_until(instant: datetime, clock: Clock) -> None:
    """Wait by `clock`; one that is moved by hand brings its own `wait_until`, and jumps."""
    jump: Callable[[datetime], None] | None = getattr(clock, "wait_until", None)
    if jump is not None:
        jump(instant)
    else:
        time.sleep(max(0.0, (instant - clock()).total_seconds()))

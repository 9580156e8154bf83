"""Is the installation well? Facts with their bounds, each measured where it happens: in the tables.

`down` means that this web server cannot serve; `late` that it can, yet somebody should look: no worker beats, one of
them hangs, or what is due waits too long. Pages go on while nothing is sent, so `late` takes no web server away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min, Q

from punte.web.delivery.models import Submission
from punte.web.limits.clock import now as clock

from .models import Worker

SILENT = timedelta(seconds=30)  # six beats missed
LATE = timedelta(minutes=15)  # due, and nobody took it: far above what ANAF's pace makes a fair queue wait


@dataclass(frozen=True, slots=True)
class Health:
    """`seconds` None: nothing to measure, as an empty queue."""

    database: bool
    migrated: bool
    workers: int  # that beat
    silent: int  # that neither beat nor said that they ended, in the last hour
    beat_seconds: float | None  # since the newest beat
    due_seconds: float | None  # since the oldest waiting step came due

    @property
    def state(self) -> str:
        if not (self.database and self.migrated):
            return "down"
        waits = self.due_seconds is not None and self.due_seconds > LATE.total_seconds()
        return "late" if not self.workers or self.silent or waits else "ok"


def measure() -> Health:
    try:
        if not migrated():
            return Health(True, False, 0, 0, None, None)
        now = clock()
        return Health(True, True, *workers(now), oldest_due(now))
    except DatabaseError:
        return Health(False, False, 0, 0, None, None)


def workers(now: datetime) -> tuple[int, int, float | None]:
    """How many beat, how many fell silent, seconds since the newest beat."""
    here = Worker.objects.filter(ended_at=None)
    newest = here.order_by("-beaten_at").values_list("beaten_at", flat=True).first()
    alive = here.filter(beaten_at__gte=now - SILENT).count()
    silent = here.filter(beaten_at__lt=now - SILENT, beaten_at__gte=now - timedelta(hours=1)).count()
    return alive, silent, None if newest is None else max(0.0, (now - newest).total_seconds())


def oldest_due(now: datetime) -> float | None:
    """Seconds that the delivery due longest has waited for a worker."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    oldest = Submission.objects.filter(free, due_at__lte=now).aggregate(oldest=Min("due_at"))["oldest"]
    return None if oldest is None else (now - oldest).total_seconds()


_complete = False  # once they are applied, they stay so


def migrated() -> bool:
    """Every migration of this edition is applied. Newer ones, of an edition to come, do no harm: they only widen."""
    global _complete
    if not _complete:
        executor = MigrationExecutor(connection)
        _complete = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _complete

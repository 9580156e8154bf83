"""Counts of this process since its last beat: calls to ANAF, and log lines from warning up.

Kept in memory, added to the database's rows every few seconds (`models.Tally`): one address then tells of every
process on every host, and a process needs no port of its own. A process that is killed loses its last seconds' counts.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import MutableMapping
from typing import Any

from django.db import transaction
from django.db.models import F

from punte.anaf import channel

from .models import Tally

#: Upper bounds of ANAF's latency, seconds: an answer is quick under 1, and no call waits longer than 130 s.
WITHIN = (0.25, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 150.0)
Key = tuple[str, str, str, float]

_counted: dict[Key, list[float]] = defaultdict(lambda: [0, 0.0])
_lock = threading.Lock()


def listen() -> None:
    """Hear every call to ANAF that this process makes."""
    channel.listener = heard


def heard(operation: str, outcome: str, seconds: float) -> None:
    within = next((bound for bound in WITHIN if seconds <= bound), WITHIN[-1])
    _add(("anaf", operation[:60], outcome[:40], within), seconds)


def logged(_: object, level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor of structlog: counts lines that a person should hear of. Event names are fixed words of the code."""
    if level in {"warning", "error", "exception", "critical"}:
        _add(("log", str(event["event"])[:60], "error" if level == "exception" else level, 0.0), 0.0)
    return event


def _add(key: Key, seconds: float) -> None:
    with _lock:
        mine = _counted[key]
        mine[0] += 1
        mine[1] += seconds


def empty() -> bool:
    return not _counted


def write() -> None:
    """Add what was counted to the rows. Where the database refuses, it is kept for the next time."""
    with _lock:
        taken = dict(_counted)
        _counted.clear()
    try:
        with transaction.atomic():
            for (of, name, outcome, within), (times, seconds) in sorted(taken.items()):
                row, _ = Tally.objects.get_or_create(of=of, name=name, outcome=outcome, within=within)
                Tally.objects.filter(pk=row.pk).update(times=F("times") + times, seconds=F("seconds") + seconds)
    except Exception:
        with _lock:
            for key, (times, seconds) in taken.items():
                _counted[key][0] += times
                _counted[key][1] += seconds
        raise

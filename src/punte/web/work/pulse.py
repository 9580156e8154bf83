"""A worker's sign of life: who is here, and how long its slowest step has been under way.

Another thread writes it than those that work, so a slow answer of ANAF's is not taken for death; but it stops when a
step outlasts every lease, since then nobody would miss this worker (`health` says which one hangs).
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import close_old_connections, connection

from punte import __version__

from . import tallies
from punte.web.limits.clock import now as clock
from .models import Worker

log = structlog.get_logger("punte.work")
EVERY = 5.0  # seconds between two beats
FORGOTTEN = timedelta(days=1)

stopping = threading.Event()  # of this process: what has begun may end, nothing new begins
_steps: dict[int, float] = {}  # thread → when its step began, on the monotonic clock


@contextmanager
def busy() -> Iterator[None]:
    """Around each step, in the thread that takes it."""
    _steps[threading.get_ident()] = time.monotonic()
    try:
        yield
    finally:
        _steps.pop(threading.get_ident(), None)


def slowest() -> float:
    """Seconds since the oldest step under way began; 0 when none is."""
    now = time.monotonic()
    return max((now - began for began in list(_steps.values())), default=0.0)


@contextmanager
def beating(lanes: int) -> Iterator[None]:
    """Beat while the block runs, and say at its end that the worker stopped."""
    tallies.listen()
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(lanes, stop), name="pulse", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(EVERY)


def tell_tallies() -> None:
    """In a process that is no worker: only its counts are written, as long as it lives."""
    tallies.listen()
    threading.Thread(target=_tell, name="tallies", daemon=True).start()


def _tell() -> None:
    while True:
        time.sleep(EVERY)
        if not tallies.empty():
            with contextlib.suppress(Exception):  # the database is away: the counts are kept
                tallies.write()
            connection.close()


def _beat(lanes: int, stop: threading.Event) -> None:
    mine: Worker | None = None
    ended = False
    while not ended:
        ended = stop.wait(EVERY if mine else 0)
        close_old_connections()
        try:
            mine = _write(mine, lanes, clock(), ended)
            tallies.write()
        except Exception as exc:
            log.warning("no beat", error=type(exc).__name__)  # the database is away: the next beat says so again
            ended = ended or stop.wait(EVERY)
    connection.close()


def _write(mine: Worker | None, lanes: int, now: datetime, ended: bool) -> Worker | None:
    if mine is None:
        Worker.objects.filter(beaten_at__lt=now - FORGOTTEN).delete()
        here = {"host": socket.gethostname()[:100], "pid": os.getpid(), "edition": __version__, "lanes": lanes}
        mine = Worker.objects.create(started_at=now, beaten_at=now, **here)
    facts: dict[str, object] = {"busy": len(_steps), "slowest": slowest(), "ended_at": now if ended else None}
    if slowest() <= settings.DELIVERY_LEASE or ended:
        facts["beaten_at"] = now
    return mine if Worker.objects.filter(pk=mine.pk).update(**facts) else None

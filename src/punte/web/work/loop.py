"""The embedded worker. It may be killed at any instant; the tables say how to go on.

One thread asks whose turn it is and claims the step; `settings.WORKER_LANES` threads carry steps out, each waiting for
ANAF by itself; one more makes the rounds, so that no mail server holds up an invoice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from queue import SimpleQueue

import structlog
from django.conf import settings
from django.db import connections

from punte.web.delivery import worker
from punte.web.inbox import speaking
from punte.web.limits import clock
from punte.web.limits.clock import Clock
from punte.web.proof import checks
from punte.web.spv import fetching, listing

from . import pulse, rounds
from .turns import Source, Turns

log = structlog.get_logger("punte.work")

SOURCES: tuple[Source, ...] = (worker.SOURCE, listing.SOURCE, fetching.SOURCE, speaking.SOURCE, checks.SOURCE)
IDLE = 0.5  # seconds between two looks when nothing is due
GRACE = 8.0  # seconds for steps to end after `stop`; whoever starts us gives 10
Steps = SimpleQueue[Callable[[Clock], None] | None]


def run(stop: threading.Event, clock: Clock = clock.now) -> None:
    """Work until `stop` is set; then let what has begun end, within `GRACE`.

    A step that takes longer is left behind: its lease ends, and whoever comes next goes on by the table.
    """
    keeper = threading.Thread(target=make_rounds, args=(stop, clock), name="rounds", daemon=True)
    keeper.start()
    give_turns(stop, SOURCES, min(settings.WORKER_LANES, settings.ANAF_IN_FLIGHT), clock)
    keeper.join(GRACE)


def give_turns(stop: threading.Event, sources: Sequence[Source], lanes: int, clock: Clock) -> None:
    """Hand out steps to as many threads until `stop` is set, then wait for them, at most `GRACE`."""
    turns, steps, free = Turns(sources), Steps(), threading.Semaphore(lanes)
    threads = [
        threading.Thread(target=carry_out, args=(steps, free, clock), name=f"lane {number}", daemon=True)
        for number in range(1, lanes + 1)
    ]
    for thread in threads:
        thread.start()
    while not stop.is_set():
        if not free.acquire(timeout=IDLE):
            continue
        try:
            step = turns.next(clock())
        except Exception:
            log.exception("no turn could be given")
            connections.close_all()
            step = None
        if step is not None:
            steps.put(step)
        else:
            free.release()
            stop.wait(IDLE)
    for _ in threads:
        steps.put(None)
    end = time.monotonic() + GRACE
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    connections.close_all()


def carry_out(steps: Steps, free: threading.Semaphore, clock: Clock) -> None:
    """One lane: step after step until None comes. A fault in one leaves the others their turn."""
    while (step := steps.get()) is not None:
        try:
            with pulse.busy():
                step(clock)
        except Exception:
            log.exception("step failed")  # the lease keeps its row quiet until it may be tried again
            connections.close_all()  # a connection that the database has cut is made anew
        finally:
            free.release()
    connections.close_all()


def make_rounds(stop: threading.Event, clock: Clock) -> None:
    """The rounds, one after another, until `stop` is set."""
    all_rounds = rounds.rounds()
    while not stop.is_set():
        try:
            went_on = rounds.make(all_rounds, clock())
        except Exception:
            log.exception("rounds failed")
            connections.close_all()
            went_on = False
        stop.wait(0 if went_on else IDLE)

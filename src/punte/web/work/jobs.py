"""The cluster's engine: Procrastinate workers, any number on any host, over one PostgreSQL.

A job only calls: `turn` takes one step of a firm, then puts the firm at the end of the queue again while it finds
something; each step of the rounds is a task of its own by its cron, never two at once. What is due and has no job, the
sweep calls. The rows stay the truth, so a job lost, run twice or run late does no harm (docs/decisions/0011).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from procrastinate import App
from procrastinate.contrib.django.db_cleanup import DjangoApp
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import Status
from procrastinate.psycopg_connector import PsycopgConnector

from punte.web.limits.clock import now as clock

from . import pulse, rounds
from .deferring import TURN, call, call_all
from .loop import SOURCES

log = structlog.get_logger("punte.work")
OFTEN = timedelta(seconds=2)  # the sweep, and what people wait for
STALLED = 30.0  # seconds without a sign of life after which a worker's jobs are taken from it
LIFE = 5.0  # seconds between two signs
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)  # seconds between two tries to reach the database


def turn(source: str, firm_id: int) -> None:
    """One step of the firm's. The next turn is called before the step begins, so that another lane may go on with the
    firm and a worker that dies here leaves nothing uncalled; and after it, for what the step made due."""
    offered = next((one for one in SOURCES if one.name == source), None)
    step = offered.take(firm_id, clock()) if offered else None  # None: called by an edition that knows more
    if step is None:
        return
    call(source, firm_id)
    with pulse.busy():
        step(clock)
    call(source, firm_id)


def sweep() -> None:
    """Call the turns of what is due and has none waiting: pauses that ended, leases that ran out, jobs lost."""
    now = clock()
    if called := call_all([(source.name, firm_id) for source in SOURCES for firm_id in source.firms(now)]):
        log.debug("swept", called=called)


def app_of(connector: PsycopgConnector) -> App:
    """Every task by its name: `turn`, `sweep`, and one a step of the rounds."""
    app = DjangoApp(connector=connector)
    app.task(name=TURN)(turn)
    _every(app, OFTEN, "sweep", sweep)
    for every, step in steps():
        _every(app, every, f"{step.__module__}.{step.__qualname__}", _made(step))
    return app


def steps() -> Iterator[tuple[timedelta, Callable[[datetime], object]]]:
    """Every step of the rounds, and of what people have started, with how often it is made."""
    yield from ((OFTEN, step) for step in rounds.STARTED)
    yield from ((one.every, step) for one in rounds.rounds() for step in one.steps)


def _made(step: Callable[[datetime], object]) -> Callable[[], None]:
    def make() -> None:
        with pulse.busy():
            while step(clock()) is True and not pulse.stopping.is_set():  # True: more of the same waits
                pass

    return make


def _every(app: App, every: timedelta, name: str, make: Callable[[], None]) -> None:
    def at_its_time(timestamp: int) -> None:
        make()

    app.periodic(cron=cron(every))(app.task(name=name, lock=name, queueing_lock=name)(at_its_time))


def cron(every: timedelta) -> str:
    """The schedule, with seconds last; `every` divides a minute or an hour, or is an hour.

    >>> cron(timedelta(seconds=5)), cron(timedelta(minutes=1)), cron(timedelta(hours=1))
    ('* * * * * */5', '*/1 * * * * 0', '0 * * * * 0')
    """
    seconds = int(every.total_seconds())
    if seconds < 60:
        return f"* * * * * */{seconds}"
    return f"*/{seconds // 60} * * * * 0" if seconds < 3600 else "0 * * * * 0"


def run(stop: threading.Event) -> None:
    """Work until `stop` is set. A database that goes away ends the engine, not the worker: it is started again."""
    tries = 0
    while not stop.is_set():
        began = asyncio.run(_work(stop))
        tries = 0 if began else tries + 1
        if not stop.is_set():
            pause = PAUSES[min(tries, len(PAUSES) - 1)]
            log.warning("engine ended", again_in=pause)
            stop.wait(pause)


async def _work(stop: threading.Event) -> bool:
    """Run the engine until `stop`, or until the database goes away. True when it had begun."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(settings.WORKER_LANES, "lane"))
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=3, timeout=5.0)
    app, began = app_of(connector), False
    try:
        async with app.open_async():
            began = True
            engine = asyncio.create_task(
                app.run_worker_async(
                    concurrency=settings.WORKER_LANES,
                    delete_jobs="always",  # what happened stands in the rows and in the log
                    fetch_job_polling_interval=OFTEN.total_seconds(),
                    update_heartbeat_interval=LIFE,
                    stalled_worker_timeout=STALLED,
                    install_signal_handlers=False,
                )
            )
            rescuer = asyncio.create_task(_rescue(app))
            while not (stop.is_set() or engine.done() or rescuer.done()):
                await asyncio.wait({engine, rescuer}, timeout=0.2)
            engine.cancel()  # it lets the steps under way end
            rescuer.cancel()
            for ended in await asyncio.gather(engine, rescuer, return_exceptions=True):
                if isinstance(ended, Exception):
                    log.warning("engine failed", exc_info=ended)
    except Exception as exc:
        log.warning("no database", exc_info=exc)
    return began


async def _rescue(app: App) -> None:
    """Take away the jobs of workers that died. A turn is called again by the sweep once its step's lease has run out;
    a round has its next time, which must not wait behind a lock that nobody holds."""
    while True:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            log.warning("job of a dead worker", job=job.task_name)
            assert job.id is not None
            await app.job_manager.finish_job_by_id_async(job_id=job.id, status=Status.ABORTED, delete_job=True)
        await asyncio.sleep(LIFE)

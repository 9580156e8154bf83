"""Calling a firm's turn, on PostgreSQL: the job is written in the caller's transaction, so it exists when the row does.

A job is only a call. One that is lost is made again by the sweep (`jobs.sweep`), one too many finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Model

if TYPE_CHECKING:
    from procrastinate.jobs import Job
    from procrastinate.manager import JobManager

TURN = "turn"  # the task's name, in every edition
DELIVERY = "delivery"  # the source that the pages feed; the others' rows are written by steps
Call = tuple[str, int]  # whose turn: a source's name and a firm


def call(source: str, firm_id: int) -> int:
    """See that one turn of the firm's waits at the end of the queue; with one waiting, nothing is written."""
    return call_all([(source, firm_id)])


def call_all(calls: Iterable[Call]) -> int:
    """`call` for many, in one statement where nobody else does the same; how many turns were written."""
    from procrastinate.exceptions import AlreadyEnqueued

    missing = _not_waiting(calls)
    try:
        with transaction.atomic():  # a savepoint: a turn that another has just called is no failure of ours
            return len(_manager().batch_defer_jobs([_turn(*one) for one in missing])) if missing else 0
    except AlreadyEnqueued:
        return sum(call_all([one]) for one in missing) if len(missing) > 1 else 0


def when_due(sender: type[Model], instance: Any, created: bool, **_: object) -> None:
    """A receiver of post_save: a delivery that begins due is called in the transaction that writes it."""
    if created and instance.due_at is not None and connection.vendor == "postgresql":
        call(DELIVERY, instance.firm_id)


def _not_waiting(calls: Iterable[Call]) -> list[Call]:
    by_lock = {_lock(*one): one for one in calls}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(%s)",
            [list(by_lock)],
        )
        for (lock,) in cursor.fetchall():
            del by_lock[lock]
    return list(by_lock.values())


def _lock(source: str, firm_id: int) -> str:
    return f"{TURN} {source} {firm_id}"


def _turn(source: str, firm_id: int) -> Job:
    from procrastinate.jobs import Job

    return Job(
        queue="default",
        lock=None,  # a firm may have several steps under way: each is claimed by its lease
        queueing_lock=_lock(source, firm_id),
        task_name=TURN,
        task_kwargs={"source": source, "firm_id": firm_id},
    )


@cache
def _manager() -> JobManager:
    """On the ORM's own connection, and so in its transaction."""
    from procrastinate.contrib.django.django_connector import DjangoConnector
    from procrastinate.manager import JobManager

    return JobManager(DjangoConnector())

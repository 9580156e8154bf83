"""Procrastinate calls, the rows decide: a job lost, run twice or left by the dead does no harm. On PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from punte.web.delivery.models import Event, State
from punte.web.work import jobs

only_postgres = pytest.mark.skipif(
    "connection.vendor != 'postgresql'",
    reason="SQLite has the embedded loop: python tests/on_postgres.py tests/web/work",
)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_jobs(transactional_db) -> None:
    """Procrastinate's tables are not Django's to empty."""
    if connection.vendor == "postgresql":
        lose_jobs()


def turns() -> list[int]:
    """Of whose deliveries a turn waits, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args->>'firm_id')::int FROM procrastinate_jobs"
            " WHERE status = 'todo' AND task_name = 'turn' AND args->>'source' = 'delivery' ORDER BY id"
        )
        return [firm_id for (firm_id,) in cursor.fetchall()]


def lose_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def work_off() -> None:
    """A worker with one lane, until nothing waits."""

    async def work() -> None:
        app = jobs.app_of(PsycopgConnector(kwargs=connector_params()))
        app.periodic_registry.periodic_tasks.clear()
        async with app.open_async():
            await app.run_worker_async(
                wait=False, concurrency=1, delete_jobs="always", listen_notify=False, install_signal_handlers=False
            )

    asyncio.run(work())


@only_postgres
def test_the_turn_is_called_in_the_transaction_that_makes_the_row_due(queue, firm):
    with transaction.atomic():
        queue("DI 0001")
        assert turns() == [firm.pk]
        transaction.set_rollback(True)
    assert turns() == []

    for number in ("DI 0001", "DI 0002", "DI 0003"):
        queue(number)
    assert turns() == [firm.pk]  # one for all three


@only_postgres
def test_a_turn_run_twice_files_once(spv, connected, queue, firm):
    submission = queue("DI 0001")

    jobs.turn("delivery", firm.pk)
    jobs.turn("delivery", firm.pk)

    assert spv.filed(submission) == ["ok"]
    assert submission.attempts.count() == 1


@only_postgres
def test_a_lost_job_is_called_again_by_the_sweep(spv, connected, queue, firm):
    submission = queue("DI 0001")
    lose_jobs()

    jobs.sweep()
    jobs.sweep()

    assert turns() == [firm.pk]
    work_off()
    assert spv.filed(submission) == ["ok"]


@only_postgres
def test_the_engine_takes_an_invoice_to_its_end(spv, connected, queue):
    submission = queue("DI 0001")

    for _ in range(60):
        jobs.sweep()
        work_off()
        submission.refresh_from_db()
        if submission.due_at is None:
            break

    assert submission.state == State.ACCEPTED
    assert submission.package_id


@only_postgres
def test_a_firm_with_one_invoice_waits_for_one_of_another_firms_many(anaf, queue, firm, carmens_firm):
    many = [queue(f"DI {number:04}") for number in range(1, 6)]
    one = queue("DI 0099")
    type(one).objects.filter(pk=one.pk).update(firm=carmens_firm)
    jobs.sweep()
    assert turns() == [firm.pk, carmens_firm.pk]

    work_off()  # neither firm is connected: each step says so, and waits

    order = list(Event.objects.order_by("at", "pk").values_list("submission", flat=True))
    assert order.index(one.pk) == 1
    assert {submission.pk for submission in many} < set(order)


@only_postgres
def test_jobs_of_a_dead_worker_hold_no_lock(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        (dead,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status, worker_id)"
            " VALUES ('default', 'sweep', 'sweep', 'doing', %s)",
            [dead],
        )

    async def rescued() -> None:
        app = jobs.app_of(PsycopgConnector(kwargs=connector_params()))
        async with app.open_async():
            rescuer = asyncio.create_task(jobs._rescue(app))
            await asyncio.sleep(0.5)
            rescuer.cancel()

    asyncio.run(rescued())

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)


def test_every_step_of_the_rounds_has_a_name_and_a_schedule_of_its_own():
    app = jobs.app_of(PsycopgConnector())
    names = [f"{step.__module__}.{step.__qualname__}" for _, step in jobs.steps()]

    assert len(set(names)) == len(names) > 10
    assert set(names) | {"turn", "sweep"} <= set(app.tasks)
    for name in names:
        assert app.tasks[name].lock == app.tasks[name].queueing_lock == name  # never two at once
    assert {timedelta(seconds=2): "* * * * * */2", timedelta(hours=1): "0 * * * * 0"} == {
        every: jobs.cron(every) for every in (timedelta(seconds=2), timedelta(hours=1))
    }


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="on PostgreSQL they are there")
def test_sqlite_has_none_of_the_engines_tables(queue):
    queue("DI 0001")  # and calls nobody
    assert not [name for name in connection.introspection.table_names() if name.startswith("procrastinate")]

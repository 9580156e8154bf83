"""A rolling upgrade, with the code of the edition before as it was (tests/data/previous): both over the same tables.

PostgreSQL: the old web server and worker run while the new edition migrates; old code goes on making, sending and
settling; then both send; then the old ones stop. SQLite: the new edition takes the data over in place, and the old one
takes it back. docs/operare/actualizare.md promises this.
"""

from __future__ import annotations

import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from installation import until
from punte.cli import product

from .test_cluster import ENDED, OPEN, Cluster, answers, cluster, drafts, press

PREVIOUS = Path(__file__).parents[2] / "data" / "previous" / "punte.tar.xz"
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def old(tmp_path) -> dict[str, str]:
    """The environment in which `python -m punte` is the edition before."""
    with tarfile.open(PREVIOUS) as archive:
        archive.extractall(tmp_path / "previous", filter="data")
    return {"PYTHONPATH": str(tmp_path / "previous"), "PYTHONSAFEPATH": "1"}


def prepare(running: Cluster, **settings: str) -> None:
    subprocess.run(product.prepare_command(), env=running.env | settings, check=True)


def web(running: Cluster, **settings: str) -> subprocess.Popen[bytes]:
    port = int(running.base.rpartition(":")[2])
    process = running.start(*product.web_command("127.0.0.1", port), **settings)
    until(lambda: process.poll() is not None or answers(f"{running.base}/cont/login/"), 60)
    assert process.poll() is None
    return process


def end(*processes: subprocess.Popen[bytes]) -> None:
    for process in processes:
        process.terminate()
        process.wait(20)


def accepted(running: Cluster) -> int:
    filed = [one["number"] for one in running.simulator.filed if one["state"] == "ok"]
    assert len(filed) == len(set(filed))
    return len(filed)


@pytest.mark.postgres
def test_old_and_new_code_work_over_the_same_tables(tmp_path, old):
    with cluster(tmp_path) as running:
        prepare(running, **old)
        old_web, old_worker = web(running, **old), running.start(*product.worker_command(), **old)
        assert not answers(f"{running.base}/readyz"), "this is not the edition before"
        walk, _browsers, (first, second, third, fourth) = drafts(running, 4)

        prepare(running)  # the new tables, under the old processes
        press(walk, first)
        until(lambda: running.ask(ENDED) == [("accepted", 1)], 60)

        new_worker = running.start(*product.worker_command())
        press(walk, second)
        press(walk, third)
        until(lambda: running.ask(ENDED) == [("accepted", 3)], 60)

        end(old_worker, old_web)
        web(running)
        press(walk, fourth)
        until(lambda: running.ask(ENDED) == [("accepted", 4)], 60)

        assert new_worker.poll() is None
        assert running.ask(OPEN) == [(0,)]
        assert accepted(running) == 4


def test_an_sqlite_installation_goes_to_the_new_edition_and_back_without_loss(tmp_path, old):
    with cluster(tmp_path, database=False) as running:

        def counts() -> tuple[int, int]:
            with closing(sqlite3.connect(tmp_path / "data" / "punte.sqlite3", timeout=30)) as connection:
                everything = connection.execute("SELECT count(*) FROM invoices_invoice").fetchone()[0]
                ended = "SELECT count(*) FROM delivery_submission WHERE state = 'accepted' AND package_id IS NOT NULL"
                return everything, connection.execute(ended).fetchone()[0]

        prepare(running, **old)
        processes = web(running, **old), running.start(*product.worker_command(), **old)
        walk, _browsers, (first, second, third) = drafts(running, 3)
        press(walk, first)
        until(lambda: counts()[1] == 1, 60)
        before = counts()[0]
        end(*processes)

        serve = running.serve()  # prepares by itself
        assert counts() == (before, 1)
        press(walk, second)
        until(lambda: counts()[1] == 2, 60)
        end(serve)

        web(running, **old), running.start(*product.worker_command(), **old)
        page = walk.product.open(first)
        assert "Validată" in page.text
        press(walk, third)
        until(lambda: counts() == (before, 3), 60)
        assert accepted(running) == 3


def test_the_archive_of_the_edition_before_is_small():
    assert PREVIOUS.stat().st_size < 800_000

"""The cluster as it is installed: PostgreSQL, `punte serve`, workers as processes of their own, ANAF's ledger as judge.

A worker is killed, the database restarted, the web server killed, while invoices are being sent and ANAF answers
slowly. In the second test the workers are on hosts of their own, as far as the network goes.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

import httpx2
import psycopg
import pytest

import namespaces
import on_postgres
from installation import until
from punte.anafsim import Simulator
from punte.anafsim.faults import Fault, Kind
from punte.cli import demo, product
from punte.cli.walk import Walk

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(600)]
INVOICES = 6
OPEN = "SELECT count(*) FROM delivery_submission WHERE due_at IS NOT NULL"
ENDED = "SELECT state, count(*) FROM delivery_submission WHERE package_id IS NOT NULL GROUP BY state"


def postgres() -> Path:
    found = on_postgres.binaries()
    if found is None:
        message = "PostgreSQL is missing (Debian: apt install postgresql)"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    return found


class Cluster:
    def __init__(self, database: on_postgres.Server | None, simulator: Simulator, port: int, directory: Path) -> None:
        self.simulator, self.directory = simulator, directory
        self.base = f"http://localhost:{port}"
        self.env = os.environ | demo.settings(self.base, directory)
        self.env |= demo.anaf_settings(simulator.describe(), door=False)
        self.env |= {"PUNTE_DELIVERY_PACE": "0.002", "PUNTE_DELIVERY_LEASE": "3", "PUNTE_ANAF_CLOCK_MARGIN": "0.5"}
        self.env |= {"DJANGO_SETTINGS_MODULE": "punte.web.config.settings", "PUNTE_WORKER_LANES": "2"}
        self.env.pop("DATABASE_URL", None)
        if database:
            self.database = database
            self.env["DATABASE_URL"] = database.url
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str, **settings: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(command, env=self.env | settings)
        self.processes.append(process)
        return process

    def serve(self) -> subprocess.Popen[bytes]:
        """`punte serve`: it prepares the database, then web server and a worker."""
        process = self.start(sys.executable, "-m", "punte", "serve")
        until(lambda: process.poll() is not None or answers(f"{self.base}/readyz"), 120)
        assert process.poll() is None, "punte serve ended; its reason stands above"
        return process

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database.dsn) as connection:
            return connection.execute(statement).fetchall()

    def end(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(20)


def answers(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=5).status_code == 200
    except httpx2.HTTPError:
        return False


@contextmanager
def cluster(tmp_path: Path, *listen: str, database: bool = True) -> Iterator[Cluster]:
    """Database and ANAF; web server and workers are the test's to start. `database` False: SQLite in `tmp_path`."""
    port = demo.free_port(0)
    callbacks = [demo.callback(f"http://localhost:{port}")]
    server = on_postgres.server(postgres(), ",".join(listen), demo.free_port(0)) if database else nullcontext()
    with (
        server as postgres_server,
        Simulator(tmp_path / "anafsim", processing=0.3, listing_lag=0.1, callbacks=callbacks) as simulator,
    ):
        running = Cluster(postgres_server, simulator, port, tmp_path)
        try:
            yield running
        finally:
            running.end()


def drafts(running: Cluster, count: int = INVOICES) -> tuple[Walk, object, list[str]]:
    """A person with a connected firm, and the addresses of her drafts. The second keeps her browsers open."""
    walk = Walk(running.base, running.simulator)
    steps = iter(walk)
    while next(steps).name != "Ciornă":
        pass
    urls = [walk.invoice_url]
    while len(urls) < count:
        page = walk.product.open(walk.invoice_url)
        urls.append(walk.product.submit(page, page.form("copiere")).url.removesuffix("editare/"))
    return walk, steps, urls


def press(walk: Walk, url: str) -> None:
    """„Trimite”, until the page no longer offers it: what a person does who is told that it failed."""
    for _ in range(120):
        try:
            page = walk.product.open(url)
            walk.product.submit(page, page.form("trimite"))
        except LookupError:
            if page.status == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.3)
    raise AssertionError(f"{url} could not be sent")


def strike(running: Cluster, serve: subprocess.Popen[bytes], workers: list[subprocess.Popen[bytes]]) -> None:
    """Send everything, and meanwhile: a worker dies, the database is restarted, the web server dies."""
    walk, _browsers, urls = drafts(running)
    running.simulator.world.faults.add(Fault(kind=Kind.SLOW, operation="upload", seconds=0.4, times=INVOICES))
    chance = random.Random(20261122)
    for number, url in enumerate(urls):
        press(walk, url)
        if number == 1:
            until(lambda: running.simulator.filed, 30)
            workers[0].kill()
        if number == 2:
            running.database.restart()
        if number == 3:
            os.kill(web_of(serve), signal.SIGKILL)
        time.sleep(chance.uniform(0, 0.3))
    until(lambda: running.ask(OPEN) == [(0,)], 120)

    filed = sorted(one["number"] for one in running.simulator.filed if one["state"] == "ok")
    assert len(filed) == len(set(filed)) == INVOICES
    assert running.ask(ENDED) == [("accepted", INVOICES)]


def web_of(serve: subprocess.Popen[bytes]) -> int:
    pids = [int(pid) for pid in Path(f"/proc/{serve.pid}/task/{serve.pid}/children").read_text().split()]
    return next(pid for pid in pids if "granian" in Path(f"/proc/{pid}/cmdline").read_text())


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_killed_worker_a_restarted_database_and_a_killed_web_server_lose_and_double_nothing(tmp_path):
    """The workers on hosts of their own, where this machine allows network namespaces."""
    with ExitStack() as stack:
        if missing := namespaces.missing():
            warnings.warn(f"the workers share our host: {missing}", stacklevel=1)
            running, places = stack.enter_context(cluster(tmp_path)), [([], {})] * 2
        else:
            hosts = stack.enter_context(namespaces.hosts(2))
            running = stack.enter_context(cluster(tmp_path, *hosts.gateways))
            told = running.simulator.describe()
            hosts.bring(told["login"], told["api"], told["public"])
            places = [
                (hosts.inside(number), {"DATABASE_URL": running.database.at(hosts.gateway(number))})
                for number in range(2)
            ]
        serve = running.serve()
        workers = [running.start(*before, *product.worker_command(), **settings) for before, settings in places]

        strike(running, serve, workers)

        assert workers[1].poll() is None  # the database went away, the worker did not

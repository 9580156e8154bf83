"""The installation that is struck: database, web server, workers and ANAF, each in processes of its own."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import httpx2

from chaos.plan import Size, firms, usual_settings
from chaos.postgres import Postgres
from punte.cli import demo, product
from punte.cli.browser import Page
from punte.cli.supervision import Supervisor
from punte.cli.walk import Walk

TESTS = Path(__file__).parents[1]
FULL = 16 * 1024  # bytes: no file may grow beyond, as if the disk had no room left
IDLE = 6.0  # seconds after which a worker without a step counts as at work: there may be none to take
OPEN = "SELECT count(*) FROM delivery_submission WHERE due_at IS NOT NULL"


class World:
    """A context manager. `directory` keeps everything: tables, logs of the processes, ANAF's ledger."""

    def __init__(self, directory: Path, size: Size, database: str) -> None:
        self.directory, self.size = directory, size
        self._stack = ExitStack()
        self.postgres = Postgres(directory / "postgres") if database == "postgres" else None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.began_as = [0.0] * size.workers
        self.came: list[float | None] = [None] * size.workers  # when it was first seen with the database open
        self.written = [0] * size.workers  # bytes of its log when it began: it logs each step
        self.ready_since: list[float | None] = [None] * size.workers
        self.died = 0
        self.skew = [0] * size.workers
        self.port = demo.free_port(0)
        self.base = f"http://localhost:{self.port}"

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            if self.postgres:
                stack.callback(self.postgres.stop)
            self._begin(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _begin(self, stack: ExitStack) -> None:
        usual = usual_settings(self.size)
        arguments = [str(self.directory / "anafsim"), str(self.size.firms)]
        arguments += [str(usual["processing"]), str(usual["listing_lag"]), demo.callback(self.base)]
        python = [sys.executable, "-m"]
        env = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, sys.path)])}
        self.anaf = subprocess.Popen(
            [*python, "chaos.anaf", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env
        )
        stack.callback(self._end, self.anaf)
        assert self.anaf.stdout
        told = json.loads(self.anaf.stdout.readline())
        self.control = told["control"]
        self.env = env | demo.settings(self.base, self.directory) | demo.anaf_settings(told, door=False)
        self.env |= {
            "PUNTE_DELIVERY_PACE": str(self.size.pace),
            "PUNTE_DELIVERY_LEASE": str(self.size.lease),
            "PUNTE_ANAF_CLOCK_MARGIN": "0.3",
            "PUNTE_LOG": "info",
            "PUNTE_ANAF_MINUTE": "1000000",  # that the limit is kept is proved elsewhere: make limit
            "PUNTE_WORKER_LANES": "4",
            "DJANGO_SETTINGS_MODULE": "punte.web.config.settings",
        }
        self.env.pop("DATABASE_URL", None)
        if self.postgres:
            self.env["DATABASE_URL"] = self.postgres.url
        subprocess.run(product.prepare_command(), env=self.env, check=True)
        self.web = stack.enter_context(
            Supervisor({"web": product.web_command("127.0.0.1", self.port)}, port=self.port, env=self.env)
        )
        certificates = [SimpleNamespace(**one | {"p12": Path(one["p12"])}) for one in told["certificates"]]
        there = SimpleNamespace(certificates=certificates, ca_file=told["ca_file"], login=told["login"])
        self.walk = Walk(self.base, there)
        steps = iter(self.walk)
        stack.callback(steps.close)  # type: ignore[attr-defined]
        while next(steps).name != "Ciornă":
            pass
        subprocess.run([*python, "chaos.furnish", "firms", str(self.size.firms)], env=self.env, check=True)
        feed = ["feed", str(self.size.count - self.size.by_web), str(self.size.seconds * 0.97), str(self.size.seed)]
        self.feeder = subprocess.Popen([*python, "chaos.furnish", *feed], env=self.env, stderr=self._log("feeder"))
        stack.callback(self._end, self.feeder)
        self.rights = [*certificates[0].cifs, *firms(self.size.firms)]
        self.holder = certificates[0].name
        for number in range(self.size.workers):
            self._reset(number)
            self.workers.append(self._worker(number))
        stack.callback(self._end_workers)

    # --- workers ---

    def _worker(self, number: int) -> subprocess.Popen[bytes]:
        env = self.env
        if self.skew[number]:
            path = os.pathsep.join([str(Path(__file__).parent / "skew"), env["PYTHONPATH"]])
            env = env | {"PYTHONPATH": path, "CHAOS_SKEW": str(self.skew[number])}
        log = self._log(f"worker-{number}")
        with log:
            return subprocess.Popen(product.worker_command(), env=env, stdout=log, stderr=log)

    def kill(self, number: int) -> None:
        """SIGKILL, and a new one in its place."""
        self.workers[number].kill()
        self._again(number)

    def has_worked(self, number: int, seconds: float) -> bool:
        """Whether it has been at work for so long: since its first step, or `IDLE` after it came to the database."""
        if self.came[number] is None and self._has_database(self.workers[number].pid):
            self.came[number] = time.monotonic()
        came, first_step = self.came[number], self._written(number) > self.written[number]
        if self.ready_since[number] is None and (first_step or (came and time.monotonic() - came > IDLE)):
            self.ready_since[number] = time.monotonic()
        since = self.ready_since[number]
        return since is not None and time.monotonic() - since >= seconds

    def _reset(self, number: int) -> None:
        self.began_as[number], self.ready_since[number], self.came[number] = time.monotonic(), None, None
        self.written[number] = self._written(number)

    def _written(self, number: int) -> int:
        path = self.directory / f"worker-{number}.log"
        return path.stat().st_size if path.exists() else 0

    def _has_database(self, pid: int) -> bool:
        wanted = "socket:" if self.postgres else str(self.sqlite)
        try:
            return any(os.readlink(one.path).startswith(wanted) for one in os.scandir(f"/proc/{pid}/fd"))
        except OSError:
            return False

    def supervise(self) -> None:
        """Start again what ended by itself, as `punte serve` and systemd do."""
        for number, worker in enumerate(self.workers):
            if worker.poll() is not None and time.monotonic() - self.began_as[number] > 1:
                self.died += 1
                self._again(number)
        if self.postgres and not self.postgres.alive():
            self.postgres.start()

    def _again(self, number: int) -> None:
        self.workers[number].wait()
        self._reset(number)
        self.workers[number] = self._worker(number)

    def _end_workers(self) -> None:
        for worker in self.workers:
            self._end(worker)

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        if process.stdin:
            process.stdin.close()
        else:
            process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _log(self, name: str) -> Any:
        return (self.directory / f"{name}.log").open("ab")

    # --- the database and the disk ---

    def lock(self, seconds: float) -> None:
        """Somebody else writes to our SQLite for so long."""
        with closing(sqlite3.connect(self.sqlite, timeout=30, isolation_level=None)) as foreign:
            foreign.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            foreign.execute("ROLLBACK")

    def set_disk(self, *, full: bool) -> None:
        """No file may grow: for the product's processes, and for the database server's."""
        for pid in self._who_writes():
            try:
                _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (FULL if full else hard, hard))
            except (ProcessLookupError, PermissionError):
                continue

    def _who_writes(self) -> Iterator[int]:
        own = [*self.workers, self.feeder, *self.web.children.values()]
        yield from (process.pid for process in own if process.poll() is None)
        yield from self.postgres.processes() if self.postgres else ()

    @property
    def sqlite(self) -> Path:
        return self.directory / "data" / "punte.sqlite3"

    def still_open(self) -> int:
        """Submissions for which something will still happen by itself."""
        if self.postgres:
            with self.postgres.connect() as connection:
                row = connection.execute(OPEN).fetchone()
        else:
            with closing(sqlite3.connect(self.sqlite, timeout=30)) as connection:
                row = connection.execute(OPEN).fetchone()
        return int(row[0]) if row else 0

    # --- ANAF ---

    def tell(self, path: str, data: Any) -> None:
        httpx2.post(f"{self.control}/{path}", json=data, timeout=60).raise_for_status()

    def all_well(self) -> None:
        httpx2.delete(f"{self.control}/faults", timeout=60).raise_for_status()
        self.tell("settings", usual_settings(self.size))
        self.tell("rights", {"certificate": self.holder, "cifs": self.rights})

    def ledger(self) -> dict[str, Any]:
        """What ANAF has, told by itself and kept beside the logs."""
        path = self.directory / "ledger.json"
        assert self.anaf.stdin
        assert self.anaf.stdout
        self.anaf.stdin.write(f"ledger {path}\n".encode())
        self.anaf.stdin.flush()
        self.anaf.stdout.readline()
        told: dict[str, Any] = json.loads(path.read_text())
        return told

    # --- the person ---

    def press(self, count: int, seconds: float) -> threading.Thread:
        """In the browser: copy the draft and press „Trimite”, `count` times over so many seconds, whatever happens."""

        def work() -> None:
            for number in range(count):
                self.one_by_hand(self.walk.invoice_url)
                time.sleep(seconds / count * (number < count))

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread

    def one_by_hand(self, model: str) -> None:
        while True:
            try:
                page = self._opened(model)
                made = self.walk.product.submit(page, page.form("copiere")).url
                if made.endswith("/editare/"):
                    break
            except (httpx2.HTTPError, LookupError):
                time.sleep(0.5)
        url = made.removesuffix("editare/")
        while True:  # pressed until the page no longer offers it; an error page is pressed past, as people do
            try:
                page = self._opened(url)
                self.walk.product.submit(page, page.form("trimite"))
            except LookupError:
                if page.status == 200:
                    return
            except httpx2.HTTPError:
                pass
            time.sleep(0.3)

    def _opened(self, url: str) -> Page:
        return self.walk.product.open(url)

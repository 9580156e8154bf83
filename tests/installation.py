"""The product as `punte serve` runs it, in processes of its own on its own SQLite, against a simulator."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from punte.anafsim import Simulator
from punte.cli import demo, product
from punte.cli.supervision import Supervisor


class Installation:
    """`worker` is apart from the web server, ours to kill."""

    def __init__(
        self, directory: Path, simulator: Simulator, port: int, *, door: bool, settings: Mapping[str, str]
    ) -> None:
        self.base = f"http://localhost:{port}"
        self.simulator = simulator
        self.env = os.environ | demo.settings(self.base, directory)
        self.env |= demo.anaf_settings(simulator.describe(), door=door)
        self.env |= {"PUNTE_DELIVERY_PACE": "0.002", "PUNTE_DELIVERY_LEASE": "3", "PUNTE_ANAF_CLOCK_MARGIN": "0.5"}
        self.env |= {"DJANGO_SETTINGS_MODULE": "punte.web.config.settings"}
        self.env.pop("DATABASE_URL", None)  # SQLite, unless the test says otherwise
        self.env |= settings

    def start_worker(self) -> None:
        self.worker = subprocess.Popen(product.worker_command(), env=self.env)

    def kill_worker(self) -> None:
        self.worker.kill()
        self.worker.wait()


ROOT = Path(__file__).parents[1]


def prepare(env: Mapping[str, str]) -> None:
    """What `punte prepare` leaves in a new data directory; on SQLite made once for each state of the source."""
    if "DATABASE_URL" in env:
        subprocess.run(product.prepare_command(), env=env, check=True)
        return
    digest = hashlib.sha256()
    for source in sorted(
        path for part in ("migrations", "static") for path in ROOT.glob(f"src/punte/web/*/{part}/**/*")
    ):
        if source.is_file() and source.suffix != ".pyc":
            digest.update(source.read_bytes())
    made = ROOT / "var" / "prepared" / digest.hexdigest()[:16]
    made.parent.mkdir(parents=True, exist_ok=True)
    with (made.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            begun = made.with_suffix(".begun")
            shutil.rmtree(begun, ignore_errors=True)
            subprocess.run(product.prepare_command(), env={**env, "PUNTE_DATA_DIR": str(begun)}, check=True)
            begun.rename(made)
    shutil.copytree(made, env["PUNTE_DATA_DIR"], ignore=shutil.ignore_patterns("*.secret"), dirs_exist_ok=True)


@contextmanager
def installation(
    directory: Path, *, door: bool = False, processing: float = 0.2, settings: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Installation]:
    port = demo.free_port(0)
    callbacks = [demo.callback(f"http://localhost:{port}")]
    with Simulator(directory / "anafsim", processing=processing, listing_lag=0.1, callbacks=callbacks) as simulator:
        place = Installation(directory, simulator, port, door=door, settings=settings)
        prepare(place.env)
        with Supervisor({"web": product.web_command("127.0.0.1", port)}, port=port, env=place.env):
            place.start_worker()
            try:
                yield place
            finally:
                place.kill_worker()


def until(true: Callable[[], object], seconds: float) -> None:
    """Wait for `true` to come true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)

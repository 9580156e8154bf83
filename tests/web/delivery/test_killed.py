"""SIGKILL, for real: product and worker are processes of their own; ANAF's ledger says what was filed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import pytest

from punte.anafsim import Simulator
from punte.anafsim.faults import Fault, Kind
from punte.cli import demo, product
from punte.cli.browser import Browser
from punte.cli.supervision import Supervisor
from punte.cli.walk import Walk

PREPARE = "from punte.cli import product; product.set_up(); product.prepare()"


class Installation:
    """The product on its own SQLite, as `punte serve` runs it; the worker is ours to kill."""

    def __init__(self, directory, simulator, port):
        self.base = f"http://localhost:{port}"
        self.env = os.environ | demo.environment(self.base, directory, simulator.describe(), door=False)
        self.env |= {"PUNTE_DELIVERY_PACE": "0.002", "PUNTE_DELIVERY_LEASE": "3", "PUNTE_ANAF_CLOCK_MARGIN": "0.5"}
        self.env |= {"DJANGO_SETTINGS_MODULE": "punte.web.config.settings"}
        self.env.pop("DATABASE_URL", None)
        self.worker = None

    def start_worker(self):
        self.worker = subprocess.Popen(product.worker_command(), env=self.env)

    def kill_worker(self):
        self.worker.kill()
        self.worker.wait()


@pytest.fixture
def installed(tmp_path):
    port = demo.free_port(0)
    callback = demo.callback(f"http://localhost:{port}")
    with Simulator(tmp_path / "anafsim", processing=0.2, listing_lag=0.1, callbacks=[callback]) as simulator:
        place = Installation(tmp_path, simulator, port)
        subprocess.run([sys.executable, "-c", PREPARE], env=place.env, check=True)
        with Supervisor({"web": product.web_command("127.0.0.1", port)}, port=port, env=place.env):
            place.start_worker()
            yield place, simulator
            place.kill_worker()


def drafted(place, simulator):
    """A walk that has come as far as a draft."""
    walk = Walk(place.base, simulator)
    steps = iter(walk)
    for step in steps:
        if step.name == "Ciornă":
            return walk, steps


def filed(simulator):
    return sorted((one["number"], one["state"]) for one in simulator.filed)


def until(true, seconds):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


@pytest.mark.timeout(180)
def test_a_worker_killed_while_it_uploads_files_the_invoice_once(installed):
    place, simulator = installed
    walk, steps = drafted(place, simulator)
    simulator.world.faults.add(slow_upload(5))
    next(steps)  # Trimite
    until(lambda: simulator.filed, 30)

    place.kill_worker()
    place.start_worker()

    until(lambda: "Sigiliu valid" in walk.product.open(walk.invoice_url).text, 60)
    assert [state for _, state in filed(simulator)] == ["ok"]
    assert "Găsită în SPV" in walk.product.open(walk.invoice_url).text


@pytest.mark.timeout(240)
def test_a_worker_killed_again_and_again_files_each_invoice_once(installed):
    place, simulator = installed
    walk, _steps = drafted(place, simulator)  # `_steps` keeps the browsers open
    urls = [walk.invoice_url]
    for _ in range(4):
        page = walk.product.open(walk.invoice_url)
        urls.append(walk.product.submit(page, page.form("copiere")).url.removesuffix("editare/"))
    simulator.world.faults.add(slow_upload(0.3, times=20))
    for url in urls:
        page = walk.product.open(url)
        walk.product.submit(page, page.form("trimite"))

    chance = random.Random(20261122)
    for _ in range(6):
        time.sleep(chance.uniform(0.2, 1.5))
        place.kill_worker()
        place.start_worker()

    until(lambda: all("Sigiliu valid" in walk.product.open(url).text for url in urls), 120)
    accepted = [number for number, state in filed(simulator) if state == "ok"]
    assert len(accepted) == len(set(accepted)) == len(urls)


def slow_upload(seconds, times=1):
    return Fault(kind=Kind.SLOW, operation="upload", seconds=seconds, times=times)

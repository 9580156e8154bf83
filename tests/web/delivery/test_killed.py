"""SIGKILL, for real: product and worker are processes of their own; ANAF's ledger says what was filed."""

from __future__ import annotations

import random
import time

import pytest

from installation import installation, until
from punte.anafsim.faults import Fault, Kind
from punte.cli.walk import Walk


@pytest.fixture
def place(tmp_path):
    with installation(tmp_path) as place:
        yield place


def drafted(place):
    """A walk that has come as far as a draft."""
    walk = Walk(place.base, place.simulator)
    steps = iter(walk)
    for step in steps:
        if step.name == "Ciornă":
            return walk, steps


def filed(simulator):
    return sorted((one["number"], one["state"]) for one in simulator.filed)


@pytest.mark.timeout(180)
def test_a_worker_killed_while_it_uploads_files_the_invoice_once(place):
    simulator = place.simulator
    walk, steps = drafted(place)
    simulator.world.faults.add(slow_upload(5))
    next(steps)  # Trimite
    until(lambda: simulator.filed, 30)

    place.kill_worker()
    place.start_worker()

    until(lambda: "Sigiliu valid" in walk.product.open(walk.invoice_url).text, 60)
    assert [state for _, state in filed(simulator)] == ["ok"]
    assert "Găsită în SPV" in walk.product.open(walk.invoice_url).text


@pytest.mark.timeout(240)
def test_a_worker_killed_again_and_again_files_each_invoice_once(place):
    simulator = place.simulator
    walk, _steps = drafted(place)  # `_steps` keeps the browsers open
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

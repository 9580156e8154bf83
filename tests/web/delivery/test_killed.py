"""SIGKILL in the middle of an upload; at random instants and many times over, see tests/chaos."""

from __future__ import annotations

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


def slow_upload(seconds, times=1):
    return Fault(kind=Kind.SLOW, operation="upload", seconds=seconds, times=times)

"""A knock at the door: the clock there, a callback that is refused, an ANAF that does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from punte.anaf.errors import NotSent, Unwell
from punte.anaf.hosts import Hosts
from punte.anaf.knock import Answer, knock
from punte.anafsim import Simulator

CALLBACK = "https://punte.example/back"


@pytest.fixture
def sim(tmp_path: Path) -> Iterator[Simulator]:
    with Simulator(tmp_path, callbacks=[CALLBACK]) as running:
        yield running


def at(sim: Simulator, redirect_uri: str = CALLBACK, client_id: str = "") -> Answer:
    hosts = Hosts(sim.login, sim.api, sim.public, "test", sim.ca_file, authorize="https://elsewhere.example")
    return knock(hosts, client_id=client_id or sim.client_id, redirect_uri=redirect_uri)


def test_a_good_day_refuses_nothing_and_tells_the_time(sim):
    answer = at(sim)
    assert answer.refused == ""
    assert answer.ahead is not None
    assert abs(answer.ahead) < timedelta(seconds=5)


def test_a_clock_behind_shows_by_how_much_ours_is_ahead(sim):
    sim.scenario("clock-behind")
    answer = at(sim)
    assert answer.ahead is not None
    assert 88 < answer.ahead.total_seconds() < 95  # 90, and the second that `Date` rounds away


@pytest.mark.parametrize(
    ("redirect_uri", "client_id"),
    [("https://punte.example/back/", ""), ("http://punte.example/back", ""), (CALLBACK, "another")],
)
def test_an_address_or_application_that_is_not_registered_is_refused(sim, redirect_uri, client_id):
    assert at(sim, redirect_uri, client_id).refused


@pytest.mark.parametrize("scenario", ["maintenance", "server-error", "outage"])
def test_a_bad_day_is_unwell(sim, scenario):
    sim.scenario(scenario)
    with pytest.raises(Unwell):
        at(sim)


def test_nobody_at_the_door_is_not_sent(sim):
    sim.stop()
    with pytest.raises(NotSent):
        at(sim)

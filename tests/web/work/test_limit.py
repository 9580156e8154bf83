"""`make limit` in small: a backlog is worked off at the limit and never over it, over sockets, with a moved clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from benchmarks import limit
from benchmarks.moved import Town, prepare, wire

from punte.web.delivery.models import State, Submission
from punte.web.limits import budget
from punte.web.work.loop import SOURCES

LANES, SEED = 8, 7


@pytest.mark.django_db(transaction=True)
def test_a_backlog_is_worked_off_at_the_limit_never_over_it_and_nobody_waits_long(anaf, settings):
    """A smaller ANAF permits 100 calls a minute; 8 under way, 4 late and 1 leave a pace of 87."""
    now, sizes = datetime.now(UTC), limit.shares(9, 48)  # 12 of one firm, 1 each of three
    cuis = [str(20_000_000 + number) for number in range(len(sizes))]
    facts = prepare(anaf, cuis, now)
    anaf.world.settings.limit_minute = settings.ANAF_MINUTE = 100
    anaf.world.settings.processing, anaf.world.settings.listing_lag = 20.0, 10.0
    settings.ANAF_IN_FLIGHT, settings.ANAF_SEALS = LANES, [facts["seal_fingerprint"]]
    limit.fill(sizes, cuis, facts["token"], now, SEED)
    town = Town(now, LANES, lambda by: anaf.world.clock.advance(by.total_seconds()))

    with wire(town, SEED) as calls:
        until = limit.deliver(town, LANES, SOURCES)

    assert limit.delivered() == 48
    assert sorted(one["state"] for one in anaf.filed) == ["ok"] * 48
    assert not Submission.objects.exclude(state=State.ACCEPTED).exists()
    assert {status for _, _, status in calls} == {200}
    assert limit.fullest(calls) <= 100
    assert limit.share(calls, min(until, now + timedelta(minutes=1))) * 1000 / 100 >= 84
    assert len(calls) / 48 <= 3  # 2, and lists; the naive client makes 4 and more
    ones = {cui for cui, size in zip(cuis, sizes, strict=True) if size == 1}
    assert max(limit.waits(ones).of_ones) <= 2 * 2 * 9 * 60 / budget.pace(now)

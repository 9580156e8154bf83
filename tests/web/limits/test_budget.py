"""ANAF's limits are never passed, whoever calls and whenever: here they are counted as ANAF counts them."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from punte.anaf.errors import LimitScope, RateLimited
from punte.web.limits import budget, table
from punte.web.limits.models import DayUse, Pace

NINE = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # in Romania
MIDNIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)


class Moved:
    """A clock for one caller: it jumps where another would wait."""

    def __init__(self, now: datetime = NINE) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def wait_until(self, instant: datetime) -> None:
        self.now = max(self.now, instant)


@pytest.fixture(autouse=True)
def anafs_own(settings):
    settings.ANAF_MINUTE = 0  # as in limits.tsv


def most_in_a_minute(calls: list[datetime]) -> int:
    """In any window of 60 s, open at its end."""
    calls, most, first = sorted(calls), 0, 0
    for last, at in enumerate(calls):
        while at - calls[first] >= timedelta(minutes=1):
            first += 1
        most = max(most, last - first + 1)
    return most


# 1000 - 25 under way - 4 late slots - 1: 970 a minute, 97 % of what ANAF permits
def test_the_pace_leaves_room_for_what_is_under_way(settings):
    assert budget.pace(NINE) == 970
    settings.ANAF_IN_FLIGHT = 45
    assert budget.pace(NINE) == 950
    settings.ANAF_MINUTE = 600
    assert budget.pace(NINE) == 550


@pytest.mark.django_db
def test_a_steady_caller_uses_the_pace_to_the_full():
    clock, calls = Moved(), []
    for _ in range(2500):
        budget.take("app", "upload", "1", clock)
        calls.append(clock.now)
    assert 970 <= most_in_a_minute(calls) <= 975
    used = 2500 / ((calls[-1] - calls[0]) / timedelta(minutes=1)) / 1000
    assert used >= 0.95, used


@pytest.mark.django_db
def test_after_a_rest_no_more_than_a_few_go_at_once():
    clock = Moved()
    budget.take("app", "upload", "1", clock)
    clock.now += timedelta(hours=1)
    rested = clock.now
    for _ in range(budget.BURST + 1):
        budget.take("app", "upload", "1", clock)
    assert clock.now == rested
    budget.take("app", "upload", "1", clock)
    assert clock.now > rested


class Town:
    """A moved clock that many callers share: it goes on when all of them wait, to the first that may go."""

    def __init__(self, callers: int) -> None:
        self.now, self.callers, self.waiting = NINE, callers, []
        self.changed = threading.Condition()

    def __call__(self) -> datetime:
        return self.now

    def wait_until(self, instant: datetime) -> None:
        with self.changed:
            self.waiting.append(instant)
            self._go_on()
            while self.now < instant:
                self.changed.wait(5)
            self.waiting.remove(instant)

    def leave(self) -> None:
        with self.changed:
            self.callers -= 1
            self._go_on()

    def _go_on(self) -> None:
        if self.waiting and len(self.waiting) >= self.callers:
            self.now = max(self.now, min(self.waiting))
            self.changed.notify_all()


@pytest.mark.django_db(transaction=True)
def test_sixteen_callers_whose_calls_take_long_never_pass_the_limit(settings):
    """Each call reaches ANAF at some moment between its slot and its answer, up to 40 s later.

    A limit of 200 less 16 under way, 4 late and 1: a pace of 179.
    """
    settings.ANAF_MINUTE, settings.ANAF_IN_FLIGHT = 200, 16
    town, arrived, errors = Town(16), [], []

    def caller(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _ in range(30):
                while True:
                    try:
                        budget.take("app", "upload", "1", town)
                        break
                    except RateLimited as limited:
                        town.wait_until(limited.until)
                took = chance.choice([0.05] * 12 + [0.3, 40.0])
                arrived.append(town.now + timedelta(seconds=took * chance.random()))
                town.wait_until(town.now + timedelta(seconds=took))
        except Exception as error:
            errors.append(error)
        finally:
            town.leave()
            connections.close_all()

    threads = [threading.Thread(target=caller, args=(seed,)) for seed in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(arrived) == 16 * 30
    assert 150 < most_in_a_minute(arrived) <= 200


@pytest.mark.django_db(transaction=True)
def test_sixteen_callers_at_once_get_sixteen_different_slots():
    """The real clock, the real database: no slot is given twice, and they are an interval apart."""
    slots, gate = [], threading.Barrier(16)

    def caller() -> None:
        gate.wait()
        slots.extend(budget.reserve("app", lambda: NINE) for _ in range(5))
        connections.close_all()

    threads = [threading.Thread(target=caller) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    slots.sort()
    late = [slot for slot in slots if slot == NINE]  # the burst, and the slot of this very moment
    assert len(slots) == 80
    assert len(late) == budget.BURST + 1
    gaps = {after - before for before, after in zip(slots[budget.BURST :], slots[budget.BURST + 1 :], strict=False)}
    assert gaps == {timedelta(microseconds=61_856)}  # 60 s / 970, rounded up


@pytest.mark.django_db
def test_who_would_wait_too_long_is_told_when_to_come_back_and_takes_no_slot():
    Pace.objects.create(application="app", free_at=int((NINE + timedelta(seconds=9)).timestamp() * 1e6))
    with pytest.raises(RateLimited) as raised:
        budget.take("app", "state", "5001", Moved())
    assert raised.value.until == NINE + timedelta(seconds=4)  # when the wait will be 5 s
    assert Pace.objects.get().free_at == int((NINE + timedelta(seconds=9)).timestamp() * 1e6)
    assert not DayUse.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("held", [1, 2])  # the count of the day; the statement that takes the slot
def test_who_was_held_by_the_databases_lock_is_not_told_to_come_back(held):
    Pace.objects.create(application="app", free_at=int((NINE + timedelta(seconds=9)).timestamp() * 1e6))
    readings = [*[NINE] * held, *[NINE + timedelta(seconds=20)] * 5]
    budget.take("app", "state", "5001", lambda: readings.pop(0))
    assert DayUse.objects.get().used == 1


# --- the day ---


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("operation", "most"),
    [("download", 9), ("state", 90), ("rasp", 900), ("list", 1350)],  # a tenth stays free
)
def test_a_days_limit_holds_until_midnight_in_romania(operation, most, settings):
    settings.ANAF_MINUTE = 1_000_000
    clock = Moved()
    for _ in range(most):
        budget.take("app", operation, "77", clock)
    with pytest.raises(RateLimited) as raised:
        budget.take("app", operation, "77", clock)
    assert raised.value.until == MIDNIGHT
    budget.take("app", operation, "78", clock)  # another message or company
    clock.now = MIDNIGHT
    budget.take("app", operation, "77", clock)


@pytest.mark.django_db
def test_uploads_of_invoices_have_no_limit_of_a_day():
    for _ in range(50):
        budget.take("app", "upload", "77", Moved())
    assert not DayUse.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scope", "same_user", "other_user"),
    [(LimitScope.MESSAGE, False, False), (LimitScope.COMPANY, False, False), (LimitScope.USER, False, True)],
)
def test_anafs_own_word_stops_the_key_it_speaks_of_until_midnight(scope, same_user, other_user):
    clock = Moved()
    said = RateLimited("S-au facut deja 1000 interogari", scope, MIDNIGHT, answered_at=NINE)
    budget.stop("app", "paginated", "77", said, clock, user="22:10")
    assert goes("paginated", "77", "22:10", clock) is same_user
    assert goes("paginated", "77", "99:99", clock) is other_user
    assert goes("paginated", "78", "22:10", clock) is (scope is not LimitScope.USER)
    assert goes("state", "77", "22:10", clock)
    clock.now = MIDNIGHT
    assert goes("paginated", "77", "22:10", clock)


def goes(operation: str, subject: str, user: str, clock: Moved) -> bool:
    try:
        budget.take("app", operation, subject, clock, user=user)
    except RateLimited:
        return False
    return True


@pytest.mark.django_db
def test_a_429_stops_the_application_for_as_long_as_anaf_says():
    clock = Moved()
    said = RateLimited("HTTP 429", LimitScope.MINUTE, NINE + timedelta(seconds=60), answered_at=NINE)
    budget.stop("app", "upload", "1", said, clock)
    assert not goes("upload", "1", "", clock)
    budget.take("another app", "upload", "1", clock)
    clock.now += timedelta(seconds=56)  # its slot is 4 s away
    assert goes("upload", "1", "", clock)
    assert clock.now == NINE + timedelta(seconds=60)


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_count_a_days_calls_without_losing_one(settings):
    settings.ANAF_MINUTE = 10_000_000
    let_through, gate = [], threading.Barrier(16)

    def caller() -> None:
        gate.wait()
        let_through.extend(goes("download", "3001", "", Moved()) for _ in range(3))
        connections.close_all()

    threads = [threading.Thread(target=caller) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert let_through.count(True) == 9


@pytest.mark.django_db
def test_days_that_are_over_are_forgotten():
    for days in range(6):
        DayUse.objects.create(day=table.day_of(NINE) - timedelta(days=days), operation="state", subject="1", used=1)
    budget.forget(NINE)
    assert sorted(DayUse.objects.values_list("day", flat=True))[0] == table.day_of(NINE) - timedelta(days=3)
    assert DayUse.objects.count() == 4

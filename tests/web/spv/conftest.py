"""A connected firm, and suppliers who file invoices for it in the simulator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from punte.web.spv import fetching, listing

from ..delivery.conftest import INVOICE, connected, spv  # noqa: F401 - fixtures

SOURCES = (listing.SOURCE, fetching.SOURCE)
SUPPLIER, OTHER = "33451201", "28871454"


def bill(number: str, *, seller: str = SUPPLIER, buyer: str = "19283749", **changes: str) -> bytes:
    """An invoice of 121 lei from one company to another; `changes` replace in it (`Produs_de_test="Făină"`)."""
    text = INVOICE.read_text("utf-8").replace("EX 0001", number)
    text = text.replace("RO12345674", f"RO{seller}").replace("RO23456783", f"RO{buyer}")
    for before, after in changes.items():
        text = text.replace(before.replace("_", " "), after)
    return text.encode()


@pytest.fixture
def supplier(spv):  # noqa: F811
    """`supplier("F 1")` files an invoice for the firm; more of `suppliers.deliver`'s by name. The upload index."""

    def deliver(number: str, *, seller: str = SUPPLIER, buyer: str = "19283749", **facts) -> str:
        facts.setdefault("ago", 2)  # listings end a moment before now
        return spv.simulator.deliver(bill(number, seller=seller, buyer=buyer), seller, **facts)

    return deliver


class Time:
    """What our side and the simulator take for the present: the real time and `ahead`."""

    ahead = timedelta(0)

    def __init__(self, simulator) -> None:
        self._simulator = simulator

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def go(self, **duration: float) -> None:
        self.ahead += timedelta(**duration)
        with self._simulator.world.lock:
            self._simulator.world.clock.advance(timedelta(**duration).total_seconds())


@pytest.fixture
def time(anaf) -> Time:
    return Time(anaf)


@pytest.fixture
def clock(time):
    return time.now


@pytest.fixture
def work(time):
    """`work()` carries out what the two sources have due now; how many steps there were."""

    def carry_out(*sources) -> int:
        steps = 0
        for _ in range(400):
            due = [(source, firm) for source in sources or SOURCES for firm in source.firms(time.now())]
            if not due:
                return steps
            for source, firm in due:
                if (step := source.take(firm, time.now())) is not None:
                    step(time.now)
                    steps += 1
        raise AssertionError("still due after 400 rounds")

    return carry_out

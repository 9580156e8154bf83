"""Time that is moved: the product's clock and the simulator's stand still together and jump together.

Every caller waits by `Town`; when all of them wait, it jumps to the first that may go on, and tells the simulator
(control: POST /clock). So hours pass in minutes, calls go over real sockets, and how fast this machine is has no part
in what is measured. Run as a program, this is the simulator with such a clock and a judge who finds every document
right: what is measured is the way, not the rules.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from punte.anaf.channel import Channel, Reply
from punte.anafsim import Simulator, jwt
from punte.anafsim.clock import Clock

TOGETHER = timedelta(seconds=0.2)  # waits that end within it end together: each a little late, as in life
WEATHER = timedelta(minutes=1)  # so often ANAF's times change
PROCESSING = (20, 60, 60, 120, 300, 600)  # seconds from upload to verdict
LAG = (5, 30, 60, 300, 900)  # seconds from there to the list
ON_THE_WAY, ANSWERING = 0.3, 0.8  # seconds, at most: to ANAF, and until its answer is here


class Still(Clock):
    """The simulator's: stands still until it is told to go on."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now

    def now(self) -> datetime:
        return self._now + self.offset


class Town:
    """Ours: shared by `callers` threads, each working or waiting."""

    def __init__(self, now: datetime, callers: int, moved: Callable[[timedelta], None]) -> None:
        self._now, self._callers, self._moved = now, callers, moved
        self._waiting: list[datetime] = []
        self._changed = threading.Condition()

    def __call__(self) -> datetime:
        return self._now

    def wait_until(self, instant: datetime) -> None:
        with self._changed:
            if instant <= self._now:
                return
            self._waiting.append(instant)
            self._go_on()
            while self._now < instant:
                self._changed.wait()

    def leave(self) -> None:
        with self._changed:
            self._callers -= 1
            self._go_on()

    def _go_on(self) -> None:
        if not self._waiting or len(self._waiting) < self._callers:
            return
        first = min(self._waiting)
        to = max(instant for instant in self._waiting if instant <= first + TOGETHER)
        self._moved(to - self._now)
        self._now = to
        self._waiting = [instant for instant in self._waiting if instant > to]
        self._changed.notify_all()


@dataclass
class Anaf:
    """The simulator in a process of its own, with ANAF's real limits and, every minute, other times."""

    facts: dict[str, Any]
    chance: random.Random
    now: datetime
    _http: httpx2.Client = field(default_factory=lambda: httpx2.Client(trust_env=False))
    _weather: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def move(self, by: timedelta) -> None:
        self.now += by
        self._post("clock", {"advance": by.total_seconds()})
        if self.now >= self._weather:
            self._weather = self.now + WEATHER
            processing, lag = self.chance.choice(PROCESSING), self.chance.choice(LAG)
            self._post("settings", {"processing": processing, "listing_lag": lag})

    def _post(self, path: str, data: dict[str, Any]) -> None:
        self._http.post(f"{self.facts['control']}/{path}", json=data).raise_for_status()


@contextmanager
def anaf(cifs: Sequence[str], now: datetime, seed: int) -> Iterator[Anaf]:
    program = [sys.executable, "-m", "benchmarks.moved"]
    with tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ})
        assert child.stdin
        assert child.stdout
        child.stdin.write(json.dumps({"folder": folder, "cifs": list(cifs), "now": now.isoformat()}) + "\n")
        child.stdin.flush()
        try:
            yield Anaf(json.loads(child.stdout.readline()), random.Random(seed), now)
        finally:
            child.stdin.close()  # at which it ends
            child.wait(30)


@contextmanager
def wire(town: Town, seed: int) -> Iterator[list[tuple[datetime, str, int]]]:
    """Every call takes its time on the way and back. What reached ANAF: when, which operation, the status it got."""
    calls: list[tuple[datetime, str, int]] = []
    chance, send = random.Random(seed), Channel.send

    def slowly(self: Channel, method: str, url: str, **rest: Any) -> Reply:
        town.wait_until(town() + timedelta(seconds=ON_THE_WAY * chance.random()))
        at = town()
        reply = send(self, method, url, **rest)
        calls.append((at, url.rpartition("/")[2], reply.status))
        town.wait_until(town() + timedelta(seconds=ANSWERING * chance.random()))
        return reply

    Channel.send = slowly  # type: ignore[method-assign]
    try:
        yield calls
    finally:
        Channel.send = send  # type: ignore[method-assign]


def prepare(simulator: Simulator, cifs: Sequence[str], now: datetime) -> dict[str, Any]:
    """Give the simulator a still clock and one certificate with a right on all `cifs`; what a client needs."""
    world, holder = simulator.world, simulator.certificate("ilinca")
    world.clock = Still(now)
    world.rights[holder.serial] = set(cifs)
    one = next(iter(world.companies.values()))
    world.companies |= dict.fromkeys(cifs, one)
    token = jwt.issue(holder, simulator.client_id, world.authority, now)
    return {**simulator.describe(), "token": token}


def serve() -> None:
    asked = json.loads(sys.stdin.readline())
    with Simulator(Path(asked["folder"]), judge=lambda xml: []) as simulator:
        facts = prepare(simulator, asked["cifs"], datetime.fromisoformat(asked["now"]))
        print(json.dumps(facts), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    serve()

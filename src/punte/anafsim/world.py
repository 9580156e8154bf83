"""All of the simulator's state, in one object, under one lock, in memory; kept on disk too when that was asked for."""

import secrets
import threading
from collections import Counter, deque
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from .authority import Authority, Certificate
from .clock import Clock, day
from .companies import demo_companies
from .faults import Faults
from .judge import Judge, by_the_rules
from .ledger import Entry, Ledger
from .oauth import Desk
from .scenarios import Switches
from .second_judge import SecondJudge
from .spv import Spv
from .store import Store


@dataclass(kw_only=True)
class Settings:
    """What can be changed while the simulator runs (control: POST /settings)."""

    processing: float = 2.0  #: seconds from upload to `ok` or `nok`
    listing_lag: float = 1.0  #: seconds from `ok` or `nok` to its entry in the listings
    strict_rotation: bool = True  #: a used refresh token is dead at once
    sliding_refresh: bool = True  #: each refresh gives 365 new days; else they count from the authorisation
    application_enrolled: bool = True  #: false: the application lacks the service, the gateway answers 403
    session_reuse: bool = False  #: a browser that authorised once is not asked for its certificate again
    firewall: bool = True  #: transformare on the public host refuses what looks like an attack
    as_in_papers: bool = False  #: texts and shapes as ANAF's papers print them, where the service was seen to differ
    json_as_text: bool = False  #: JSON of lists and downloads comes as text/plain, as observed at times
    enveloped_seal: bool = False  #: the seal in the form of the test environment until May 2024
    register_pause: float = 0.0  #: seconds between two questions to a public register; ANAF's paper says 1
    # ANAF's limiteApeluriAPI.txt; calls in a minute, then calls or files in a Romanian calendar day
    limit_minute: int = 1000
    limit_rasp: int = 1000  #: per company
    limit_state: int = 100  #: per message
    limit_list: int = 1500  #: per company
    limit_paginated: int = 100_000  #: per company
    limit_download: int = 10  #: per message


@dataclass(kw_only=True)
class Budgets:
    """Who has called how often: in the last minute at the gateway, in the Romanian day at each operation."""

    of_day: date | None = None
    changed: set[tuple[str, ...]] = field(default_factory=set)  #: since the state was last kept
    used: Counter[tuple[str, ...]] = field(default_factory=Counter)
    minute: dict[str, deque[datetime]] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)  #: operations whose day is over already, by a scenario

    def take(self, key: tuple[str, ...], limit: int, now: datetime) -> bool:
        """Count one more call under `key`; False, and nothing counted, when the day's `limit` is reached."""
        if self.of_day != day(now):
            self.of_day, self.used, self.changed = day(now), Counter(), set()
        if key[0] in self.spent or self.used[key] >= limit:
            return False
        self.used[key] += 1
        self.changed.add(key)
        return True

    def take_minute(self, serial: str, limit: int, now: datetime) -> bool:
        calls = self.minute.setdefault(serial, deque())
        while calls and not timedelta(0) <= now - calls[0] < timedelta(minutes=1):
            calls.popleft()
        if len(calls) >= limit:
            return False
        calls.append(now)
        return True


class World:
    """Hold `lock` while reading or changing anything."""

    def __init__(
        self,
        authority: Authority,
        settings: Settings,
        judge: Judge,
        callbacks: Collection[str],
        store: Store | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self.authority = authority
        self.store = store
        self._second_judge = SecondJudge()
        self._start = (settings, judge, tuple(callbacks))
        self._begin()
        if store:
            store.restore(self)

    def begin_anew(self) -> None:
        """As it was at the very first start: nothing filed, nobody connected, the real time, the first settings.

        An access token given before is still good: it is a signature, not a record.
        """
        if self.store:
            self.store.forget()
        self._begin()

    def keep(self, ended: Entry | None = None) -> None:
        """Write down what has changed, before anybody is told of it, and the call that has ended."""
        with self.lock:
            if self.store:
                self.store.keep(self, ended)
            for spv in self.environments.values():
                spv.changed.clear()
            self.desk.changed.clear()
            self.budgets.changed.clear()

    def close(self) -> None:
        """Let go of the file and of the second judge's process; the state stays readable.

        No bad day outlives the process: what the scenarios changed is given back before it is written down.
        """
        with self.lock:
            self.scenarios.switch_all_off()
        self.keep()
        if self.store:
            self.store.close()
            self.store = None
        self._second_judge.close()

    def _begin(self) -> None:
        settings, self.judge, callbacks = self._start
        authority = self.authority
        self.settings = replace(settings)
        self.clock = Clock()
        self.companies = demo_companies()
        self.rights = {holder.serial: set(holder.cifs) for holder in authority.certificates if holder.enrolled}
        self.wrong_pins: Counter[str] = Counter()
        self.environments = {
            "test": Spv(first_index=5_000_000_000, first_download=3_000_000_000),
            "prod": Spv(first_index=6_400_000_000, first_download=4_000_000_000),
        }
        self.desk = Desk(authority.client_id, authority.client_secret, callbacks)
        self.budgets = Budgets()
        self.faults = Faults()
        self.scenarios = Switches(self)
        self.ledger = Ledger()
        self.questions: dict[str, tuple[datetime, list[tuple[int, str]]]] = {}  # to the asynchronous register
        self.register_asked: datetime | None = None
        self.session_key = secrets.token_hex(8)

    @property
    def by_the_rules(self) -> bool:
        """Documents are judged by the schema and the rules, not by a judge of somebody's own."""
        return self.judge is by_the_rules

    @property
    def second_judge(self) -> SecondJudge | None:
        """Who judges ahead when many documents wait; nobody where the judge is not the one he is like."""
        return self._second_judge if self.by_the_rules else None

    def holder(self, serial: str) -> Certificate | None:
        return next((holder for holder in self.authority.certificates if holder.serial == serial), None)

    def settle(self) -> datetime:
        """Bring both environments up to the present and return it."""
        now = self.clock.now()
        lag = timedelta(seconds=self.settings.listing_lag)
        for spv in self.environments.values():
            spv.settle(now, judge=self.judge, known=self.companies, lag=lag, papers=self.settings.as_in_papers)
        return now

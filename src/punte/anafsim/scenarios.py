"""Bad days by name: each scenario is a composition of faults, settings, rights and clock, written in scenarios.toml.

Switched on, a scenario lays its values over the world's; switched off, it gives back what lay beneath, unless somebody
has changed that by hand in between. Several may be on at once; where two want the same, the later one has it.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from .faults import Fault, read_fault
from .oauth import REFRESH_LIFE

if TYPE_CHECKING:
    from .world import World

COUNTED = ("seconds", "share", "code", "times")  # of a fault, what can be chosen when its scenario is switched on
LONGEST_MINUTES = 527_040  # a leap year


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One table of scenarios.toml, whose head says what each field means."""

    name: str
    group: str
    label: str
    says: str
    sees: str
    filed: str
    codes: tuple[str, ...]
    known: str
    minutes: float = 0  #: 0: until it is switched off, or spent
    faults: tuple[dict[str, Any], ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    rights: dict[str, list[str]] = field(default_factory=dict)
    spent: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    clock: float = 0
    tokens: str = ""

    @property
    def dials(self) -> dict[str, Any]:
        """What may be chosen when it is switched on, with the values it has otherwise."""
        chosen = {name: fault[name] for fault in self.faults for name in COUNTED if name in fault}
        return chosen | self.settings | ({"clock": self.clock} if self.clock else {}) | {"minutes": self.minutes}

    @property
    def calls(self) -> int | None:
        """How many calls it lasts; None when it is not by calls that it ends."""
        counts = [fault.get("times", 0 if "share" in fault else 1) for fault in self.faults]
        lays = self.settings or self.rights or self.spent or self.unknown or self.clock
        return None if lays or not counts or 0 in counts else sum(counts)

    def with_dials(self, asked: dict[str, Any]) -> "Scenario":
        """The same with other values. Raises ValueError for what it has no dial for, or of another kind."""
        for name, value in asked.items():
            if name not in self.dials:
                raise ValueError(f"{self.name} has no {name!r}; it has: {', '.join(self.dials)}")
            if isinstance(self.dials[name], bool) != isinstance(value, bool):
                raise ValueError(f"{name} is {'true or false' if isinstance(self.dials[name], bool) else 'a number'}")
            if not isinstance(value, (int, float)) and name != "code":
                raise ValueError(f"{name} is a number")
        if not 0 <= asked.get("minutes", 0) <= LONGEST_MINUTES:
            raise ValueError(f"minutes is from 0 to {LONGEST_MINUTES}; 0: until it is switched off")
        return replace(
            self,
            minutes=asked.get("minutes", self.minutes),
            clock=asked.get("clock", self.clock),
            settings={name: asked.get(name, value) for name, value in self.settings.items()},
            faults=tuple(
                fault | {name: asked[name] for name in COUNTED if name in asked and name in fault}
                for fault in self.faults
            ),
        )


@lru_cache(maxsize=1)
def scenarios() -> dict[str, Scenario]:
    """Every scenario by name, in the order of the table."""
    table: dict[str, dict[str, Any]] = tomllib.loads(
        (resources.files(__package__) / "scenarios.toml").read_text(encoding="utf-8")
    )
    for facts in table.values():
        facts |= {name: tuple(value) for name, value in facts.items() if isinstance(value, list)}
    return {name: Scenario(name=name, **facts) for name, facts in table.items()}


@dataclass(frozen=True)
class On:
    """A scenario at work."""

    scenario: Scenario
    since: datetime
    values: dict[tuple[str, str], Any]  #: what it lays over the world, by the world's part and the name in it

    @property
    def until(self) -> datetime | None:
        return self.since + timedelta(minutes=self.scenario.minutes) if self.scenario.minutes else None


class Switches:
    """Which scenarios are on. Its caller holds the world's lock."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.on: dict[str, On] = {}
        self._beneath: dict[tuple[str, str], Any] = {}

    def switch_on(self, name: str, dials: dict[str, Any] | None = None) -> None:
        """Begin a scenario, anew if it is on already. Raises ValueError, and nothing is changed, for what cannot be."""
        scenario = _called(name).with_dials(dials or {})
        now = self.world.clock.now()
        faults = list(self._faults(scenario, now))
        values = dict(self._values(scenario))
        self.switch_off(name)
        if scenario.clock:
            self.world.clock.advance(scenario.clock)  # raises before anything else is laid over the world
        for fault in faults:
            self.world.faults.add(fault)
        for key, value in values.items():
            self._beneath.setdefault(key, self._read(key))
            self._write(key, value)
        if scenario.tokens:
            self._spoil_tokens(scenario.tokens, now)
        self.on[name] = On(scenario, self.world.clock.now(), values)

    def switch_off(self, name: str) -> None:
        """End a scenario; nothing when it is not on. Raises ValueError when there is none of that name."""
        _called(name)
        ended = self.on.pop(name, None)
        if ended is None:
            return
        self.world.faults.drop(name)
        if ended.scenario.clock:
            self.world.clock.advance(-ended.scenario.clock)
        for key, value in ended.values.items():
            others = [one.values[key] for one in self.on.values() if key in one.values]
            beneath = self._beneath[key] if others else self._beneath.pop(key)
            if self._read(key) == value:  # else somebody has set it since, and keeps it
                self._write(key, others[-1] if others else beneath)

    def switch_all_off(self) -> None:
        for name in list(self.on):
            self.switch_off(name)

    def beneath(self, part: str, name: str) -> Any:
        """The value as it will be when no scenario is on any more."""
        key, value = (part, name), self._read((part, name))
        laid = [one.values[key] for one in self.on.values() if key in one.values]
        return self._beneath[key] if laid and laid[-1] == value else value

    @property
    def clock(self) -> timedelta:
        """How far the scenarios that are on have moved the clock."""
        return timedelta(seconds=sum(one.scenario.clock for one in self.on.values()))

    def end_what_is_over(self) -> None:
        """Switch off what has struck its last call or whose minutes have passed."""
        if not self.on:
            return
        now, waiting = self.world.clock.now(), {fault.scenario for fault in self.world.faults.waiting}
        for name, one in list(self.on.items()):
            spent = one.scenario.calls is not None and name not in waiting
            if spent or (one.until and now >= one.until):
                self.switch_off(name)

    def describe(self) -> list[dict[str, Any]]:
        return [self._describe(scenario) for scenario in scenarios().values()]

    def _describe(self, scenario: Scenario) -> dict[str, Any]:
        one = self.on.get(scenario.name)
        facts = ("name", "group", "label", "says", "sees", "filed", "codes", "known", "dials")
        return {
            **{name: getattr(scenario, name) for name in facts},
            "on": one is not None,
            "since": one.since.isoformat(timespec="seconds") if one else None,
            "until": one.until.isoformat(timespec="seconds") if one and one.until else None,
        }

    def _faults(self, scenario: Scenario, now: datetime) -> Iterator[Fault]:
        for facts in scenario.faults:
            unlimited = {"times": None} if facts.get("times") == 0 else {}
            moment = {"before": now.timestamp()} if "before" in facts else {}
            yield read_fault(facts | unlimited | moment, scenario.name)

    def _values(self, scenario: Scenario) -> Iterator[tuple[tuple[str, str], Any]]:
        for name, value in scenario.settings.items():
            kind = type(getattr(self.world.settings, name))
            if not 0 <= value <= 10**9:
                raise ValueError(f"{name} is from 0 to 1000000000")
            yield ("settings", name), kind(value)
        for name, cifs in scenario.rights.items():
            serial = next(one.serial for one in self.world.authority.certificates if one.name == name)
            yield ("rights", serial), set(cifs)
        for operation in scenario.spent:
            yield ("spent", operation), True
        for cui in scenario.unknown:
            yield ("companies", cui), None

    def _read(self, key: tuple[str, str]) -> Any:
        part, name = key
        read: dict[str, Callable[[], Any]] = {
            "settings": lambda: getattr(self.world.settings, name),
            "rights": lambda: self.world.rights.get(name),
            "spent": lambda: name in self.world.budgets.spent,
            "companies": lambda: self.world.companies.get(name),
        }
        return read[part]()

    def _write(self, key: tuple[str, str], value: Any) -> None:
        world, (part, name) = self.world, key
        if part == "settings":
            setattr(world.settings, name, value)
        elif part == "spent":
            (world.budgets.spent.add if value else world.budgets.spent.discard)(name)
        else:
            table: dict[str, Any] = world.rights if part == "rights" else world.companies
            table.pop(name, None)
            if value is not None:
                table[name] = value

    def _spoil_tokens(self, how: str, now: datetime) -> None:
        """The refresh tokens on hand die: nobody's any more, or a year old."""
        refresh = self.world.desk.refresh
        for token, grant in refresh.items():
            aged = min(grant.issued, now - REFRESH_LIFE)
            refresh[token] = replace(grant, serial="") if how == "revoked" else replace(grant, issued=aged)
        self.world.desk.changed.update(refresh)


def _called(name: str) -> Scenario:
    try:
        return scenarios()[name]
    except KeyError:
        raise ValueError(f"no scenario is called {name!r}; there are: {', '.join(scenarios())}") from None

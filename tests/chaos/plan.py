"""What goes wrong and when: a pure function of the seed, written down before anything happens.

Bad days are as `punte.anafsim` names them; what strikes the machine (killing, cutting, filling the disk) is ours.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from stdnum.ro import cui

SKEW = 60  # seconds by which the clock of a host is off
REJECTED, NOT_TAKEN = (
    "RESPINSĂ DE PROBĂ",
    "NEPRELUATĂ DE PROBĂ",
)  # in an invoice's line: what the simulator does with it
ROADS = [("", 0.93), (REJECTED, 0.05), (NOT_TAKEN, 0.02)]


@dataclass(frozen=True, slots=True)
class Event:
    at: float  #: seconds from the beginning
    kind: str  #: kill, cut, lock, full, free, fault, settings, deny, allow, shift
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a run is. `pace` scales every pause of the product and of the simulator; `lease` is in seconds."""

    count: int
    kills: int
    seed: int
    workers: int
    firms: int
    seconds: float  # during which invoices are made and things go wrong
    pace: float
    lease: float
    by_web: int  # of the invoices, those sent by a person's press


def fault(kind: str, operation: str, chance: random.Random, most: int, **facts: Any) -> dict[str, Any]:
    return {"kind": kind, "operation": operation, "times": chance.randint(1, most), **facts}


Bad = Callable[[random.Random, Size], dict[str, Any]]
#: of ANAF's bad days, each as often as the next; the second column: what a reader sees in the report
ANAF: dict[str, Bad] = {
    "reply lost": lambda r, s: fault("lose_reply", "uploads", r, 4),
    "lost before": lambda r, s: fault("lose_before", "uploads", r, 4),
    "outage": lambda r, s: fault("lose_before", "*", r, 8),
    "reset": lambda r, s: fault("reset", "*", r, 4),
    "slow upload": lambda r, s: fault("slow", "uploads", r, 2, seconds=round(r.uniform(0.2, 1.5) * s.lease, 2)),
    "slow answers": lambda r, s: fault("slow", "*", r, 6, seconds=round(r.uniform(0.05, 0.5), 2)),
    "503": lambda r, s: fault("status", "*", r, 8, code="503"),
    "504, filed": lambda r, s: fault("status", "uploads", r, 3, code="504", register=True),
    "HTML with 200": lambda r, s: fault("firewall", "*", r, 6),
    "maintenance": lambda r, s: fault("maintenance", "*", r, 8),
    "nothing with 200": lambda r, s: fault("empty", "*", r, 5),
    "technical code": lambda r, s: fault("technical", "*", r, 6, code="1814"),
    "technical code, filed": lambda r, s: fault("technical", "uploads", r, 3, code="104", register=True),
    "index not known yet": lambda r, s: fault("error", "stareMesaj", r, 3, text=UNKNOWN),
    "broken ZIP": lambda r, s: fault("broken_zip", "descarcare", r, 2),
    "rows of others": lambda r, s: fault("mixed_rows", "lists", r, 4),
    "rows without id": lambda r, s: fault("no_id", "lists", r, 4),
    "filed by another program too": lambda r, s: fault("twice", "uploads", r, 1),
}
UNKNOWN = "Nu exista factura cu id_incarcare= {id_incarcare}"


def plan(size: Size, database: str) -> list[Event]:
    """Everything that goes wrong, in order; the last event undoes what still lasts."""
    chance = random.Random(f"{size.seed} {size.kills} {size.seconds} {database}")

    def moment() -> float:
        return chance.uniform(0.03, 0.97) * size.seconds

    events = [
        Event(moment(), "kill", {"worker": chance.randrange(size.workers), "for": round(chance.uniform(0, 2), 3)})
        for _ in range(size.kills)  # `for`: seconds that it is left to work first; later than `at` when it must
    ]
    days = max(len(ANAF), size.kills)
    names = [*ANAF, *chance.choices(list(ANAF), k=days - len(ANAF))]
    events += [Event(moment(), "fault", {"called": name, **ANAF[name](chance, size)}) for name in names]
    some = max(1, size.kills // 40)
    for _ in range(some):
        events += lasting(moment(), chance.uniform(1, 3), "settings", *slow_lists(size, chance))
        events += lasting(
            moment(), chance.uniform(1, 3), "deny", {"share": round(chance.uniform(0.2, 1), 2)}, {}, "allow"
        )
        events += lasting(moment(), chance.uniform(0.5, 2.5), "full", {}, {}, "free")
    if database == "postgres":
        events += [Event(moment(), "cut") for _ in range(some * 3)]
        events += [Event(moment(), "shift", {"worker": chance.randrange(size.workers), "seconds": sign * SKEW})
                   for sign in (1, -1) for _ in range(some)]  # fmt: skip
    else:
        long = 25 if size.seconds > 200 else 3  # above the 20 seconds that the product waits for SQLite's lock
        events += [Event(moment(), "lock", {"seconds": long if n == 0 else round(chance.uniform(0.5, 3), 1)})
                   for n in range(some * 2)]  # fmt: skip
    if size.seconds > 200:  # after a 429 the product rests for a real minute
        events += [Event(moment(), "fault", {"called": "429", **fault("status", "*", chance, 3, code="429")})
                   for _ in range(2)]  # fmt: skip
    return sorted((Event(round(one.at, 3), one.kind, one.facts) for one in events), key=lambda one: (one.at, one.kind))


def slow_lists(size: Size, chance: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """Minutes of ANAF's, scaled as the product's are: listings up to 15 late, processing up to 30."""
    usual = usual_settings(size)
    hour = 3600 * size.pace
    return {
        "listing_lag": round(chance.uniform(0.05, 0.25) * hour, 3),
        "processing": round(chance.uniform(0.1, 0.5) * hour, 3),
    }, usual


def usual_settings(size: Size) -> dict[str, Any]:
    hour = 3600 * size.pace
    return {"listing_lag": round(hour / 60, 3), "processing": round(hour / 60, 3)}


def lasting(
    at: float, seconds: float, kind: str, facts: dict[str, Any], after: dict[str, Any], end: str = ""
) -> list[Event]:
    return [Event(at, kind, facts), Event(at + seconds, end or kind, after)]


def firms(count: int) -> list[str]:
    """The CUIs of invented firms, with check digits that are right."""
    return [f"{number}{cui.calc_check_digit(str(number))}" for number in range(4_400_000, 4_400_000 + count)]


def road(chance: random.Random) -> str:
    """What the simulator will do with the next invoice: "" takes it."""
    return chance.choices([name for name, _ in ROADS], [share for _, share in ROADS])[0]

"""One run from the plan to the verdict."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from chaos.monkey import Done, NeverEnds, unleash
from chaos.plan import Size, plan
from chaos.world import World


def sized(count: int, kills: int, seed: int, workers: int, seconds: float | None = None) -> Size:
    """The rest follows: an hour of ANAF's is 18 seconds here, and a lease 6."""
    return Size(
        count=count,
        kills=kills,
        seed=seed,
        workers=workers,
        firms=max(3, min(200, count // 20)),
        seconds=seconds or max(count * 0.09, kills * 1.2, 12),
        pace=0.005,
        lease=6,
        by_web=max(2, min(60, count // 50)),
    )


def run(directory: Path, size: Size, database: str, *, say: bool = False) -> dict[str, Any]:
    """The report; everything that happened stays in `directory`."""
    directory.mkdir(parents=True)
    events = plan(size, database)
    asked = {"database": database, **asdict(size)}
    (directory / "plan.json").write_text(json.dumps(asked | {"events": [asdict(one) for one in events]}, indent=1))
    never_ends, done = "", Done()
    with World(directory, size, database) as world:
        try:
            done = unleash(world, events, size, say)
        except NeverEnds as exc:
            never_ends = str(exc)
        told = world.ledger()
        command = [sys.executable, "-m", "chaos.comparison", str(directory / "ledger.json")]
        compared = subprocess.run(command, env=world.env, check=True, stdout=subprocess.PIPE).stdout
    found: dict[str, Any] = json.loads(compared)
    if never_ends:
        found["differences"].insert(0, never_ends)
    if (taken := sum(found["counts"].get(state, 0) for state in ("accepted", "rejected", "refused"))) != size.count:
        found["differences"].append(f"{size.count} invoices were sent, {taken} have come to an end")
    found |= {
        "asked": asked,
        "done": asdict(replace(done, events=dict(done.events))),
        "calls": told["calls"],
        "struck": told["faults"],
    }
    found["directory"] = str(directory)
    (directory / "report.json").write_text(json.dumps(found, indent=1, ensure_ascii=False))
    return found


def report(found: dict[str, Any]) -> str:
    """The same for people."""
    asked, done = found["asked"], found["done"]
    lines = [
        f"{asked['count']} invoices of {asked['firms']} firms, {done['events'].get('kill', 0)} kills, "
        f"{asked['workers']} workers, {asked['database']}, seed {asked['seed']}",
        f"{done['seconds']} s of bad days, {done['calm_seconds']} s until the last was settled; "
        f"{done['restarts']} workers ended by themselves",
        *(f"  {count:7}  {what}" for what, count in found["counts"].items()),
        "what was done: " + ", ".join(f"{what} {count}" for what, count in sorted(done["events"].items())),
        "calls struck at ANAF: " + ", ".join(f"{what} {count}" for what, count in sorted(found["struck"].items())),
        *(f"DIFFERS  {problem}" for problem in found["differences"][:40]),
        f"{len(found['differences'])} differences; everything is in {found['directory']}",
    ]
    return "\n".join(lines)

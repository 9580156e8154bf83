"""Carries the plan out, restarts what died, and at the end waits until nothing is left to do."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx2

from chaos.plan import Event, Size
from chaos.world import ALL, World


class NeverEnds(Exception):
    """Submissions are still open long after all went well again."""


@dataclass
class Done:
    """What was really done: a fault may have had nobody to strike."""

    events: dict[str, int] = field(default_factory=Counter)
    seconds: float = 0.0
    calm_seconds: float = 0.0  # from the last event to the last step
    restarts: int = 0


def unleash(world: World, events: list[Event], size: Size, say: bool) -> Done:
    """Raises NeverEnds, with the world as it stands."""
    while not world.count(ALL):  # the feeder is coming
        if world.feeder.poll():
            raise NeverEnds("nothing was sent: feeder.log says why")
        time.sleep(0.1)
    done, began, left, said = Done(), time.monotonic(), list(events), 0.0
    hand = world.press(size.by_web, size.seconds * 0.9)
    others: list[threading.Thread] = []
    while left or world.feeder.poll() is None or hand.is_alive():
        now = time.monotonic() - began
        for event in [one for one in left if one.at <= now]:
            if event.kind == "kill" and not world.has_worked(event.facts["worker"], event.facts["for"]):
                continue  # it is still starting: to kill it now would prove nothing
            left.remove(event)
            others += strike(world, event, done)
        world.supervise()
        if say and now - said > 15:
            said = now
            print(f"{now:6.0f} s  killed {done.events['kill']}, still open {_open(world)}", flush=True)
        time.sleep(0.02)
    for thread in others:
        thread.join()
    world.set_disk(full=False)
    world.all_well()
    done.seconds = round(time.monotonic() - began, 1)
    calm(world, size)
    done.calm_seconds = round(time.monotonic() - began - done.seconds, 1)
    done.restarts = world.died
    return done


def calm(world: World, size: Size) -> None:
    """Until nothing is due any more; patience: what is uncertain waits for its hour, and once more."""
    until = time.monotonic() + 60 + 4 * 3600 * size.pace + size.count * 0.2
    while world.still_open():
        if time.monotonic() > until:
            raise NeverEnds(f"{world.still_open()} submissions are still open")
        world.supervise()
        time.sleep(0.2)


def strike(world: World, event: Event, done: Done) -> list[threading.Thread]:
    facts = dict(event.facts)
    called = str(facts.pop("called", event.kind))
    done.events[called] += 1
    match event.kind:
        case "kill":
            world.kill(facts["worker"])
        case "shift":
            world.skew[facts["worker"]] = facts["seconds"]
            world.kill(facts["worker"])
        case "fault":
            try:
                world.tell("faults", facts)
            except httpx2.HTTPStatusError:  # a hundred wait already
                done.events[called] -= 1
        case "settings":
            world.tell("settings", facts)
        case "deny":
            allowed = world.rights[int(len(world.rights) * facts["share"]) :]
            world.tell("rights", {"certificate": world.holder, "cifs": allowed})
        case "allow":
            world.tell("rights", {"certificate": world.holder, "cifs": world.rights})
        case "full" | "free":
            world.set_disk(full=event.kind == "full")
        case "cut" if world.postgres and world.postgres.alive():
            try:
                world.postgres.cut()
            except Exception as exc:
                print(f"cut: {exc}")
        case "lock":
            thread = threading.Thread(target=world.lock, args=(facts["seconds"],), daemon=True)
            thread.start()
            return [thread]
    return []


def _open(world: World) -> str:
    try:
        return str(world.still_open())
    except Exception as exc:
        return type(exc).__name__

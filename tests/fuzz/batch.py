"""A batch of documents, in a child process with a limit of memory; what fails is kept under var/fuzz."""

import hashlib
import os
import resource
from collections import Counter
from pathlib import Path

from fuzz.hostile import MB, Named, crowds, giants, mutated, tricks
from fuzz.trial import MEMORY, Failed, try_doors

KEPT = Path("var/fuzz")


def limit() -> None:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def documents(seed: str, first: int, end: int) -> Named:
    """The mutants from `first` to before `end`; from -1, the hostile files."""
    if first < 0:
        yield from tricks()
        yield from giants(10 * MB - 4096)
        yield from crowds(2 * MB)
    for n in range(max(0, first), end):
        yield f"{seed}:{n}", mutated(f"{seed}:{n}")


def try_batch(seed: str, first: int, end: int) -> dict[str, int]:
    """Counts of what became of the documents."""
    outcome = Counter[str]()
    for label, xml in documents(seed, first, end):
        outcome["tried"] += 1
        try:
            outcome["judged" if try_doors(xml) else "not UBL"] += 1
        except Failed as failure:
            outcome["failed"] += 1
            KEPT.mkdir(parents=True, exist_ok=True)
            kept = KEPT / f"{hashlib.sha256(xml).hexdigest()[:16]}.xml"
            kept.write_bytes(xml)
            print(f"FAILED {label}: {failure} ({kept})", flush=True)
    return outcome

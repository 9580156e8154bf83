"""Whose turn it is: one short step at ANAF for a firm, then the next firm's, whatever waits behind each.

A `Source` offers steps of one kind. A round asks every source which firms have something due, and gives each firm one
step; so a firm with one invoice waits for at most two rounds behind one with 5,000 (docs/operare/livrare.md).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from punte.web.limits.clock import Clock


class Source(Protocol):
    """Steps of one kind: deliveries, listings, downloads. Several callers at once, in any process."""

    name: str

    def firms(self, now: datetime) -> Iterable[int]:
        """Keys of the firms with a step due at `now`."""

    def take(self, firm_id: int, now: datetime) -> Callable[[Clock], None] | None:
        """Claim the firm's most urgent step (a lease); None when there is none. Calling the answer carries it out."""


class Turns:
    """The shared round of one process; its threads pull from it. Several processes have a round each."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)
        self._round: deque[tuple[Source, int]] = deque()
        self._lock = threading.Lock()

    def next(self, now: datetime) -> Callable[[Clock], None] | None:
        """The next step, claimed; None when nothing is due. A firm just served comes again after all the others."""
        with self._lock:
            begun = False
            while True:
                while self._round:
                    source, firm_id = self._round.popleft()
                    if step := source.take(firm_id, now):
                        return step
                if begun:
                    return None
                begun = True
                self._round.extend((source, firm_id) for source in self._sources for firm_id in source.firms(now))

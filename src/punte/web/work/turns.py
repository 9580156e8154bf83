"""Whose turn it is: one short step at ANAF for a firm, then the next firm's, whatever waits behind each.

A `Source` offers steps of one kind. A round asks every source which firms have something due, and gives each firm one
step; so a firm with one invoice waits for at most two rounds behind one with 5,000 (docs/operare/livrare.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

Clock = Callable[[], datetime]


class Source(Protocol):
    """Steps of one kind: deliveries, listings, downloads. Several callers at once, in any process."""

    name: str

    def firms(self, now: datetime) -> Iterable[int]:
        """Keys of the firms with a step due at `now`."""

    def take(self, firm_id: int, now: datetime) -> Callable[[Clock], None] | None:
        """Claim the firm's most urgent step (a lease); None when there is none. Calling the answer carries it out."""

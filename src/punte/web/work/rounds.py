"""What is done every so often besides the firms' turns, as steps of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from punte.web.delivery import batches, loop
from punte.web.transfer import transfers

#: Steps that go on while they answer True: what somebody started and waits for.
AT_ONCE = (batches.advance, transfers.advance)
OFTEN = timedelta(seconds=2)


def steps() -> Iterator[tuple[timedelta, Callable[[datetime], object]]]:
    """Every step with how often it is made."""
    for step in AT_ONCE:
        yield OFTEN, step
    for one in loop.rounds():
        for step in one.steps:
            yield one.every, step

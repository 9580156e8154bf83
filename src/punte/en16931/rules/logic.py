"""`and` and `or` as the official processor evaluates them.

An operand that cannot be evaluated is forgiven where another one decides by itself: a false one for `and`, a true
one for `or`. Only when none decides there is no verdict.
"""

from __future__ import annotations

from collections.abc import Callable

from .values import NoVerdict


def all_hold(*operands: Callable[[], bool]) -> bool:
    """`a and b and c`. Raises NoVerdict when one stops and no other is false."""
    return not any_holds(*(lambda operand=operand: not operand() for operand in operands))


def any_holds(*operands: Callable[[], bool]) -> bool:
    """`a or b or c`. Raises NoVerdict when one stops and no other is true."""
    stopped: NoVerdict | None = None
    for operand in operands:
        try:
            if operand():
                return True
        except NoVerdict as stop:
            stopped = stopped or stop
    if stopped:
        raise stopped
    return False

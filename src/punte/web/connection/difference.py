"""Two addresses side by side: ANAF wants the callback letter by letter as registered, and shows no difference."""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple


class Pair(NamedTuple):
    """`same`: how both begin; `ours`, `theirs`: how each goes on."""

    same: str
    ours: str
    theirs: str

    @property
    def equal(self) -> bool:
        return not (self.ours or self.theirs)


def difference(ours: str, theirs: str) -> Pair:
    """
    >>> difference("https://punte.example/a/", "https://punte.example/a")
    Pair(same='https://punte.example/a', ours='/', theirs='')
    """
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(ours, theirs, strict=False)))
    return Pair(ours[:same], ours[same:], theirs[same:])

"""Two addresses side by side: ANAF wants the callback letter by letter as registered, and shows no difference."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import NamedTuple


class Piece(NamedTuple):
    """A stretch of an address; `differs`: it is not in the other."""

    text: str
    differs: bool


class Pair(NamedTuple):
    ours: list[Piece]
    theirs: list[Piece]

    @property
    def equal(self) -> bool:
        return not any(piece.differs for piece in self.ours + self.theirs)


def difference(ours: str, theirs: str) -> Pair:
    """
    >>> difference("https://punte.example/a/", "http://punte.example/a").theirs
    [Piece(text='http', differs=False), Piece(text='://punte.example/a', differs=False)]
    """
    steps = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    return Pair(
        [Piece(ours[i:j], step != "equal") for step, i, j, _, _ in steps if i < j],
        [Piece(theirs[i:j], step != "equal") for step, _, _, i, j in steps if i < j],
    )

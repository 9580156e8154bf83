"""One exit status for each thing that the caller does next: complete, and the same in the code, the help, the page."""

from __future__ import annotations

import re
from pathlib import Path

from punte.anaf.errors import AnafError
from punte.cli.anaf.exits import EXITS, WORDS, Exit, table

PAGE = (Path(__file__).parents[3] / "docs" / "anaf-cli.md").read_text()


def below(kind: type[AnafError]) -> set[type[AnafError]]:
    return set().union(*({one} | below(one) for one in kind.__subclasses__()))


def test_each_error_of_the_tree_has_an_exit_of_its_own() -> None:
    assert set(EXITS) == below(AnafError)
    assert len(set(EXITS.values())) == len(EXITS)


def test_every_exit_has_words() -> None:
    assert set(WORDS) == set(Exit)
    assert all(what and (now or exit is Exit.DONE) for exit, (what, now) in WORDS.items())


def test_the_page_has_the_same_table() -> None:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| (.+?) \|$", PAGE, re.MULTILINE)
    assert [(f"{number} {name}", words) for number, name, words in rows] == table()

"""What may reach an eye: a received document may hold any letter of Unicode, and some that steer instead of show."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any


def harmless(value: Any) -> Any:
    """`value` with each text in NFC and without controls: for a terminal or a web page, which have every letter.

    An escape sequence could repaint the terminal, a bidirectional override show another amount than the document's.
    """
    return _each(value, _without_controls)


def printable(value: Any) -> Any:
    """`value` with what our fonts cannot show as U+FFFD: PDF/A refuses a missing glyph."""
    return _each(value, lambda text: "".join(map(_shown, text)))


def _each(value: Any, text: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {key: _each(item, text) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_each(item, text) for item in value]
    return value


def _without_controls(text: str) -> str:
    return "".join(map(_harmless, unicodedata.normalize("NFC", text)))


def _harmless(character: str) -> str:
    if character in "\n\u2028\u2029":
        return "\n"
    if unicodedata.category(character) in ("Cc", "Cf", "Cs"):
        return " " if character.isspace() else ""
    return character


def _shown(character: str) -> str:
    if character == "\n" or character in _coverage():
        return character
    return " " if character.isspace() else "\ufffd"


@cache
def _coverage() -> frozenset[str]:
    ranges = resources.files(__package__).joinpath("fonts", "coverage.txt").read_text("ascii").split()
    bounds = ((int(first, 16), int(last, 16)) for first, last in (r.split("-") for r in ranges))
    return frozenset(chr(code) for first, last in bounds for code in range(first, last + 1))

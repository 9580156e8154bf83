"""What our fonts can show. PDF/A refuses a missing glyph, and a received document may hold any letter of Unicode."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources
from typing import Any


def printable(value: Any) -> Any:
    """`value` with each text in NFC and what our fonts cannot show as U+FFFD: PDF/A refuses a missing glyph."""
    if isinstance(value, str):
        return "".join(map(_shown, unicodedata.normalize("NFC", value)))
    if isinstance(value, dict):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value


def _shown(character: str) -> str:
    if character in "\n\u2028\u2029":
        return "\n"
    # Controls and formats go: a bidirectional override could show another amount than the document holds.
    if unicodedata.category(character) in ("Cc", "Cf"):
        return " " if character.isspace() else ""
    if character in _coverage():
        return character
    return " " if character.isspace() else "\ufffd"


@cache
def _coverage() -> frozenset[str]:
    ranges = resources.files(__package__).joinpath("fonts", "coverage.txt").read_text("ascii").split()
    bounds = ((int(first, 16), int(last, 16)) for first, last in (r.split("-") for r in ranges))
    return frozenset(chr(code) for first, last in bounds for code in range(first, last + 1))

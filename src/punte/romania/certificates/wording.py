"""Rows of data that carry their words twice: `text` in Romanian, `text_en` beside it in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Cell = TypeVar("Cell")
ENGLISH = "_en"


def worded(row: Mapping[str, Cell], language: str) -> dict[str, Cell]:
    """The row with its words in `language` (`en`; else Romanian), under the Romanian names.

    >>> worded({"key": "a", "text": "da", "text_en": "yes"}, "en")
    {'key': 'a', 'text': 'yes'}
    """
    words = {name: cell for name, cell in row.items() if not name.endswith(ENGLISH)}
    if language.startswith("en"):
        words |= {name.removesuffix(ENGLISH): cell for name, cell in row.items() if name.endswith(ENGLISH)}
    return words

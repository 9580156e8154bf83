"""Words and phrases around the names and values: „de pe rândul 2”, „ (nr. 2)”, quotes."""

from __future__ import annotations

from functools import cache
from typing import Literal

from punte.en16931.tables import rows

Language = Literal["ro", "en"]
Names = dict[str, str]  # by language


def word(key: str, language: Language, **values: object) -> str:
    """A word or phrase of `words.tsv`, filled."""
    return _words()[key][language].format(**values)


@cache
def _words() -> dict[str, Names]:
    return {row["key"]: {"ro": row["ro"], "en": row["en"]} for row in rows(__file__, "words.tsv")}

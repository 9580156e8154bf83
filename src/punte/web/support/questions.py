"""Întrebări frecvente: questions that users of e-invoicing really ask (questions.toml), and the search in them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import groupby

from django.utils.translation import get_language

LANGUAGES = ("ro", "en")


@dataclass(frozen=True)
class Question:
    """`answer` in paragraphs; `words`: what people also call it, for the search alone."""

    slug: str
    group: str
    title: str
    answer: tuple[str, ...]
    words: str

    @cached_property
    def text(self) -> str:
        """What is searched."""
        return fold(" ".join((self.title, *self.answer, self.words)))


@cache
def questions(language: str) -> tuple[Question, ...]:
    """All, in their order, in `ro` or `en`."""
    data = tomllib.loads((files("punte.web.support") / "questions.toml").read_text("utf-8"))
    return tuple(
        Question(
            slug=row["slug"],
            group=data["group"][row["group"]][language],
            title=row[language]["title"],
            answer=tuple(part.strip() for part in row[language]["answer"].strip().split("\n\n")),
            words=row.get("words", ""),
        )
        for row in data["question"]
    )


def found(wanted: str) -> list[Question]:
    """Those that hold every word of `wanted`, or its beginning; titles before answers. Empty `wanted`: all.

    Diacritics and case make no difference: `respinsa` finds „Respinsă”.
    """
    all_of_them = questions(_language())
    terms = fold(wanted).split()
    held = [one for one in all_of_them if all(_holds(one.text, term) for term in terms)]
    if not terms:
        return held
    return sorted(held, key=lambda one: -sum(_holds(fold(one.title), term) for term in terms))


def groups(of: Iterable[Question]) -> list[tuple[str, list[Question]]]:
    """Neighbours of one group together, in their order."""
    return [(name, list(members)) for name, members in groupby(of, key=lambda one: one.group)]


def fold(text: str) -> str:
    """Without diacritics, case and punctuation: `Respinsă: ce fac?` → `respinsa ce fac`."""
    plain = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"\w+", plain.lower()))


def _holds(text: str, term: str) -> bool:
    return f" {term}" in f" {text}"


def _language() -> str:
    language = (get_language() or "ro").split("-")[0]
    return language if language in LANGUAGES else "ro"

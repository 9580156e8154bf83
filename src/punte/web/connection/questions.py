"""The dialogue that ends in one diagnosis. A path in the address says it all: where it began, what was answered.

    neintors.nimic.windows.nu    began at the question `neintors`; C01

So the browser's back button works, an answer can be kept as a bookmark, and nothing is stored.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language

from punte.romania.certificates.wording import worded

from .diagnoses import Diagnosis, diagnoses


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An answer: it leads `to` the next question, or to the diagnosis `key`; one of the two.

    agent  a pattern of the User-Agent for which it is chosen beforehand
    """

    id: str
    says: str
    hint: str = ""
    to: str = ""
    key: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`start`: a path may begin here."""

    id: str
    ask: str
    options: tuple[Option, ...]
    hint: str = ""
    start: bool = False

    def likely(self, agent: str) -> str:
        """The id of the option that the browser's User-Agent speaks for, else empty."""
        return next((one.id for one in self.options if one.agent and re.search(one.agent, agent)), "")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Where a path has come: to `question`, or to `diagnosis`. `said`: the questions answered, each with its answer."""

    path: str
    said: tuple[tuple[Question, Option], ...]
    question: Question | None
    diagnosis: Diagnosis | None

    @property
    def back(self) -> str:
        """The path one answer shorter; empty at the first question."""
        return self.path.rpartition(".")[0]


class NoSuchPath(Exception):
    """A question or an answer that is not there."""


def questions() -> dict[str, Question]:
    """By id, in the language of the page: English or Romanian."""
    return _tree("en" if (get_language() or "").startswith("en") else "ro")


@cache
def _tree(language: str) -> dict[str, Question]:
    tree = tomllib.loads((files("punte.web.connection") / "questions.toml").read_text("utf-8"))
    return {
        id: Question(
            id=id,
            **worded(node, language) | {"options": tuple(Option(**worded(one, language)) for one in node["options"])},
        )
        for id, node in tree.items()
    }


def follow(path: str) -> Dialogue:
    """Raises NoSuchPath."""
    begin, *answers = path.split(".")
    question = questions().get(begin)
    if question is None or not question.start:
        raise NoSuchPath(path)
    said: list[tuple[Question, Option]] = []
    diagnosis = None
    for answer in answers:
        option = next((one for one in question.options if one.id == answer), None) if question else None
        if question is None or option is None:
            raise NoSuchPath(path)
        said.append((question, option))
        question = questions().get(option.to)
        diagnosis = diagnoses().get(option.key)
    return Dialogue(path, tuple(said), question, diagnosis)


def paths() -> Iterator[Dialogue]:
    """Every way through, to its end."""
    waiting = [question.id for question in questions().values() if question.start]
    while waiting:
        dialogue = follow(waiting.pop(0))
        if dialogue.question is None:
            yield dialogue
        else:
            waiting += [f"{dialogue.path}.{option.id}" for option in dialogue.question.options]

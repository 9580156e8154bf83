"""The sentences: sections of `texts/*.toml`, each for the rules that its pattern names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .words import Language

#: for a rule that no section names
GENERAL = "other"


@dataclass(frozen=True, slots=True)
class Section:
    """What is said of the rules of a family.

    rules   a regular expression that matches their ids whole
    field   the business term to change, where the finding points elsewhere
    texts   by language and part; `missing` stands for `what` when there is no value, `now_known` for `now` when
            we know the answer
    """

    name: str
    rules: re.Pattern[str]
    field: str | None
    texts: dict[str, dict[str, str]]

    def says(self, part: str) -> bool:
        return part in self.texts["ro"]

    def text(self, part: str, language: Language) -> str:
        return self.texts[language][part]


@cache
def sections() -> tuple[Section, ...]:
    """All sections. A blank before `%` is made a no-break space, so that the files can be typed."""
    import tomllib  # only here: most who import this package explain nothing

    found = []
    for file in sorted(Path(__file__).with_name("texts").iterdir(), key=lambda file: file.name):
        for name, section in tomllib.loads(file.read_text("utf-8")).items():
            found.append(Section(name, re.compile(section["rules"]), section.get("field"), _texts(section)))
    return tuple(found)


def _texts(section: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {
        language: {part: text.replace(" %", "\u00a0%") for part, text in section[language].items()}
        for language in ("ro", "en")
    }


@cache
def section_for(rule: str) -> Section:
    """The section of a rule; that of the official rule it completes; the general one for a rule that none names."""
    for rule_id in (rule, rule.removeprefix("PUNTE-")):
        for section in sections():
            if section.rules.fullmatch(rule_id):
                return section
    return next(section for section in sections() if section.name == GENERAL)

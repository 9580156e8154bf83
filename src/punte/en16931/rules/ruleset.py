"""A rule set is a value: its name, when it binds, its contexts in their official order, its rules by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from ..tables import rows
from .engine import Judge
from .rule import Rule

if TYPE_CHECKING:
    from lxml import etree

    from .rule import Finding

#: contexts with the ids they hold; within a pattern the first context that matches an element judges it alone
Pattern = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class RuleSet:
    """An edition of the rules. `since`: the first day of validity."""

    name: str
    since: date
    patterns: tuple[Pattern, ...]
    rules: Mapping[str, Rule]
    #: paths, from the document element, of what must not be used, with the rule that says so
    forbidden: tuple[tuple[str, Rule], ...]

    def findings(self, root: etree._Element) -> tuple[Finding, ...]:
        """What the rules find in a document, in document order."""
        return self._judge.judge(root)[0]

    def findings_and_faults(
        self, root: etree._Element, xml: bytes = b""
    ) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """The same, and the faults of structure (`ubl.structure.faults`), by one walk over the document.

        xml  the bytes that `root` was parsed from: with them, long documents are judged several times faster
        """
        return self._judge.judge(root, xml)

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self)


def read_patterns(module: str, table: str) -> tuple[Pattern, ...]:
    """Patterns of a table `pattern, context, ids` whose lines keep the official order."""
    patterns: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for row in rows(module, table):
        patterns.setdefault(row["pattern"], []).append((row["context"], tuple(row["ids"].split())))
    return tuple(tuple(contexts) for contexts in patterns.values())

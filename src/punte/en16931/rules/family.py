"""The forms that rules take: a family gathers its sentences by id."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from .nodes import Document, Node, Path
from .rule import Rule, Severity
from .values import has_two_decimals, trim

if TYPE_CHECKING:
    from collections.abc import Mapping

Holds = Callable[[Node, Document], bool]
Text = Callable[[str], bool]


def steps(path: str) -> Path:
    """`cac:Party/cbc:Name` -> its steps; "" is the context itself."""
    return tuple(path.split("/")) if path else ()


class Family:
    """Rules that belong together. A path is relative to the context that the rule set gives to the id."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}

    @property
    def rules(self) -> Mapping[str, Rule]:
        return MappingProxyType(self._rules)

    def add(
        self,
        rule_id: str,
        term: str | None,
        holds: Holds,
        field: str = "",
        *,
        warning: bool = False,
        limit: bool = False,
        by_names: bool = False,
        by_words: bool = False,
        by_markup: bool = False,
        within: Sequence[str] = (),
        given: Callable[[Document], Hashable] | None = None,
        text: Text | None = None,
    ) -> None:
        """A rule by its function.

        limit      it only limits its field, and says nothing where the field is missing
        by_names   nothing but the names of the elements below the context decides, however many alike follow
        by_words   nothing but the words within the context decides
        by_markup  nothing but names and attributes decides
        within     nothing but what is within the elements at the end of these paths decides
        given      nothing but this fact about the document decides
        text       where the field stands once, what its text must be, and nothing else decides
        """
        severity = Severity.WARNING if warning else Severity.FATAL
        path = steps(field)
        self._rules[rule_id] = Rule(
            rule_id,
            term,
            holds,
            severity,
            path,
            limit and bool(path),
            by_names=by_names,
            by_words=by_words,
            by_markup=by_markup,
            within=tuple(map(steps, within)),
            given=given,
            text=text,
        )

    def rule(
        self,
        *ids: str,
        term: str | None,
        field: str = "",
        warning: bool = False,
        limit: bool = False,
        by_names: bool = False,
        by_words: bool = False,
        by_markup: bool = False,
        within: Sequence[str] = (),
        text: Text | None = None,
    ) -> Callable[[Holds], Holds]:
        """The decorated function says what must hold. Several ids: the official set writes it more than once."""

        def register(holds: Holds) -> Holds:
            for rule_id in ids:
                self.add(
                    rule_id,
                    term,
                    holds,
                    field,
                    warning=warning,
                    limit=limit,
                    by_names=by_names,
                    by_words=by_words,
                    by_markup=by_markup,
                    within=within,
                    text=text,
                )
            return holds

        return register

    def present(self, rule_id: str, term: str | None, *paths: str) -> None:
        """At least one of the elements is there, empty or not."""
        alternatives = [steps(path) for path in paths]
        self.add(
            rule_id,
            term,
            lambda node, _: any(node.select(*way) for way in alternatives),
            paths[0],
            by_names=True,
        )

    def filled(self, rule_id: str, term: str | None, path: str) -> None:
        """One of the elements has text; a blank is text."""
        way = steps(path)

        def holds(node: Node, _: Document) -> bool:
            for found in node.select(*way):  # noqa: SIM110 - a loop is twice as fast as `any`
                if found.text:
                    return True
            return False

        self.add(rule_id, term, holds, path, text=bool)

    def has_attribute(self, rule_id: str, term: str | None, name: str) -> None:
        self.add(rule_id, term, lambda node, _: name in node.attributes, by_markup=True)

    def at_most(self, rule_id: str, term: str | None, path: str, limit: int = 1) -> None:
        """The element occurs no more often than `limit`, counted over the whole path."""
        way = steps(path)
        self.add(rule_id, term, lambda node, _: len(node.select(*way)) <= limit, path, limit=True, by_names=True)

    def two_decimals(self, rule_id: str, term: str | None, path: str) -> None:
        """No more than 2 characters after the dot, counted on the raw text."""
        self.fits(rule_id, term, path, has_two_decimals)

    def fits(self, rule_id: str, term: str | None, path: str, text: Text) -> None:
        """The text of the one element is as it must be; nothing is said where there is none."""
        way = steps(path)

        def holds(node: Node, _: Document) -> bool:
            return text(node.text_of(*way) if way else node.text)

        self.add(rule_id, term, holds, path, limit=True, text=text)

    def coded(self, rule_id: str, term: str | None, codes: Collection[str]) -> None:
        """The text, trimmed, is a code of the list."""

        def is_code(text: str) -> bool:
            return text in codes or trim(text) in codes

        self.add(rule_id, term, lambda node, _: is_code(node.text), text=is_code)

    def coded_attribute(self, rule_id: str, term: str | None, name: str, codes: Collection[str]) -> None:
        """The attribute, trimmed, is a code of the list."""

        def holds(node: Node, _: Document) -> bool:
            value = node.attributes[name]
            return value in codes or trim(value) in codes

        self.add(rule_id, term, holds, f"@{name}", by_markup=True)

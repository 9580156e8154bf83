"""What is broken of the rules given: by a pattern whose contexts have conditions, or of some rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from .categories import code_of
from .contexts import Context
from .nodes import Document, Node
from .rule import Rule
from .values import NoVerdict

#: Where the official processor stops with an error, the document has no verdict and ANAF refuses it: so do we.
ABORT_PREFIX: Final = "PUNTE-ABORT-"

Alternatives = tuple[tuple[Context | None, tuple[Rule, ...]], ...]


class Choice(NamedTuple):
    """The contexts of one pattern that fit a place: the first that holds gives the rules; None always holds."""

    alternatives: Alternatives
    #: those of each VAT category, where all of them ask for one
    by_category: dict[str, Alternatives] | None


def choice_of(alternatives: Alternatives) -> Choice:
    codes = [context.category for context, _ in alternatives if context is not None]
    if None in codes or len(codes) < len(alternatives):
        return Choice(alternatives, None)
    by_category: dict[str, Alternatives] = {}
    for code, alternative in zip(codes, alternatives, strict=True):
        by_category[str(code)] = (*by_category.get(str(code), ()), alternative)
    return Choice(alternatives, by_category)


def broken_by_choice(node: Node, document: Document) -> tuple[Rule, ...]:
    """Of each pattern with conditions, the first context that holds gives the rules."""
    broken: list[Rule] = []
    for choice in node.place.choices:
        for context, rules in _alternatives(choice, node):
            if context is None or context.holds(node):
                broken += broken_of(rules, node, document)
                break
    return tuple(broken)


def _alternatives(choice: Choice, node: Node) -> Alternatives:
    if choice.by_category is None:
        return choice.alternatives
    try:
        return choice.by_category.get(code_of(node), ())
    except NoVerdict:  # match patterns recover from errors
        return ()


def broken_of(rules: Iterable[Rule], node: Node, document: Document) -> Iterator[Rule]:
    for rule in rules:
        try:
            if not rule.holds(node, document):
                yield rule
        except NoVerdict as stop:
            yield abort(rule, stop)


def abort(rule: Rule, stop: NoVerdict) -> Rule:
    return Rule(ABORT_PREFIX + stop.reason, rule.term, rule.holds, field=rule.field)

"""The judge: one walk over a document, each element tested by the first context of each pattern that matches it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from decimal import localcontext
from typing import TYPE_CHECKING, Final

from lxml import etree

from ..ubl.structure import faults_of
from .choices import abort, broken_by_choice, broken_of
from .contexts import read_contexts
from .nodes import Document, Node
from .places import Forbidden, Places
from .rule import Finding, Rule
from .values import EXACT, NoVerdict

if TYPE_CHECKING:
    from .ruleset import RuleSet
    from .view import View

#: so many values of a fact are remembered with the rules that it breaks
MOST_FACTS: Final = 1000


class Judge:
    """A rule set made ready to judge. Making one takes some milliseconds; it may be shared by threads."""

    def __init__(self, ruleset: RuleSet) -> None:
        self._order = {rule_id: position for position, rule_id in enumerate(ruleset.rules)}
        patterns = []
        self._attributes: dict[str, tuple[Rule, ...]] = {}
        for pattern in ruleset.patterns:
            contexts = []
            for text, ids in pattern:
                rules = tuple(ruleset.rules[rule_id] for rule_id in ids if rule_id in ruleset.rules)
                for context in read_contexts(text):
                    contexts.append((context, rules))
                    if context.attribute:
                        self._attributes[context.attribute] = rules
            patterns.append(tuple(contexts))
        forbidden = tuple(
            Forbidden(rule, context) for path, rule in ruleset.forbidden for context in read_contexts(path)
        )
        self._forbidden_attributes: dict[str, tuple[Rule, ...]] = {}
        for item in forbidden:
            if item.context.attribute and not item.context.steps:
                name = item.context.attribute
                self._forbidden_attributes[name] = (*self._forbidden_attributes.get(name, ()), item.rule)
        self._places = Places(tuple(patterns), forbidden)

    def judge(self, root: etree._Element, xml: bytes = b"") -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """What the rules find, and the faults of structure, in document order; faster with the bytes (`parts`)."""
        with _no_collection(), localcontext(EXACT):
            view = self._places.view(root, xml)
            found = [_finding(rule, node) for rule, node in self._broken(view)]
            faults = faults_of(view.unsound)
            view.release()
        return tuple(sorted(found, key=self._rank)), faults

    def _rank(self, finding: Finding) -> tuple[int, int, str, str]:
        """Findings stand in the order of the document; those of one line, of the rule set."""
        return finding.line or 0, self._order.get(finding.rule, -1), finding.location, finding.term or ""

    def _broken(self, view: View) -> Iterator[tuple[Rule, Node]]:
        """The rules that do not hold, each with the element that its context is."""
        document = view.document
        for node, attributes in view.attributed:
            broken = list(self._broken_by_attributes(node, document))
            attributes.clean = attributes.sound and not broken
            for rule in broken:
                yield rule, node
        said: dict[Node, tuple[Rule, ...]] = {}
        for node, build in view.asked:
            rules = build.rules
            if rules is None:
                rules = build.settle(node, document)
            for rule in rules:
                try:
                    if not rule.holds(node, document):
                        yield rule, node
                except NoVerdict as stop:
                    yield abort(rule, stop), node
            for rule in build.broken:
                yield rule, node
            for fact, given, by_fact in build.given:
                for rule in _broken_by_fact(fact, given, by_fact, node, document):
                    yield rule, node
            place = node.place
            if place.choices:
                if not place.by_words:
                    chosen = broken_by_choice(node, document)
                elif (known := said.get(node.twin)) is not None:
                    chosen = known
                else:
                    chosen = said[node.twin] = broken_by_choice(node, document)
                for rule in chosen:
                    yield rule, node
            for rule in place.forbidden:
                yield rule, node

    def _broken_by_attributes(self, node: Node, document: Document) -> Iterator[Rule]:
        here = node.place.forbidden_attributes
        for name in node.attributes:
            if name in self._attributes:
                yield from broken_of(self._attributes[name], node, document)
            yield from self._forbidden_attributes.get(name, ())
            yield from here.get(name, ())


def _broken_by_fact(
    fact: Callable[[Document], Hashable],
    rules: tuple[Rule, ...],
    known: dict[Hashable, tuple[Rule, ...]],
    node: Node,
    document: Document,
) -> tuple[Rule, ...]:
    try:
        value = fact(document)
    except NoVerdict:  # of some rules; the others hold or not
        return tuple(broken_of(rules, node, document))
    if value not in known:
        broken = tuple(broken_of(rules, node, document))
        if len(known) >= MOST_FACTS:
            known.clear()
        known[value] = broken
    return known[value]


@contextmanager
def _no_collection() -> Iterator[None]:
    """A walk makes many objects and no garbage; looking for some meanwhile is a quarter of its time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _finding(rule: Rule, node: Node) -> Finding:
    """Where the rule's field stands; where it is missing, the nearest element above it that exists."""
    attribute = ""
    for name in rule.field:
        if name.startswith("@"):
            attribute = name
        elif found := node.select(name):
            node = found[0]
        else:
            break
    text = None if node.children else node.text
    value = node.attributes.get(attribute[1:]) if attribute else text
    line: int | None = node.element.sourceline  # type: ignore[assignment]
    location = f"{node.location}/{attribute}" if attribute else node.location
    return Finding(rule.id, rule.severity, rule.term, location, line, value)

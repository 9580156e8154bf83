"""The judge: one walk over a document, each element tested by the first context of each pattern that matches it."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import localcontext
from typing import TYPE_CHECKING

from lxml import etree

from ..ubl.structure import faults_of
from .categories import code_of
from .contexts import read_contexts
from .nodes import Document, Node
from .places import Alternatives, Choice, Forbidden, Places
from .rule import Finding, Rule
from .values import EXACT, NoVerdict

if TYPE_CHECKING:
    from .ruleset import RuleSet
    from .view import View

#: Where the official processor stops with an error, the document has no verdict and ANAF refuses it: so do we.
ABORT_PREFIX = "PUNTE-ABORT-"


class Judge:
    """A rule set made ready to judge. Making one takes some milliseconds; it may be shared by threads."""

    def __init__(self, ruleset: RuleSet) -> None:
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

    def judge(self, root: etree._Element) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """What the rules find, and the faults of structure, in document order."""
        with _no_collection(), localcontext(EXACT):
            view = self._places.view(root)
            found = [_finding(rule, node) for rule, node in self._broken(view)]
            faults = faults_of(view.unsound)
            view.release()
        return tuple(sorted(found, key=lambda finding: finding.line or 0)), faults

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
                    yield _abort(rule, stop), node
            for rule in build.broken:
                yield rule, node
            place = node.place
            if place.choices:
                if not place.by_words:
                    chosen = _broken_by_choice(node, document)
                elif (known := said.get(node.twin)) is not None:
                    chosen = known
                else:
                    chosen = said[node.twin] = _broken_by_choice(node, document)
                for rule in chosen:
                    yield rule, node
            for rule in place.forbidden:
                yield rule, node

    def _broken_by_attributes(self, node: Node, document: Document) -> Iterator[Rule]:
        here = node.place.forbidden_attributes
        for name in node.attributes:
            if name in self._attributes:
                yield from _broken_of(self._attributes[name], node, document)
            yield from self._forbidden_attributes.get(name, ())
            yield from here.get(name, ())


def _broken_of(rules: Iterable[Rule], node: Node, document: Document) -> Iterator[Rule]:
    for rule in rules:
        try:
            if not rule.holds(node, document):
                yield rule
        except NoVerdict as stop:
            yield _abort(rule, stop)


def _broken_by_choice(node: Node, document: Document) -> tuple[Rule, ...]:
    """Of each pattern with conditions, the first context that holds gives the rules."""
    broken: list[Rule] = []
    for choice in node.place.choices:
        for context, rules in _alternatives(choice, node):
            if context is None or context.holds(node):
                broken += _broken_of(rules, node, document)
                break
    return tuple(broken)


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


def _abort(rule: Rule, stop: NoVerdict) -> Rule:
    return Rule(ABORT_PREFIX + stop.reason, rule.term, rule.holds, field=rule.field)


def _alternatives(choice: Choice, node: Node) -> Alternatives:
    if choice.by_category is None:
        return choice.alternatives
    try:
        return choice.by_category.get(code_of(node), ())
    except NoVerdict:  # match patterns recover from errors
        return ()


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

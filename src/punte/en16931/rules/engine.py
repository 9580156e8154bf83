"""The judge: one walk over a document, each element tested by the first context of each pattern that matches it."""

from __future__ import annotations

from decimal import localcontext
from typing import TYPE_CHECKING

from lxml import etree

from .contexts import read_contexts
from .nodes import Document, Node
from .places import Forbidden, Places
from .rule import Finding, Rule
from .values import EXACT, NoVerdict

if TYPE_CHECKING:
    from .ruleset import RuleSet

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

    def findings(self, root: etree._Element) -> tuple[Finding, ...]:
        """All that the rules find, in document order."""
        document, nodes = self._places.view(root)
        found: list[tuple[Rule, Node]] = []
        with localcontext(EXACT):
            for node in nodes:
                place = node.place
                if node.attributes:
                    self._judge_attributes(node, document, found)
                if place.rules:
                    _judge(place.rules, node, document, found)
                for name, limits in place.rules_with.items():
                    if name in node.children:
                        _judge(limits, node, document, found)
                for choice in place.choices:
                    for context, rules in choice:
                        if context is None or context.holds(node):
                            _judge(rules, node, document, found)
                            break
                if place.forbidden:
                    found.extend((rule, node) for rule in place.forbidden)
        return tuple(sorted((_finding(rule, node) for rule, node in found), key=lambda finding: finding.line or 0))

    def _judge_attributes(self, node: Node, document: Document, found: list[tuple[Rule, Node]]) -> None:
        here = node.place.forbidden_attributes
        for name in node.attributes:
            if name in self._attributes:
                _judge(self._attributes[name], node, document, found)
            if name in self._forbidden_attributes:
                found.extend((rule, node) for rule in self._forbidden_attributes[name])
            if name in here:
                found.extend((rule, node) for rule in here[name])


def _judge(rules: tuple[Rule, ...], node: Node, document: Document, found: list[tuple[Rule, Node]]) -> None:
    for rule in rules:
        try:
            if not rule.holds(node, document):
                found.append((rule, node))
        except NoVerdict as stop:
            found.append((Rule(ABORT_PREFIX + stop.reason, rule.term, rule.holds, field=rule.field), node))


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

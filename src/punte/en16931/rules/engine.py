"""The judge: one walk over a document, each element tested by the first context of each pattern that matches it."""

from __future__ import annotations

from decimal import localcontext
from typing import TYPE_CHECKING

from lxml import etree

from .categories import code_of
from .contexts import read_contexts
from .nodes import Document, Node
from .places import Alternatives, Choice, Forbidden, Places
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

    def findings(self, root: etree._Element) -> tuple[tuple[Finding, ...], list[Node]]:
        """All that the rules find, in document order; and the elements that are not as UBL has them."""
        document, asked, attributed, unsound = self._places.view(root)
        found: list[tuple[Rule, Node]] = []
        with localcontext(EXACT):
            for node, attributes in attributed:
                before = len(found)
                self._judge_attributes(node, document, found)
                attributes.clean = attributes.sound and len(found) == before
            for node, shape in asked:
                rules = shape.rules
                if rules is None:
                    rules = shape.settle(node, document)
                for rule in rules:
                    try:
                        if not rule.holds(node, document):
                            found.append((rule, node))
                    except NoVerdict as stop:
                        found.append((_abort(rule, stop), node))
                if shape.broken:
                    found.extend((rule, node) for rule in shape.broken)
                place = node.place
                for choice in place.choices:
                    for context, chosen in _alternatives(choice, node):
                        if context is None or context.holds(node):
                            _judge(chosen, node, document, found)
                            break
                if place.forbidden:
                    found.extend((rule, node) for rule in place.forbidden)
        findings = sorted((_finding(rule, node) for rule, node in found), key=lambda finding: finding.line or 0)
        return tuple(findings), unsound

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
            found.append((_abort(rule, stop), node))


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

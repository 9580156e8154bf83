"""What is known beforehand of elements that look alike.

A shape is a place with a sequence of child tags; a build is a shape with the builds of the children, all the way down.
Most lines of an invoice have one build: what names alone decide is asked of the first and known of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from .nodes import Document, Node
    from .places import Place
    from .rule import Rule


#: a fact about the document, the rules that it decides, and those it breaks by what it is
Given = tuple["Callable[[Document], Hashable]", "tuple[Rule, ...]", "dict[Hashable, tuple[Rule, ...]]"]


class Build:
    """Elements of one place with the same names below them."""

    __slots__ = ("broken", "given", "rules")

    def __init__(self, rules: tuple[Rule, ...] | None = None, broken: tuple[Rule, ...] = ()) -> None:
        #: the rules to ask of each element; None until the first has been asked
        self.rules = rules
        #: the rules that every element of this build breaks
        self.broken = broken
        #: rules that one fact decides: the fact, the rules, and which of them it breaks
        self.given: tuple[Given, ...] = ()

    def gather(self) -> None:
        """Ask together what one fact decides."""
        facts: dict[Callable[[Document], Hashable], list[Rule]] = {}
        for rule in self.rules or ():
            if rule.given is not None:
                facts.setdefault(rule.given, []).append(rule)
        self.given = tuple((fact, tuple(rules), {}) for fact, rules in facts.items())
        self.rules = tuple(rule for rule in self.rules or () if rule.given is None)

    def settle(self, node: Node, document: Document) -> tuple[Rule, ...]:
        """Ask the first element of this build what names alone decide; the other rules remain to be asked."""
        rules = [rule for rule in node.place.rules if not rule.limit or node.select(*rule.field)]
        self.broken = tuple(rule for rule in rules if rule.by_names and not rule.holds(node, document))
        self.rules = tuple(rule for rule in rules if not rule.by_names)
        return self.rules


class Shape:
    """A place together with the tags of the children."""

    __slots__ = ("builds", "children", "sound")

    def __init__(self, place: Place, children: tuple[Place | None, ...]) -> None:
        #: for each child its place, and its position among siblings of its name; no place for a comment
        self.children: list[tuple[Place | None, int]] = []
        counts: dict[str, int] = {}
        for child in children:
            if child is None:
                self.children.append((None, 0))
            else:
                position = counts.get(child.name, 0)
                self.children.append((child, position))
                counts[child.name] = position + 1
        content = place.content
        #: UBL allows these children here, in this order and number
        self.sound = content is None or content.admits([child.name for child in children if child is not None])
        #: by the builds of the children that have children
        self.builds: dict[tuple[Build, ...], Build] = {}


class Attributes:
    """A set of attributes in a place."""

    __slots__ = ("clean", "sound", "values")

    def __init__(self, place: Place, items: tuple[tuple[str, str], ...]) -> None:
        self.values: dict[str, str] = dict(items)
        #: UBL allows them here, and misses none
        self.sound = place.content is None or place.content.admits_attributes(items)
        #: the rules about attributes, which look at them and at the name of the element alone, found nothing
        self.clean = False

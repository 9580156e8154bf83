"""What is known beforehand of elements that look alike: the same children in the same place, the same attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .nodes import Document, Node
    from .places import Place
    from .rule import Rule


class Shape:
    """A place together with a sequence of child names. Most lines of an invoice have one shape."""

    __slots__ = ("_place", "broken", "children", "names", "rules", "sound")

    def __init__(self, place: Place, children: tuple[Place | None, ...]) -> None:
        self._place = place
        #: for each child its place, and its position among siblings of its name; no place for a comment
        self.children: list[tuple[Place | None, int]] = []
        counts: dict[str, int] = {}
        for child in children:
            if child is None:
                self.children.append((None, 0))
            else:
                self.children.append((child, counts.get(child.name, 0)))
                counts[child.name] = counts.get(child.name, 0) + 1
        self.names = counts.keys()
        content = place.content
        #: UBL allows these children here, in this order and number
        self.sound = content is None or content.admits([child.name for child in children if child is not None])
        #: the rules to ask of each element; None until the first one has been asked
        self.rules: tuple[Rule, ...] | None = None
        #: the rules that every element of this shape breaks
        self.broken: tuple[Rule, ...] = ()

    def settle(self, node: Node, document: Document) -> tuple[Rule, ...]:
        """Ask the rules that names alone decide, of the first element of this shape; the others remain."""
        place = self._place
        rules = [*place.rules]
        for name, limits in place.rules_with.items():
            if name in self.names:
                rules += limits
        self.broken = tuple(rule for rule in rules if rule.by_names and not rule.holds(node, document))
        self.rules = tuple(rule for rule in rules if not rule.by_names)
        return self.rules


class Attributes:
    """A set of attributes in a place."""

    __slots__ = ("clean", "sound", "values")

    def __init__(self, place: Place, items: tuple[tuple[str, str], ...]) -> None:
        self.values: dict[str, str] = dict(items)
        #: UBL allows them here, and misses none
        self.sound = place.content is None or place.content.admits_attributes(items)
        #: the rules about attributes, which look at them and at the name of the element alone, found nothing
        self.clean = False

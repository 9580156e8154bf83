"""One walk over a document: its elements as the rules see them, and those that want a closer look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ubl.content import str_is_blank
from ..ubl.structure import own_text
from .nodes import Document, Node
from .shapes import Attributes, Build

if TYPE_CHECKING:
    from lxml import etree

    from .places import Places


class View:
    """A document, with those of its elements that want a closer look."""

    __slots__ = ("_anywhere", "_circles", "_places", "_twins", "asked", "attributed", "document", "unsound")

    def __init__(self, places: Places, root: etree._Element) -> None:
        self._places = places
        self._anywhere: dict[str, list[Node]] = {}
        self._circles: list[dict[str, list[Node]]] = []
        self._twins: dict[tuple[object, ...], Node] = {}
        #: there is something to ask
        self.asked: list[tuple[Node, Build]] = []
        #: there is something to ask of the attributes
        self.attributed: list[tuple[Node, Attributes]] = []
        #: not as UBL has it: children, attributes or text. An element may stand here twice
        self.unsound: list[Node] = []
        top = Node(root, places.root(str(root.tag)), None, 0)
        if items := tuple(root.items()):
            self._take_attributes(top, items)  # type: ignore[arg-type]
        self._go_below(top)
        self.document = Document(top, self._anywhere)

    def release(self) -> None:
        """Undo the circles of parents and children: memory is free at once, not when the collector comes by."""
        for children in self._circles:
            children.clear()
        for twin in self._twins.values():
            del twin.twin
        self.document.memo.clear()

    def _go_below(self, parent: Node) -> Build:
        """Take the children of an element, and theirs. As deep as libxml2 lets a document be: 256 elements."""
        places, unsound, asked, anywhere = self._places, self.unsound, self.asked, self._anywhere
        place, element = parent.place, parent.element
        elements = list(element)
        tags = tuple([child.tag for child in elements])
        shape = place.shapes.get(tags) or places.shape(place, tags)
        children: dict[str, list[Node]] = {}
        parent.children = children
        self._circles.append(children)
        blank = str_is_blank(element.text)
        builds = []
        for child, (below, position) in zip(elements, shape.children):  # noqa: B905 - of one length
            if (tail := child.tail) and not tail.isspace():
                blank = False
            if below is None:  # a comment
                continue
            node = Node(child, below, parent, position)
            if position:
                children[below.name].append(node)
            else:
                children[below.name] = [node]
            if items := child.items():
                key = tuple(items)
                known = below.attributes.get(key)  # type: ignore[arg-type]
                if known is not None and known.clean:
                    node.attributes = known.values
                else:
                    self._take_attributes(node, key)  # type: ignore[arg-type]
            elif below.wants_attributes:
                unsound.append(node)
            if below.indexed:
                anywhere.setdefault(below.name, []).append(node)
            if len(child):
                builds.append(self._go_below(node))
                continue
            node.text = text = child.text or ""
            if below.is_text is not None and not below.is_text(text):
                unsound.append(node)
            if below.judged:
                asked.append((node, below.bare))
        if place.content is not None:
            if place.content.base is not None:
                blank = place.is_text is None or place.is_text(own_text(element))
            if not (blank and shape.sound):
                unsound.append(parent)
        below_here = tuple(builds)
        build = shape.builds.get(below_here) or places.build(shape, below_here, tags, place)
        if place.may_have_twins:
            parent.twin = self._twins.setdefault((build, place, *_said(parent)), parent)
        if build.rules is None or build.rules or build.broken or place.choices or place.forbidden:
            asked.append((parent, build))
        return build

    def _take_attributes(self, node: Node, items: tuple[tuple[str, str], ...]) -> None:
        known = node.place.attributes.get(items) or self._places.attributes(node.place, items)
        node.attributes = known.values
        if not known.sound:
            self.unsound.append(node)
        if not known.clean:
            self.attributed.append((node, known))


def _said(node: Node) -> list[object]:
    """All texts and attributes in an element, in an order that its build fixes."""
    said: list[object] = []
    for siblings in node.children.values():
        for child in siblings:
            if child.attributes:
                said.append(tuple(child.attributes.items()))
            if child.children:
                said += _said(child)
            if not child.children or not child.name.startswith("cac:"):
                said.append(child.text)
    return said

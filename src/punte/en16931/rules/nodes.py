"""The document as the rules see it: every element at any depth, by name, with raw text.

Names are written as in the norm's bindings (`cac:Party`, `cbc:ID`), whatever prefixes the document uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lxml import etree

from .values import SEVERAL, NoVerdict

if TYPE_CHECKING:
    from .places import Place

Path = tuple[str, ...]

NOTHING: dict[str, list[Node]] = {}
_NO_ATTRIBUTES: dict[str, str] = {}


class Node:
    """An element: its place in the document, its children by name, its attributes."""

    __slots__ = ("attributes", "children", "element", "memo", "parent", "place", "position", "text", "twin")

    element: etree._Element
    place: Place
    parent: Node | None
    #: among its siblings of the same name, from 0
    position: int
    #: not to be changed: nodes share what is equal
    children: dict[str, list[Node]]
    attributes: dict[str, str]
    #: what a family of rules has worked out about this element (one family an element name)
    memo: Any
    #: the first element in the same place with the same words, for those of `places.TWINS`; else itself
    twin: Node
    #: the string value: all text inside, uncut by comments
    text: str

    def __init__(self, element: etree._Element, place: Place, parent: Node | None, position: int) -> None:
        self.element = element
        self.place = place
        self.parent = parent
        self.position = position
        self.children = NOTHING
        self.attributes = _NO_ATTRIBUTES
        self.memo = None

    def __getattr__(self, name: str) -> Any:
        """`text` and `twin`, where the walk did not set them: of an element that is more than a text; without twins."""
        if name == "text":
            self.text = str(self.element.xpath("string()"))
            return self.text
        if name == "twin":
            return self
        raise AttributeError(name)

    @property
    def name(self) -> str:
        return self.place.name

    def select(self, first: str, *path: str) -> Sequence[Node]:
        """The elements at the end of a path of child names."""
        found: Sequence[Node] = self.children.get(first, ())
        for name in path:
            if not found:
                break
            if len(found) == 1:
                found = found[0].children.get(name, ())
            else:
                found = [child for node in found for child in node.children.get(name, ())]
        return found

    def word(self, name: str) -> str | None:
        """The text of the one child of a name, None when it is missing. Raises NoVerdict when there are several."""
        found = self.children.get(name)
        if not found:
            return None
        if len(found) > 1:
            raise NoVerdict(SEVERAL, name)
        return found[0].text

    def one(self, *path: str) -> Node | None:
        """The one element at the end of a path, or None. Raises NoVerdict when there are several."""
        found = self.select(*path)
        if not found:
            return None
        if len(found) > 1:
            raise NoVerdict(SEVERAL, path[-1])
        return found[0]

    def text_of(self, *path: str) -> str:
        """The string value of the one element at the end of a path, "" when there is none."""
        found = self.select(*path)
        if len(found) > 1:
            raise NoVerdict(SEVERAL, path[-1])
        return found[0].text if found else ""

    def has(self, *path: str) -> bool:
        return bool(self.select(*path))

    def ancestors(self) -> Iterator[Node]:
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    @property
    def location(self) -> str:
        """`/Invoice/cac:InvoiceLine[2]/cbc:Note`: a position where an element has siblings of its name."""
        steps = []
        node = self
        while node.parent is not None:
            siblings = node.parent.children[node.name]
            steps.append(f"{node.name}[{node.position + 1}]" if len(siblings) > 1 else node.name)
            node = node.parent
        return "/" + "/".join([node.name.partition(":")[2], *reversed(steps)])


class Document:
    """A whole invoice or credit note, with what rules ask of it as a whole."""

    __slots__ = ("_anywhere", "memo", "root", "shared")

    def __init__(self, root: Node, anywhere: dict[str, list[Node]]) -> None:
        self.root = root
        #: of lines that share their VAT category with others, the node that stands for it
        self.shared: dict[Node, tuple[Node, ...]] = {}
        self._anywhere = anywhere
        #: what a family of rules has worked out about the document
        self.memo: dict[object, Any] = {}

    def anywhere(self, name: str) -> Sequence[Node]:
        """All elements of a name at any depth, in no order (for the names in `places.ANYWHERE`)."""
        return self._anywhere.get(name, ())

    def texts(self, above: Node, *path: str) -> frozenset[str]:
        """The distinct texts at the end of a path; remembered, since each of many siblings may ask for them."""
        key = (above, path)
        known: frozenset[str] | None = self.memo.get(key)
        if known is None:
            known = self.memo[key] = frozenset([node.text for node in above.select(*path)])
        return known

    @property
    def is_credit_note(self) -> bool:
        return self.root.name == "cn:CreditNote"

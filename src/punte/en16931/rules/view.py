"""One walk over a document: its elements as the rules see them, and those that want a closer look."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from ..ubl.content import str_is_blank
from ..ubl.structure import own_text
from .cut import Cut, Skeleton, Words, skeleton_and_words
from .nodes import Document, Node
from .parts import Likeness, Part, PartNode, at, children_of, likeness_of_header, likeness_of_line
from .shapes import Attributes, Build, Shape

if TYPE_CHECKING:
    from lxml import etree

    from .places import Place, Places


#: the way from a line to its VAT category
CATEGORY: Final = (("cac:Item", 0), ("cac:ClassifiedTaxCategory", 0))


class View:
    """A document, with those of its elements that want a closer look."""

    __slots__ = (
        "_anywhere",
        "_circles",
        "_places",
        "_shared",
        "_shares",
        "_twins",
        "asked",
        "attributed",
        "document",
        "unsound",
    )

    def __init__(self, places: Places, root: etree._Element, cut: Cut | None = None) -> None:
        self._places = places
        self._anywhere: dict[str, list[Node]] = {}
        self._circles: list[dict[str, list[Node]]] = []
        self._twins: dict[tuple[object, ...], Node] = {}
        self._shared: dict[tuple[Likeness, Words], Node | None] = {}
        self._shares: list[tuple[Part, Node]] = []
        #: there is something to ask
        self.asked: list[tuple[Node, Build]] = []
        #: there is something to ask of the attributes
        self.attributed: list[tuple[Node, Attributes]] = []
        #: not as UBL has it: children, attributes or text. An element may stand here twice
        self.unsound: list[Node] = []
        top = Node(root, places.root(str(root.tag)), None, 0)
        if items := tuple(root.items()):
            self._take_attributes(top, items)  # type: ignore[arg-type]
        self.document = Document(top, self._anywhere)
        if cut is None:
            self._go_below(top)
        else:
            self._take_parts(top, cut)

    def release(self) -> None:
        """Undo the circles of parents and children: memory is free at once, not when the collector comes by."""
        for children in self._circles:
            children.clear()
        for twin in self._twins.values():
            del twin.twin
        for part, shared in self._shares:
            del shared.twin
            part.shared = None
        self.document.memo.clear()
        self.document.shared.clear()

    def _go_below(self, parent: Node) -> Build:
        """Take the children of an element, and theirs. As deep as libxml2 lets a document be: 256 elements."""
        elements = list(parent.element)
        tags = tuple([child.tag for child in elements])
        shape = parent.place.shapes.get(tags) or self._places.shape(parent.place, tags)
        parent.children = {}
        self._circles.append(parent.children)
        builds: list[Build] = []
        blank = self._take(parent, elements, shape.children, builds)
        return self._settle(parent, shape, tags, tuple(builds), blank=blank)

    def _settle(
        self, parent: Node, shape: Shape, tags: tuple[str, ...], builds: tuple[Build, ...], *, blank: bool
    ) -> Build:
        """What is known of an element whose children have been taken. `blank`: nothing but blanks follows each."""
        place, element = parent.place, parent.element
        if place.content is not None:
            blank = blank and str_is_blank(element.text)
            if place.content.base is not None:
                blank = place.is_text is None or place.is_text(own_text(element))
            if not (blank and shape.sound):
                self.unsound.append(parent)
        build = shape.builds.get(builds) or self._places.build(shape, builds, tags, place)
        if place.may_have_twins:
            parent.twin = self._twins.setdefault((build, place, *_said(parent)), parent)
        if build.rules is None or build.rules or build.broken or place.choices or place.forbidden:
            self.asked.append((parent, build))
        return build

    def _take(
        self,
        parent: Node,
        elements: Iterable[etree._Element],
        shape: Iterable[tuple[Place | None, int]],
        builds: list[Build],
    ) -> bool:
        """Take some children; the builds of those that have children are appended. Nothing but blanks follows each."""
        unsound, asked, anywhere, children = self.unsound, self.asked, self._anywhere, parent.children
        blank = True
        for child, (below, position) in zip(elements, shape):  # noqa: B905 - the shape may have a line more
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
        return blank

    def _take_parts(self, top: Node, cut: Cut) -> None:
        """Take header and lines: by likeness where it is known and all words pass, else by a walk through them."""
        known = top.place.likenesses.setdefault(cut.opening, {})
        told = skeleton_and_words(cut.header)
        likeness = known.get(told[0]) if told else None
        if told is None or likeness is None or not self._admits(likeness, told[1], top):
            self._walk_parts(top, cut, known, told)
            return
        self._ask(likeness, top)
        lines = tuple(self._take_lines(top, cut, top.place.children[cut.tag], len(likeness.root.children)))
        rest = likeness.rest.get(lines) or likeness.settle(top, lines, self.document)
        self.asked.append((top, rest))

    def _admits(self, likeness: Likeness, words: Words, top: Node) -> bool:
        """The header of these words is sound, as far as words decide; then its elements are the children of `top`."""
        if not likeness.admits(words):
            return False
        top.children = children_of(likeness.root, top, Part(words, 0, 0, self._circles))
        return all(corner.admits(top, words, self.document) for corner in likeness.corners)

    def _walk_parts(
        self, top: Node, cut: Cut, known: dict[Skeleton, Likeness | None], told: tuple[Skeleton, Words] | None
    ) -> None:
        header = list(top.element)[: -len(cut.lines)]
        tags = (*(child.tag for child in header), cut.tag)  # any number of lines may follow: one stands for all
        shape = top.place.shapes.get(tags) or self._places.shape(top.place, tags)
        top.children = {}
        self._circles.append(top.children)
        builds: list[Build] = []
        blank = self._take(top, header, shape.children, builds)
        nodes = [node for siblings in top.children.values() for node in siblings]
        asked, doubts = self.asked.copy(), len(self.unsound) + len(self.attributed)
        builds += self._take_lines(top, cut, top.place.children[cut.tag], len(header))
        unsound = len(self.unsound)
        build = self._settle(top, shape, tags, tuple(builds), blank=blank)
        sound = not doubts and unsound == len(self.unsound)
        if told and sound and told[0] not in known and self._places.may_remember(told[0]):
            known[told[0]] = likeness_of_header(top, nodes, asked, self.document, told[1], build)

    def _take_lines(self, top: Node, cut: Cut, place: Place, begin: int) -> Iterable[Build]:
        """Take the lines, children of the document element from `begin` on. Their builds, each once."""
        known = place.likenesses.setdefault(cut.opening, {})
        children, name = top.children, place.name
        siblings, anywhere = children.setdefault(name, []), self._anywhere.setdefault(name, [])
        first = len(siblings)
        elements: list[etree._Element] = []
        builds: dict[Build, None] = {}
        for number, text in enumerate(cut.lines):
            told = skeleton_and_words(text)
            likeness = known.get(told[0]) if told else None
            if told and likeness and (line := self._line(likeness, told[1], top, begin + number, first + number)):
                siblings.append(line)
                anywhere.append(line)
                builds[likeness.build] = None
                continue
            elements = elements or list(top.element)[begin:]
            walked: list[Build] = []
            asked, doubts = len(self.asked), len(self.unsound) + len(self.attributed)
            self._take(top, elements[number : number + 1], ((place, first + number),), walked)
            siblings = children[name]  # the walk begins a list with the first
            builds.update(dict.fromkeys(walked))
            sound = doubts == len(self.unsound) + len(self.attributed)
            if told and walked and sound and told[0] not in known and self._places.may_remember(told[0]):
                walk = siblings[-1], self.asked[asked:]
                known[told[0]] = likeness_of_line(*walk, self.document, told[1], walked[0])
        return builds

    def _line(self, likeness: Likeness, words: Words, top: Node, index: int, position: int) -> PartNode | None:
        """The line of these words; None when a rule finds fault with one of them."""
        if not likeness.admits(words):
            return None
        part = Part(words, index, position, self._circles)
        line = PartNode(likeness.root, top, part)
        if likeness.shared is not None:
            template, start, stop = likeness.shared
            key = likeness, words[start:stop]
            if key not in self._shared:
                self._shared[key] = self._share(likeness, line, at(template.way, line))
            part.shared = self._shared[key]
            if part.shared is None:
                return None
            if template.way == CATEGORY:
                self.document.shared[line] = (part.shared,)
        if likeness.indexed or likeness.asked:
            self._ask(likeness, line)
        return line

    def _share(self, likeness: Likeness, line: PartNode, shared: Node) -> Node | None:
        """What lines that say the same share, made for the first of them; None when a rule finds fault with it."""
        if likeness.has_fault(line, shared, self.document):
            return None
        shared.twin = shared
        self._shares.append((line.part, shared))
        self._anywhere.setdefault(shared.name, []).append(shared)
        return shared

    def _ask(self, likeness: Likeness, top: Node) -> None:
        """Note what is asked of the nodes of a part, and those that rules look for at any depth."""
        for name, way in likeness.indexed:
            self._anywhere.setdefault(name, []).append(at(way, top))
        for way, build in likeness.asked:
            self.asked.append((at(way, top), build))

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

"""Parts of documents that are alike: most lines of an invoice, most invoices of a seller, differ in words alone.

A part that the walk (`view`) found sound, a line or the header, is remembered by its skeleton as a `Likeness`: where
each word stands, and what is asked of it. Of the next part with that skeleton only the words are looked at; a node is
made where a rule wants one. A word that does not pass sends its part to the walk, which finds what is wrong: nothing is
ever found here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from .choices import broken_by_choice
from .nodes import NOTHING, Document, Node
from .shapes import Build
from .values import NoVerdict

if TYPE_CHECKING:
    from .cut import Words
    from .places import Place
    from .rule import Rule

#: what is asked of a word
Checks = tuple[Callable[[str], bool], ...]
#: the way from the top of a part to an element in it: names, and positions among siblings of the name
Way = tuple[tuple[str, int], ...]


#: sets of lines that one header is remembered with
MOST_BUILDS = 100
#: words that are known to pass the same checks, and their characters
MOST_KNOWN = 1000
LONGEST_KNOWN = 100
#: sets of words that a corner is remembered with, and their characters
MOST_SAID = 100
LONGEST_SAID = 2000


class Template:
    """An element of a part: all that its skeleton decides."""

    __slots__ = (
        "attributes",
        "children",
        "index",
        "is_shared",
        "leaves",
        "name",
        "place",
        "position",
        "text",
        "way",
        "word",
    )

    def __init__(self, node: Node, index: int, way: Way) -> None:
        self.place: Place = node.place
        self.name = node.name
        self.position = node.position
        self.attributes = node.attributes
        #: which child it is
        self.index = index
        self.way = way
        self.children: tuple[Template, ...] = ()
        #: children that have none themselves and no brother of their name: which word each holds, or its text
        self.leaves: dict[str, int | str] = {}
        #: which word it holds; otherwise its text, a blank
        self.word: int | None = None
        self.text = ""
        #: the lines of a document that say the same here have one node for it
        self.is_shared = False


class Part:
    """A line, or the header, of one document: what its nodes have in common."""

    __slots__ = ("circles", "index", "position", "shared", "words")

    def __init__(self, words: Words, index: int, position: int, circles: list[dict[str, list[Node]]]) -> None:
        self.words = words
        #: of a line: which child of the document element it is, and which among those of its name
        self.index, self.position = index, position
        self.circles = circles
        self.shared: Node | None = None


class PartNode(Node):
    """An element of a part. What can be known of it comes when somebody asks."""

    __slots__ = ("part", "template")

    def __init__(self, template: Template, parent: Node, part: Part) -> None:
        self.template = template
        self.parent = parent
        self.part = part
        self.memo = None

    def __getattr__(self, name: str) -> Any:
        template, part = self.template, self.part
        match name:
            case "children":
                self.children = children_of(template, self, part) if template.children else NOTHING
            case "text" if not template.children:
                self.text = template.text if template.word is None else part.words[template.word]
            case "place" | "attributes":
                self.place, self.attributes = template.place, template.attributes
            case "position":
                self.position = template.position if template.way else part.position
            case "element":
                assert self.parent is not None
                self.element = self.parent.element[template.index if template.way else part.index]
            case _:
                return super().__getattr__(name)
        return getattr(self, name)

    def word(self, name: str) -> str | None:
        leaf = self.template.leaves.get(name)
        if leaf is None:
            return super().word(name)
        return leaf if isinstance(leaf, str) else self.part.words[leaf]


def children_of(template: Template, parent: Node, part: Part) -> dict[str, list[Node]]:
    children: dict[str, list[Node]] = {}
    for below in template.children:
        node = part.shared if below.is_shared else None
        if node is None:
            node = PartNode(below, parent, part)
        if below.position:
            children[below.name].append(node)
        else:
            children[below.name] = [node]
    part.circles.append(children)
    return children


def at(way: Way, node: Node) -> Node:
    """The element at the end of a way."""
    for name, position in way:
        node = node.children[name][position]
    return node


class Corner:
    """What nothing but some words of a header decides: the seller of an invoice says of himself what he said before."""

    __slots__ = ("_choices", "_fine", "_rules", "_spans", "_way")

    def __init__(self, way: Way, spans: tuple[tuple[int, int], ...], rules: tuple[Rule, ...], *, choices: bool) -> None:
        self._way = way
        #: of the words: from, to
        self._spans = spans
        self._rules = rules
        self._choices = choices
        self._fine: set[tuple[Words, ...]] = set()

    def admits(self, top: Node, words: Words, document: Document) -> bool:
        """The rules find no fault; they are not asked again when the words are known."""
        said = tuple([words[start:stop] for start, stop in self._spans])
        if said in self._fine:
            return True
        node = at(self._way, top)
        if _has_fault(self._rules, node, document, choices=node if self._choices else None):
            return False
        if len(self._fine) < MOST_SAID and sum(len(word) for several in said for word in several) <= LONGEST_SAID:
            self._fine.add(said)
        return True


class Likeness:
    """Parts of one skeleton."""

    __slots__ = ("asked", "build", "checks", "corners", "covered", "indexed", "rest", "root", "shared", "within")

    def __init__(self, root: Template, build: Build) -> None:
        self.root = root
        self.build = build
        #: what is asked of a word, and words known to pass
        self.checks: tuple[tuple[int, Checks, set[str]], ...] = ()
        #: the element that lines may share, and the words in it: from, to
        self.shared: tuple[Template, int, int] | None = None
        #: what is asked of the line, and nothing but the shared element decides
        self.within: tuple[Rule, ...] = ()
        #: what is asked of a node of each
        self.asked: tuple[tuple[Way, Build], ...] = ()
        #: elements that rules look for at any depth
        self.indexed: tuple[tuple[str, Way], ...] = ()
        #: of a header: what some of its words decide
        self.corners: tuple[Corner, ...] = ()
        #: the rules about the document that are among the checks and corners, or that the skeleton answers;
        self.covered: frozenset[Rule] = frozenset()
        #: and what remains to be asked, by the builds of the lines
        self.rest: dict[tuple[Build, ...], Build] = {}

    def admits(self, words: Words) -> bool:
        """No word breaks a rule that asks of it alone."""
        for number, checks, known in self.checks:
            if (word := words[number]) not in known and not _passes(word, checks, known):
                return False
        return True

    def settle(self, top: Node, lines: tuple[Build, ...], document: Document) -> Build:
        """What remains to be asked of the document element, with lines of these builds."""
        whole = Build()
        rest = tuple(rule for rule in whole.settle(top, document) if rule not in self.covered)
        build = Build(rest, whole.broken)
        build.gather()
        if len(self.rest) < MOST_BUILDS:
            self.rest[lines] = build
        return build

    def has_fault(self, line: Node, shared: Node, document: Document) -> bool:
        """A rule finds fault with what lines share."""
        return _has_fault(self.within, line, document, choices=shared)


def _passes(word: str, checks: Checks, known: set[str]) -> bool:
    try:
        for passes in checks:
            if not passes(word):
                return False
    except NoVerdict:
        return False
    if len(word) <= LONGEST_KNOWN:
        if len(known) >= MOST_KNOWN:
            known.clear()
        known.add(word)
    return True


@cache
def _known(checks: Checks) -> set[str]:
    """The words that pass these checks, wherever they stand; there are as many sets as kinds of words."""
    return set()


def _has_fault(rules: Iterable[Rule], node: Node, document: Document, *, choices: Node | None) -> bool:
    try:
        if not all(rule.holds(node, document) for rule in rules):
            return True
        return choices is not None and bool(broken_by_choice(choices, document))
    except NoVerdict:
        return True


def likeness_of_line(
    line: Node, asked: Iterable[tuple[Node, Build]], document: Document, words: Words, build: Build
) -> Likeness | None:
    """What is known of lines built as this one, which the walk found sound; None where its words cannot be told apart.

    asked  its elements that want a closer look
    """
    reader = _Reader(words, may_share=True)
    root = reader.read(line, 0, ())
    if root is None or not reader.is_through():
        return None
    likeness = Likeness(root, build)
    likeness.shared = reader.shared
    for node, of_node in asked:
        rules = reader.sift(node, _rules(node, of_node, document), document)
        if node is line:
            likeness.within = tuple(rule for rule in rules if reader.is_shared_at(node, rule))
            rules = [rule for rule in rules if rule not in likeness.within]
        if reader.is_in_shared(node):  # there, the choices are asked once
            if rules or of_node.broken or node.place.forbidden:
                return None
        else:
            reader.leave(node, rules, of_node)
    return reader.fill(likeness)


def likeness_of_header(
    top: Node,
    header: Iterable[Node],
    asked: Iterable[tuple[Node, Build]],
    document: Document,
    words: Words,
    build: Build,
) -> Likeness | None:
    """What is known of headers built as this one: `header` are the children of the document element before its lines.

    asked  their elements that want a closer look, without the document element
    build  of the document element
    """
    reader = _Reader(words, may_share=False)
    root = reader.read_top(top, header)
    if root is None or not reader.is_through():
        return None
    likeness = Likeness(root, build)
    rules = _rules(top, build, document)
    corners: list[Corner] = []
    left = reader.turn(top, reader.sift(top, rules, document), corners)
    likeness.covered = frozenset(rules).difference(left)
    for node, of_node in asked:
        left = reader.turn(node, reader.sift(node, _rules(node, of_node, document), document), corners)
        reader.leave(node, left, of_node, choices=not node.place.is_local)
    likeness.corners = tuple(corners)
    return reader.fill(likeness)


def _rules(node: Node, build: Build, document: Document) -> tuple[Rule, ...]:
    return build.settle(node, document) if build.rules is None else build.rules


class _Reader:
    """Reads a part that the walk has been through, word by word."""

    def __init__(self, words: Words, *, may_share: bool) -> None:
        self._words = words
        self._may_share = may_share
        #: so many words have been met
        self._told = 0
        self._templates: dict[Node, Template] = {}
        self._checks: dict[tuple[int, Callable[[str], bool]], None] = {}
        self._asked: list[tuple[Way, Build]] = []
        self._indexed: list[tuple[str, Way]] = []
        #: the words in each element: from, to
        self._spans: dict[Node, tuple[int, int]] = {}
        self.shared: tuple[Template, int, int] | None = None

    def read_top(self, top: Node, header: Iterable[Node]) -> Template | None:
        template = Template(top, 0, ())
        return template if self._read_children(template, header) else None

    def read(self, node: Node, index: int, way: Way) -> Template | None:
        """The element as a template; None where it is not as its words say."""
        first = self._told
        template = self._read(node, index, way)
        self._spans[node] = first, self._told
        return template

    def _read(self, node: Node, index: int, way: Way) -> Template | None:
        place, first = node.place, self._told
        if place.content is None:
            return None
        template = self._templates[node] = Template(node, index, way)
        if place.indexed and way and not (self._may_share and place.may_have_twins):
            self._indexed.append((node.name, way))
        if not node.children:
            return template if self._tell(template, node.text) else None
        if not self._read_children(template, (child for siblings in node.children.values() for child in siblings)):
            return None
        if self._may_share and place.may_have_twins:
            if self.shared is not None or not place.by_words:
                return None
            template.is_shared = True
            self.shared = (template, first, self._told)
        return template

    def _read_children(self, template: Template, children: Iterable[Node]) -> bool:
        for number, child in enumerate(children):
            read = self.read(child, number, (*template.way, (child.name, child.position)))
            if read is None:
                return False
            template.children += (read,)
        names = [child.name for child in template.children]
        template.leaves = {
            child.name: child.text if child.word is None else child.word
            for child in template.children
            if not child.children and names.count(child.name) == 1
        }
        return True

    def _tell(self, template: Template, text: str) -> bool:
        if not text or text[0].isspace():
            template.text = text
            return True
        if self._told == len(self._words) or self._words[self._told] != text:
            return False
        template.word = self._told
        if template.place.is_text is not None:
            self._checks[self._told, template.place.is_text] = None
        self._told += 1
        return True

    def is_through(self) -> bool:
        return self._told == len(self._words)

    def sift(self, node: Node, rules: Iterable[Rule], document: Document) -> list[Rule]:
        """The rules that remain when those are gone that a word, or the skeleton, answers."""
        left = []
        for rule in rules:
            found = node.select(*rule.field) if rule.field else (node,)
            template = self._templates.get(found[0]) if len(found) == 1 else None
            if rule.text is not None and template is not None and template.word is not None:
                self._checks[template.word, rule.text] = None
            elif not (rule.by_markup and rule.holds(node, document)):
                left.append(rule)
        return left

    def turn(self, node: Node, rules: Iterable[Rule], corners: list[Corner]) -> list[Rule]:
        """The rules that remain when those are gone that some words decide: these go to the corners."""
        way = self._templates[node].way if node.parent else ()
        together: dict[tuple[tuple[int, int], ...], list[Rule]] = {}
        left = []
        for rule in rules:
            ends = (node,) if rule.by_words else [end for path in rule.within for end in node.select(*path)]
            if (rule.by_words or rule.within) and all(end in self._spans for end in ends):
                together.setdefault(tuple(self._spans[end] for end in ends), []).append(rule)
            else:
                left.append(rule)
        corners += [Corner(way, spans, tuple(several), choices=False) for spans, several in together.items()]
        if node.place.choices and node.place.is_local:
            corners.append(Corner(way, (self._spans[node],), (), choices=True))
        return left

    def leave(self, node: Node, rules: Sequence[Rule], build: Build, *, choices: bool = True) -> None:
        """These rules, and what else there is, must be asked of the node itself."""
        if rules or build.broken or node.place.forbidden or (choices and node.place.choices):
            self._asked.append((self._templates[node].way, Build(tuple(rules), build.broken)))

    def is_in_shared(self, node: Node) -> bool:
        return self.shared is not None and self._templates[node].way[: len(way := self.shared[0].way)] == way

    def is_shared_at(self, line: Node, rule: Rule) -> bool:
        """Nothing but the shared element decides the rule."""
        found = [end for path in rule.within for end in line.select(*path)] if self.shared else ()
        return len(found) == 1 and self._templates[found[0]].is_shared

    def fill(self, likeness: Likeness) -> Likeness:
        together: dict[int, Checks] = {}
        for number, check in self._checks:
            together[number] = (*together.get(number, ()), check)
        likeness.checks = tuple((number, checks, _known(checks)) for number, checks in together.items())
        likeness.asked = tuple(self._asked)
        likeness.indexed = tuple(self._indexed)
        return likeness

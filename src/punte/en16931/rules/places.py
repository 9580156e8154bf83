"""Where an element can stand, and what is asked of it there: worked out once for each path of names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from lxml import etree

from ..ubl.content import Content, content_of
from ..ubl.schema import is_known, name_of, schema
from .choices import Choice, choice_of
from .contexts import Context
from .cut import Skeleton, cut_document
from .parts import Likeness
from .rule import Rule
from .shapes import Attributes, Build, Shape
from .view import View

#: the elements that rules look for at any depth (`//cac:TaxCategory`)
ANYWHERE: Final = frozenset(
    {
        "cac:AccountingCustomerParty", "cac:AccountingSupplierParty", "cac:AdditionalDocumentReference",
        "cac:AllowanceCharge", "cac:ClassifiedTaxCategory", "cac:CreditNoteLine",
        "cac:InvoiceLine", "cac:PartyIdentification", "cac:PaymentTerms",
        "cac:TaxCategory", "cac:TaxRepresentativeParty", "cac:TaxTotal",
        "cbc:DueDate", "cbc:IdentificationCode", "cbc:PaymentID",
        "cbc:PaymentMeansCode",
    }
)  # fmt: skip

#: those that most documents repeat word for word
TWINS: Final = frozenset({"cac:ClassifiedTaxCategory", "cac:TaxCategory"})

#: What one rule set remembers of the documents it has seen: so many places, shapes and sets of attributes (an honest
#: document has not 500), of so many children, of attributes so long. Then it forgets all and begins anew. A name that
#: UBL does not have is never remembered.
REMEMBERED: Final = 20_000
MOST_CHILDREN: Final = 64
LONGEST_ATTRIBUTES: Final = 200
MOST_PARTS: Final = 500
LONGEST_SKELETON: Final = 20_000

Item = TypeVar("Item")
Patterns = tuple[tuple[tuple[Context, tuple[Rule, ...]], ...], ...]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """An element, or an attribute, that EN 16931 has no use for (UBL-CR, UBL-DT)."""

    rule: Rule
    context: Context


@dataclass(slots=True, eq=False)
class Place:
    """A path of names from the document element down, with the rules that apply there."""

    name: str
    parent: Place | None
    #: what UBL allows here; None where it allows no such element in the first place
    content: Content | None = None
    children: dict[str, Place] = field(default_factory=dict)
    #: elements without children
    bare: Build = field(default_factory=Build)
    #: by the tags of the children
    shapes: dict[tuple[str, ...], Shape] = field(default_factory=dict)
    attributes: dict[tuple[tuple[str, str], ...], Attributes] = field(default_factory=dict)
    #: of lines and document elements: what is known of each skeleton, by the tag of the document, which decides how
    #: prefixes are read; None for one beyond telling
    likenesses: dict[str, dict[Skeleton, Likeness | None]] = field(default_factory=dict)
    #: what the text of an element without children must be for UBL
    is_text: Callable[[str], bool] | None = None
    #: an attribute is required
    wants_attributes: bool = False
    #: rules without further question
    rules: tuple[Rule, ...] = ()
    #: for each pattern with conditions: the first context that holds gives the rules
    choices: tuple[Choice, ...] = ()
    #: nothing but the words within an element decides what `choices` say of it
    by_words: bool = False
    #: nothing but an element, and what is within, decides what `choices` say of it
    is_local: bool = False
    #: this element should not be here at all
    forbidden: tuple[Rule, ...] = ()
    #: attributes that should not be here
    forbidden_attributes: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    #: counted among `ANYWHERE`
    indexed: bool = False
    #: one of `TWINS`
    may_have_twins: bool = False
    #: there is something to ask
    judged: bool = False

    def is_below(self, name: str) -> bool:
        above = self.parent
        while above is not None and above.name != name:
            above = above.parent
        return above is not None


def _by_last_name(items: Iterable[Item], context_of: Callable[[Item], Context]) -> dict[str, tuple[Item, ...]]:
    """Items by the last name of their context, in their order; those for any name (`*`) stand under each."""
    by_name: dict[str, list[Item]] = {"*": []}
    for item in items:
        if steps := context_of(item).steps:
            name = steps[-1].name
            if name not in by_name:
                by_name[name] = [*by_name["*"]]
            for group in by_name.values() if name == "*" else (by_name[name],):
                group.append(item)
    return {name: tuple(group) for name, group in by_name.items()}


class Places:
    """All places met so far by one rule set."""

    def __init__(self, patterns: Patterns, forbidden: tuple[Forbidden, ...]) -> None:
        self._patterns = [_by_last_name(pattern, lambda item: item[0]) for pattern in patterns]
        self._forbidden = _by_last_name(forbidden, lambda item: item.context)
        self._spoken_of = set(self._forbidden).union(*self._patterns) | ANYWHERE | TWINS
        everywhere = [item[0] for pattern in self._patterns for item in pattern["*"]]
        everywhere += [item.context for item in self._forbidden["*"]]
        #: of names that some rule speaks of without naming them
        self._endings = tuple(ending for context in everywhere for ending in context.steps[-1].endings or ("",))
        self._roots: dict[str, Place] = {}
        self._remembered = 0

    def root(self, tag: str) -> Place:
        place = self._roots.get(tag)
        if place is None:
            name = name_of(tag)
            type_name = schema()["roots"].get(name)
            place = self._roots[tag] = self._settle(Place(name, None, type_name and content_of(type_name)))
        return place

    def below(self, parent: Place, tag: str) -> Place:
        """The place of a child element; remembered."""
        name = name_of(tag)
        content = None
        if parent.content is not None and name in parent.content.positions:
            content = content_of(schema()["elements"][name])
        place = self._settle(Place(name, parent, content))
        if is_known(name):
            self._count()
            parent.children[tag] = place
        return place

    def shape(self, place: Place, tags: tuple[str, ...]) -> Shape:
        """The shape of an element by the tags of its children; remembered, unless there are many."""
        below: list[Place | None] = []
        known = len(tags) <= MOST_CHILDREN
        for tag in tags:
            child = place.children.get(tag)
            if child is None and isinstance(tag, str):  # else a comment or a processing instruction
                child = self.below(place, tag)
                known = known and tag in place.children
            below.append(child)
        shape = Shape(place, tuple(below))
        if known:
            self._count()
            place.shapes[tags] = shape
        return shape

    def attributes(self, place: Place, items: tuple[tuple[str, str], ...]) -> Attributes:
        """A set of attributes; remembered, unless it is long."""
        found = Attributes(place, items)
        if sum(len(name) + len(value) for name, value in items) <= LONGEST_ATTRIBUTES:
            self._count()
            place.attributes[items] = found
        return found

    def build(self, shape: Shape, below: tuple[Build, ...], tags: tuple[str, ...], place: Place) -> Build:
        """The build of an element; remembered when its shape is."""
        build = Build()
        if tags in place.shapes:
            self._count()
            shape.builds[below] = build
        return build

    def may_remember(self, skeleton: Skeleton) -> bool:
        """A skeleton that an honest document may have; it counts as remembered."""
        fits = len(skeleton) <= MOST_PARTS and sum(map(len, skeleton)) <= LONGEST_SKELETON
        if fits:
            self._count()
        return fits

    def _count(self) -> None:
        self._remembered += 1
        if self._remembered > REMEMBERED:
            self._remembered, self._roots = 0, {}

    def _settle(self, place: Place) -> Place:
        if place.content is not None:
            place.is_text = place.content.question_of_text()
            place.wants_attributes = not place.content.admits_attributes(())
        if place.name not in self._spoken_of and not place.name.endswith(self._endings):
            return place
        rules: list[Rule] = []
        choices: list[Choice] = []
        for pattern in self._patterns:
            choice: list[tuple[Context | None, tuple[Rule, ...]]] = []
            for context, judged in pattern.get(place.name, pattern["*"]):
                if context.attribute is None and context.fits(place):
                    throughout = context.holds_throughout(place)
                    choice.append((None if throughout else context, judged))
                    if throughout:
                        break
            if choice and choice[0][0] is None:
                rules += choice[0][1]
            elif choice:
                choices.append(choice_of(tuple(choice)))
        place.rules = tuple(rules)
        place.choices = tuple(choices)
        place.by_words = all(
            context is not None and context.by_words and all(rule.by_words for rule in chosen)
            for choice in choices
            for context, chosen in choice.alternatives
        )
        place.is_local = all(
            context is not None and context.is_local and all(rule.by_words or rule.by_markup for rule in chosen)
            for choice in choices
            for context, chosen in choice.alternatives
        )
        for item in self._forbidden.get(place.name, self._forbidden["*"]):
            if (attribute := item.context.attribute) is None:
                if item.context.fits(place):
                    place.forbidden += (item.rule,)
            elif item.context.fits(place):
                place.forbidden_attributes[attribute] = (*place.forbidden_attributes.get(attribute, ()), item.rule)
        place.indexed = place.name in ANYWHERE
        place.may_have_twins = place.name in TWINS and place.content is not None
        place.judged = bool(rules or place.choices or place.forbidden)
        return place

    def view(self, root: etree._Element, xml: bytes = b"") -> View:
        """The document as rules see it; from the bytes, where these are given and plain."""
        return View(self, root, cut_document(xml, root) if xml else None)

"""Where an element can stand, and what is asked of it there: worked out once for each path of names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from lxml import etree

from ..ubl.document import CAC, CBC, CREDIT_NOTE_NS, INVOICE_NS
from .contexts import Context
from .nodes import Document, Node
from .rule import Rule

PREFIXES: Final = {
    CAC: "cac",
    CBC: "cbc",
    INVOICE_NS: "ubl",
    CREDIT_NOTE_NS: "cn",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2": "ext",
}

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

#: Places remembered by one rule set, and the longest name of one. A document with more distinct paths (an honest one
#: has not 500), or with names of no UBL, is judged as well, only slower, and leaves nothing behind.
REMEMBERED: Final = 20_000
LONGEST_NAME: Final = 200

Item = TypeVar("Item")
Patterns = tuple[tuple[tuple[Context, tuple[Rule, ...]], ...], ...]
Choice = tuple[tuple[Context | None, tuple[Rule, ...]], ...]


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
    children: dict[str, Place] = field(default_factory=dict)
    #: rules without further question
    rules: tuple[Rule, ...] = ()
    #: those that are asked only where a child of the name stands
    rules_with: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    #: for each pattern with conditions: the first context that holds gives the rules
    choices: tuple[Choice, ...] = ()
    #: this element should not be here at all
    forbidden: tuple[Rule, ...] = ()
    #: attributes that should not be here
    forbidden_attributes: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    #: counted among `ANYWHERE`
    indexed: bool = False
    #: there is something to ask
    judged: bool = False

    def is_below(self, name: str) -> bool:
        above = self.parent
        while above is not None and above.name != name:
            above = above.parent
        return above is not None


def name_of(tag: str) -> str:
    """`{urn:…:CommonBasicComponents-2}ID` -> `cbc:ID`; a name of another namespace stays as it is."""
    namespace, _, local = tag[1:].partition("}")
    prefix = PREFIXES.get(namespace) if tag.startswith("{") else None
    return f"{prefix}:{local}" if prefix else tag


def _by_last_name(items: Iterable[Item], context_of: Callable[[Item], Context]) -> dict[str, tuple[Item, ...]]:
    """Items by the last name of their context, in their order; those for any name (`*`) stand under each."""
    elements = [item for item in items if context_of(item).steps]
    names = {context_of(item).steps[-1].name for item in elements} | {"*"}
    return {name: tuple(item for item in elements if context_of(item).steps[-1].name in (name, "*")) for name in names}


class Places:
    """All places met so far by one rule set."""

    def __init__(self, patterns: Patterns, forbidden: tuple[Forbidden, ...]) -> None:
        self._patterns = [_by_last_name(pattern, lambda item: item[0]) for pattern in patterns]
        self._forbidden = _by_last_name(forbidden, lambda item: item.context)
        self._roots: dict[str, Place] = {}
        self._count = 0

    def root(self, tag: str) -> Place:
        place = self._roots.get(tag)
        if place is None:
            place = self._roots[tag] = self._settle(Place(name_of(tag), None))
        return place

    def below(self, parent: Place, tag: str) -> Place:
        """The place of a child element; remembered."""
        place = self._settle(Place(name_of(tag), parent))
        if self._count < REMEMBERED and len(tag) <= LONGEST_NAME:
            self._count += 1
            parent.children[tag] = place
        return place

    def _settle(self, place: Place) -> Place:
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
                choices.append(tuple(choice))
        place.rules = tuple(rule for rule in rules if rule.only_with is None)
        for name in {rule.only_with for rule in rules if rule.only_with}:
            place.rules_with[name] = tuple(rule for rule in rules if rule.only_with == name)
        place.choices = tuple(choices)
        for item in self._forbidden.get(place.name, self._forbidden["*"]):
            if (attribute := item.context.attribute) is None:
                if item.context.fits(place):
                    place.forbidden += (item.rule,)
            elif item.context.fits(place):
                place.forbidden_attributes[attribute] = (*place.forbidden_attributes.get(attribute, ()), item.rule)
        place.indexed = place.name in ANYWHERE
        place.judged = bool(rules or place.choices or place.forbidden or place.indexed)
        return place

    def view(self, root: etree._Element) -> tuple[Document, list[Node]]:
        """The document as rules see it, and those of its elements that have something to be asked."""
        top = Node(root, self.root(str(root.tag)), None, 0)
        top.attributes = dict(root.items())  # type: ignore[arg-type]
        anywhere: dict[str, list[Node]] = {}
        nodes = [top]
        stack = [top]
        while stack:
            parent = stack.pop()
            places = parent.place.children
            children: dict[str, list[Node]] = {}
            parent.children = children
            for element in parent.element:
                tag = element.tag
                place = places.get(tag)
                if place is None:
                    if not isinstance(tag, str):  # a comment or a processing instruction
                        continue  # type: ignore[unreachable]
                    place = self.below(parent.place, tag)
                siblings = children.get(place.name)
                if siblings is None:
                    node = Node(element, place, parent, 0)
                    children[place.name] = [node]
                else:
                    node = Node(element, place, parent, len(siblings))
                    siblings.append(node)
                if attributes := element.items():
                    node.attributes = dict(attributes)  # type: ignore[arg-type]
                    nodes.append(node)
                elif place.judged:
                    nodes.append(node)
                if place.indexed:
                    anywhere.setdefault(place.name, []).append(node)
                if len(element):
                    stack.append(node)
        return Document(top, anywhere), nodes

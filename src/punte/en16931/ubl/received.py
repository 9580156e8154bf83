"""Reading UBL elements: texts, dates, amounts as values; what was asked for is remembered, the rest can be named."""

from __future__ import annotations

import datetime
import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from decimal import Decimal

from lxml import etree

from ..model import Identifier
from .document import NotUbl, line_of
from .elements import clean
from .schema import name_of, tag

DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")  # xs:decimal: no exponent, no thousands, no comma
DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")  # xs:date may carry a time zone
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
INDICATOR = {"true": True, "1": True, "false": False, "0": False}


class UnreadableUbl(NotUbl):
    """A UBL document in which a needed value is missing or is no value: `location` and `line` say where.

    `value` is the text that stands there, None where nothing does. Documents that keep the schema and the norm
    never raise it.
    """

    def __init__(self, location: str, line: int, value: str | None, needed: str) -> None:
        self.location, self.line, self.value = location, line, value
        found = "is missing" if value is None else f"holds {value[:60]!r}"
        super().__init__(f"line {line}: {location} {found}; {needed} is needed there")


def location_of(element: etree._Element) -> str:
    """The path from the root, siblings of one name counted: `/Invoice/cac:InvoiceLine[2]/cbc:ID`."""
    parent = element.getparent()
    if parent is None:
        return "/" + etree.QName(element).localname
    twins = list(parent.iterchildren(element.tag))
    position = f"[{twins.index(element) + 1}]" if len(twins) > 1 else ""
    return f"{location_of(parent)}/{name_of(element.tag)}{position}"


class Received:
    """An element of a received document, or the absence of one: then it has no children and every value is None.

    A child is taken once it is asked for by `one`, `take` or a value method; what was never taken is unmodelled.
    """

    __slots__ = ("_children", "_element", "_name", "_parent", "_taken")

    def __init__(self, element: etree._Element | None, parent: Received | None = None, name: str = "") -> None:
        self._element = element
        self._parent = parent
        self._name = name  # of what is absent
        self._children: dict[str, list[Received]] | None = None
        self._taken: set[str] | None = None  # the attributes taken, once the element is

    def __bool__(self) -> bool:
        return self._element is not None

    @property
    def element(self) -> etree._Element:
        """Only for an element that is there."""
        assert self._element is not None, "asked for an absent element"
        return self._element

    def take(self) -> Received:
        if self._taken is None:
            self._taken = set()
        return self

    def each(self, name: str) -> Sequence[Received]:
        """The children of that name, not taken by this."""
        return self._by_tag().get(tag(name), ())

    def see(self, *path: str) -> Received:
        """The first child of that name, or descendant by that path, not taken by this."""
        found = self
        for name in path:
            twins = found.each(name)
            found = twins[0] if twins else Received(None, found, name)
        return found

    def one(self, *path: str) -> Received:
        """The same, taken with all on the way. Others of the name stay, and are reported as unmodelled."""
        found = self
        for name in path:
            found = found.see(name).take()
        return found

    def left(self) -> Iterator[str]:
        """The paths of what was not taken; an element stands for all within it."""
        if self._taken is None:
            yield self.location()
            return
        for name in map(str, self.element.attrib):
            if name not in self._taken and not name.startswith(XSI):
                yield f"{self.location()}/@{name_of(name)}"
        wrapped = {child._element: child for twins in self._by_tag().values() for child in twins}
        for element in self.element.iterchildren(etree.Element):
            yield from wrapped[element].left()

    def _by_tag(self) -> dict[str, list[Received]]:
        if self._children is None:
            self._children = {}
            if self._element is not None:
                for child in self._element.iterchildren(etree.Element):
                    self._children.setdefault(str(child.tag), []).append(Received(child, self))
        return self._children

    def content(self) -> str | None:
        """The trimmed text of this element; None when it is blank."""
        if self._element is None:
            return None
        text = self._element.text if len(self._element) == 0 else str(self._element.xpath("string()"))
        return clean(text or "") or None

    def attribute(self, name: str) -> str | None:
        """An attribute, taken."""
        if self._element is None or (value := self._element.get(name)) is None:
            return None
        if self._taken is None:
            self._taken = set()
        self._taken.add(name)
        return clean(value) or None

    def said(self, attribute: str) -> str | None:
        """An attribute, not taken."""
        return None if self._element is None else self._element.get(attribute)

    def text(self, *path: str) -> str | None:
        return self.one(*path).content()

    def identifier(self, *path: str) -> Identifier | None:
        found = self.one(*path)
        value = found.content()
        return None if value is None else Identifier(value, found.attribute("schemeID"))

    def holds(self, name: str, value: str | None) -> bool:
        """Whether the child says just `value`; only then is it taken, since the model says so too."""
        child = self.see(name)
        if child.content() != value:
            return False
        child.take()
        return True

    def date(self, name: str) -> datetime.date | None:
        child = self.one(name)
        if (text := child.content()) is None:
            return None
        try:
            matched = DATE.fullmatch(text)
            return datetime.date.fromisoformat(matched[1] if matched else "")
        except ValueError:
            raise child.unreadable("a date such as 2026-01-31") from None

    def number(self, name: str) -> Decimal | None:
        child = self.one(name)
        if (text := child.content()) is None:
            return None
        if not DECIMAL.fullmatch(text):
            raise child.unreadable("a decimal number such as 1234.50")
        return Decimal(text)

    def amount(self, name: str, currency: str | None) -> Decimal | None:
        """An amount; its currency is taken when it is the expected one."""
        value, child = self.number(name), self.see(name)
        if clean(child.said("currencyID") or "") == currency:
            child.attribute("currencyID")
        return value

    def indicator(self, name: str) -> bool:
        child = self.one(name)
        if (text := child.content()) not in INDICATOR:
            raise child.unreadable("true or false")
        return INDICATOR[text]

    def binary(self) -> bytes:
        try:
            return b64decode(re.sub(r"\s", "", self.content() or ""), validate=True)
        except ValueError:
            raise self.unreadable("an attachment in base64") from None

    def needed_date(self, name: str) -> datetime.date:
        if (value := self.date(name)) is None:
            raise self.see(name).unreadable("a date such as 2026-01-31")
        return value

    def needed_number(self, name: str) -> Decimal:
        if (value := self.number(name)) is None:
            raise self.see(name).unreadable("a decimal number such as 1234.50")
        return value

    def needed_amount(self, name: str, currency: str) -> Decimal:
        if (value := self.amount(name, currency)) is None:
            raise self.see(name).unreadable("an amount such as 1234.50")
        return value

    def unreadable(self, needed: str) -> UnreadableUbl:
        """That this element does not hold, or is not there to hold, what is needed."""
        nearest = self
        while not nearest and nearest._parent is not None:
            nearest = nearest._parent
        value = (self.content() or "") if self else None
        return UnreadableUbl(self.location(), line_of(nearest.element), value, needed)

    def location(self) -> str:
        if self._element is not None or self._parent is None:
            return location_of(self.element)
        return f"{self._parent.location()}/{self._name}"

    def has_vat_scheme(self) -> bool:
        """Whether this tax category or party tax scheme speaks of VAT."""
        return (self.see("cac:TaxScheme", "cbc:ID").content() or "").upper() == "VAT"

    def take_tax_scheme(self, expected: str = "VAT") -> None:
        scheme = self.one("cac:TaxScheme").see("cbc:ID")
        if (scheme.content() or "").upper() == expected:
            scheme.take()


ABSENT = Received(None)

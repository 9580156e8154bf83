"""Writing UBL elements: how text, dates, amounts and numbers look, one way each."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import date
from decimal import Decimal

from lxml import etree

from ..model import Identifier
from .schema import tag

# XML 1.0 cannot carry these. They arrive by pasting (Word writes a line break as a vertical tab).
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """A text as it is written and as it is read: trimmed, line ends as in Unix, a space for what XML cannot carry."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return NOT_XML.sub(" ", text).strip(" \t\n")


def decimal_text(value: Decimal, least_decimals: int = 0) -> str:
    """A decimal without exponent, sign of zero or needless zeros: equal numbers look equal.

    >>> decimal_text(Decimal("1E+3")), decimal_text(Decimal("21.00")), decimal_text(Decimal("7.5"), 2)
    ('1000', '21', '7.50')
    """
    if not value.is_finite():
        raise ValueError(f"an invoice cannot hold the number {value}")
    whole, _, decimals = f"{value:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(least_decimals, "0")
    text = f"{whole}.{decimals}" if decimals else whole
    return text.removeprefix("-") if value == 0 else text


class Aggregate:
    """An element under construction. Every method adds a child, and adds nothing for an absent value."""

    __slots__ = ("currency", "element")

    def __init__(self, element: etree._Element, currency: str) -> None:
        self.element = element
        self.currency = currency

    def child(self, name: str) -> Aggregate:
        return Aggregate(etree.SubElement(self.element, tag(name)), self.currency)

    def text(self, name: str, value: str | None, /, **attributes: str | None) -> None:
        content = clean(value or "")
        if content:
            element = etree.SubElement(self.element, tag(name))
            element.text = content
            for attribute, said in attributes.items():
                if said := clean(said or ""):
                    element.set(attribute, said)

    def identifier(self, name: str, value: Identifier | None) -> None:
        if value is not None:
            self.text(name, value.value, schemeID=value.scheme)

    def date(self, name: str, value: date | None) -> None:
        self.text(name, None if value is None else value.isoformat())

    def number(self, name: str, value: Decimal | None, /, **attributes: str | None) -> None:
        """A quantity or a percentage: as many decimals as it has."""
        if value is not None:
            self.text(name, decimal_text(value), **attributes)

    def amount(self, name: str, value: Decimal | None, currency: str | None = None) -> None:
        """An amount or a price: two decimals, or as many as it has."""
        if value is not None:
            self.text(name, decimal_text(value, 2), currencyID=currency or self.currency)

    def binary(self, name: str, content: bytes, /, **attributes: str | None) -> None:
        self.text(name, b64encode(content).decode("ascii"), **attributes)

    def tax_scheme(self, scheme: str = "VAT") -> None:
        self.child("cac:TaxScheme").text("cbc:ID", scheme)


def drop_empty(element: etree._Element) -> None:
    """An empty UBL element says nothing and is not allowed: an empty group is an absent one."""
    for child in list(element):
        drop_empty(child)
        if len(child) == 0 and not child.text:
            element.remove(child)

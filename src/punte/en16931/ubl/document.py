"""The door for XML: bytes from anywhere become a UBL invoice or credit note, or are turned away as `NotUbl`."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, cast

from lxml import etree

CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CAC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
INVOICE_NS: Final = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE_NS: Final = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"

ROOTS: Final = frozenset({f"{{{INVOICE_NS}}}Invoice", f"{{{CREDIT_NOTE_NS}}}CreditNote"})

#: ANAF takes no larger invoice (10 MB a file).
LARGEST: Final = 10 * 1024 * 1024


#: UBL gives no element ten. lxml reads attributes in a time that grows with the square of their number.
MOST_ATTRIBUTES: Final = 200
_CROWDED: Final = etree.XPath(f"boolean(//*/@*[{MOST_ATTRIBUTES + 1}])")

#: Reads no DTD, no entity, no network; libxml2 holds its own limits of depth and of expansion. Threads may share it.
#: `collect_ids=False`, though faster, stays away: with lxml 6.1 it makes libxml2 open an external DTD, a local file.
_PARSER: Final = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    huge_tree=False,
)


class Refusal(StrEnum):
    """Why an input is turned away, for those who say it in other words."""

    SIZE = "size"
    SYNTAX = "syntax"  # not well-formed XML
    DOCTYPE = "doctype"
    CROWDED = "crowded"  # an element with very many attributes
    KIND = "kind"  # another kind of document
    VALUE = "value"  # a needed date or number is missing, or is none (UnreadableUbl)


class NotUbl(ValueError):
    """The input is not a UBL 2.1 invoice or credit note; the text says why.

    `refusal` says so in one word; `detail` is the size, the place of the fault ("line 3, column 7"), or the name of
    the document element.
    """

    def __init__(self, text: str, refusal: Refusal = Refusal.VALUE, detail: str = "") -> None:
        super().__init__(text)
        self.refusal = refusal
        self.detail = detail


def parse(xml: bytes) -> etree._Element:
    """The root element of a UBL invoice or credit note.

    Reads no DTD, no entity, no network; libxml2's own limits of depth and of expansion hold (`huge_tree` off).
    Raises NotUbl: not well-formed, too large, with a document type, another kind of document, crowded attributes.
    """
    if len(xml) > LARGEST:
        raise NotUbl(f"the file has {len(xml)} bytes; the limit is {LARGEST}", Refusal.SIZE, str(len(xml)))
    try:
        root = etree.fromstring(xml, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        line, column = getattr(error, "position", (None, None))
        place = f"line {line}, column {column}" if line else ""
        raise NotUbl(f"not well-formed XML: {error}", Refusal.SYNTAX, place) from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise NotUbl("a document type declaration (DOCTYPE) is not allowed in an invoice", Refusal.DOCTYPE)
    if _CROWDED(root):
        raise NotUbl(f"an element has more than {MOST_ATTRIBUTES} attributes", Refusal.CROWDED)
    if root.tag not in ROOTS:
        raise NotUbl(
            f"the document element is {root.tag}, not a UBL Invoice or CreditNote", Refusal.KIND, str(root.tag)
        )
    return root


def line_of(element: etree._Element) -> int:
    """The line of the file; 0 for an element that never was in one."""
    return cast("int | None", element.sourceline) or 0

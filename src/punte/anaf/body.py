"""The body decides what an answer is; ANAF's Content-Type and status lie. Source: docs/anaf/README.md, "Sniffing"."""

import json
import re
from enum import StrEnum
from typing import Any

from lxml import etree

#: Deepest nesting and size of an answer in XML that we parse; ANAF's are flat and small.
XML_LIMIT = 12 * 2**20


class Kind(StrEnum):
    ZIP = "zip"
    JSON = "json"
    XML = "xml"
    HTML = "html"
    PDF = "pdf"
    EMPTY = "empty"
    TEXT = "text"


class Unreadable(ValueError):
    """The bytes are not what their beginning promised."""


def kind_of(body: bytes) -> Kind:
    if body.startswith(b"PK\x03\x04"):
        return Kind.ZIP
    if body.startswith(b"%PDF"):
        return Kind.PDF
    head = body[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not head:
        return Kind.EMPTY
    if head[:1] in b"{[":
        return Kind.JSON
    if head.startswith((b"<html", b"<!doctype")):
        return Kind.HTML
    if head.startswith(b"<"):
        return Kind.HTML if b"<html" in head else Kind.XML
    return Kind.TEXT


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON object, leniently: one of ANAF's own samples has a stray second brace. Raises Unreadable."""
    try:
        value, _ = json.JSONDecoder().raw_decode(body.decode("utf-8-sig").lstrip())
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error
    if not isinstance(value, dict):
        raise Unreadable("JSON, but no object")
    return value


def read_xml(body: bytes) -> etree._Element:
    """The root element, white space kept, without DTD, entities or network. Raises Unreadable."""
    if len(body) > XML_LIMIT:
        raise Unreadable(f"XML above {XML_LIMIT} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("not well-formed XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("XML with a DTD")
    return root


def local(element: etree._Element) -> str:
    """Local name; empty for a comment or an instruction. ANAF's namespaces differ between documents: ignore them."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def error_messages(root: etree._Element) -> tuple[str, ...]:
    """`errorMessage` of each child `Errors`, `Error` or `Eroare`, verbatim."""
    names = {"Errors", "Error", "Eroare"}
    return tuple(child.get("errorMessage", "") for child in root if local(child) in names)


def sentence(body: bytes) -> str:
    """What the body says in words, verbatim; a title for HTML; empty when it says nothing."""
    kind = kind_of(body)
    try:
        if kind is Kind.JSON:
            said = read_json(body)
            return next(
                (str(said[key]) for key in ("eroare", "message", "error_description", "error") if said.get(key)), ""
            )
        if kind is Kind.XML:
            return "\n".join(error_messages(read_xml(body)))
    except Unreadable:
        return ""
    text = body[:4096].decode("utf-8", "replace")
    if kind is Kind.HTML:
        title = re.search(r"<title>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        return title[1].strip() if title else "HTML"
    return text[:300].strip() if kind is Kind.TEXT else ""

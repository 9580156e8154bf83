"""A document as text: cut into header and lines, and each into skeleton and words."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from lxml import etree

from ..ubl.document import CAC

#: the texts of a part that are not blank, and all that stands between them: tags and blanks
Words = tuple[str, ...]
Skeleton = tuple[str, ...]

LINES: Final = {f"{{{CAC}}}InvoiceLine", f"{{{CAC}}}CreditNoteLine"}

#: the text of an element that has no others in it, and is not blank
_WORD = re.compile(r">([^<\s][^<]*)</")
#: in this order: `&amp;lt;` is `&lt;`
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


class Cut(NamedTuple):
    """A document that ends with its lines, as text."""

    #: the tag of the document element: it decides how prefixes are read
    opening: str
    #: from the beginning to the last element before the lines
    header: str
    #: of the lines
    tag: str
    #: each from the blanks before it to its last element
    lines: list[str]


def cut_document(xml: bytes, root: etree._Element) -> Cut | None:
    """Header and lines of a document that is plain; else None.

    Plain is UTF-8 without comments, CDATA or processing instructions; the lines, tags without attributes, are the last
    in the document element. `root` is what a parser made of the same bytes.
    """
    if not len(root) or (last := root[-1]).tag not in LINES or not _is_plain(xml):
        return None
    try:
        text = xml.decode("utf-8-sig")
    except ValueError:
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    name, document = _written_name(last), _written_name(root)
    opens, closes = f"<{name}>", f"</{name}>"
    first = text.find(opens)
    if first < 0:
        return None
    begin, end = text.rfind(">", 0, first) + 1, text.rfind(closes) + len(closes)
    lines = text[begin:end].split(closes)[:-1]
    usual = text[begin:first] + opens
    if text.count(opens[:-1], begin, end) != len(lines):  # one is closed in another way: `</cac:InvoiceLine >`
        return None
    if text[end:].strip() != f"</{document}>" or not all(
        line.startswith(usual) or line.lstrip().startswith(opens) for line in lines
    ):
        return None
    at = text.find("<" + document)
    return Cut(text[at : text.find(">", at)], text[:begin], str(last.tag), lines)


def _is_plain(xml: bytes) -> bool:
    """UTF-8, as far as it says, without comments, CDATA or processing instructions."""
    if b"!" in xml and b"<!" in xml:  # one sign is found much faster than two
        return False
    declaration = xml[: xml.find(b"?>") + 1].lower()
    if declaration and not declaration.startswith(b"<?"):
        return False
    if xml.find(b"?", len(declaration)) > 0 and xml.rfind(b"<?") > 0:
        return False
    return b"encoding" not in declaration or b"utf-8" in declaration


def _written_name(element: etree._Element) -> str:
    name = str(element.tag).rpartition("}")[2]
    return f"{element.prefix}:{name}" if element.prefix else name


def skeleton_and_words(part: str) -> tuple[Skeleton, Words] | None:
    """What is between the words of a part, and the words; None for characters written as numbers (`&#10;`)."""
    parts = _WORD.split(part)
    words = parts[1::2]
    if "&" in part:
        if "&#" in part:
            return None
        words = [_unescaped(word) for word in words]
    return tuple(parts[0::2]), tuple(words)


def _unescaped(word: str) -> str:
    for entity, character in _ENTITIES:
        word = word.replace(entity, character)
    return word

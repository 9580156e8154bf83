"""What the schema of UBL says at the door: the first fault of structure, in the words of the Java parser that ANAF has.

The words are those of Xerces, known from its documentation; of ANAF's answers only the unknown root has been recorded.
Xerces goes on to list the elements it expected: ours names them only where one is missing.
"""

import re

from lxml import etree

from punte.en16931.rules.rule import Finding
from punte.en16931.ubl.position import beginnings
from punte.en16931.ubl.structure import faults

_PLACE = "cvc-complex-type.2.4.a: Invalid content was found starting with element '{value}'."
_WORDS = {
    "UBL-UNKNOWN": _PLACE,
    "UBL-PLACE": _PLACE,
    "UBL-ORDER": _PLACE,
    "UBL-REPEATED": _PLACE,
    "UBL-MISSING": "cvc-complex-type.2.4.b: The content of element '{name}' is not complete. One of '{{{value}}}' "
    "is expected.",
    "UBL-TEXT": "cvc-complex-type.2.3: Element '{name}' cannot have character [children], because the type's content "
    "type is element-only.",
    "UBL-TYPE": "cvc-datatype-valid.1.2.1: '{value}' is not a valid value for '{name}'.",
}
_ATTRIBUTE = "cvc-complex-type.3.2.2: Attribute '{value}' is not allowed to appear in element '{name}'."
_NO_ATTRIBUTE = "cvc-complex-type.4: Attribute '{value}' must appear on element '{name}'."
_TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")


def complaint(xml: bytes, root: etree._Element) -> tuple[int, int, str] | None:
    """Line and column behind the start tag where the parser stops, and what it says; None for a sound document."""
    found = faults(root)
    if not found:
        return None
    places = beginnings(xml, [fault.location for fault in found])
    fault = min(found, key=lambda fault: places.get(fault.location, (fault.line or 0, 0)))
    line, column = places.get(fault.location, (fault.line or 1, 1))
    tag = _TAG.match(xml, _offset(xml, line, column))
    written = tag[0] if tag else b""
    behind = written.decode("utf-8", "replace")
    rows = behind.count("\n")
    end = len(behind) - (behind.rfind("\n") + 1)
    return line + rows, end + (1 if rows else column), _said(fault, written)


def _said(fault: Finding, tag: bytes) -> str:
    path = fault.location.partition("/@")[0] if fault.rule != "UBL-MISSING" else fault.location.rpartition("/")[0]
    name = re.sub(r"\[\d+\]$", "", path.rpartition("/")[2])
    value = fault.value or ""
    if fault.rule == "UBL-ORDER":  # the fault names the element before which it belongs; the parser, the element
        value = name
    if fault.rule == "UBL-ATTRIBUTE":
        present = re.search(rb"\s(?:\w+:)?" + re.escape(value.encode()) + rb"\s*=", tag)
        return (_ATTRIBUTE if present else _NO_ATTRIBUTE).format(name=name, value=value)
    return _WORDS[fault.rule].format(name=name, value=value)


def _offset(xml: bytes, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = xml.find(b"\n", start) + 1
    return start + len(xml[start:].decode("utf-8", "replace")[: column - 1].encode())

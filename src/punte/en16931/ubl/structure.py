"""What UBL 2.1 itself says of a document: known elements, each in its place and number, values of their type.

The ids are ours:

UBL-UNKNOWN    no such element in UBL              UBL-ATTRIBUTE  the attribute is unknown, or missing
UBL-PLACE      a UBL element, but not of this one  UBL-TYPE       the text is no value of the element's type
UBL-ORDER      it comes after one it must precede  UBL-TEXT       text between elements
UBL-REPEATED   more of them than allowed           UBL-MISSING    a required element is not there

`value` is the name of the element or attribute, for UBL-ORDER of the one before which it belongs; or the text.
"""

from __future__ import annotations

import re
from binascii import Error as NotBase64
from binascii import a2b_base64
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, time

from lxml import etree

from ..rules.rule import Finding, Severity
from .received import DECIMAL, XSI, line_of
from .schema import is_known, name_of, positions, schema

DAY = re.compile(r"-?([0-9]{4}|[1-9][0-9]{4,})(-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
TIME = re.compile(r"([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


def faults(root: etree._Element) -> tuple[Finding, ...]:
    """All faults of structure of a UBL invoice or credit note, in the order of the document; () when it is well built.

    Compared with libxml2 and the OASIS schemas on the 3000 documents of the corpus (November 2026), the verdict differs
    on one: a date with a blank before it, which libxml2 refuses and the schema language trims.
    """
    name = etree.QName(root).localname
    return tuple(_in_aggregate(root, f"{name}Type", f"/{name}"))


def _fault(rule: str, location: str, line: int, value: str) -> Finding:
    return Finding(rule=rule, severity=Severity.FATAL, term=None, location=location, line=line or None, value=value)


def _in_aggregate(element: etree._Element, type_name: str, location: str) -> Iterator[Finding]:
    line, children = line_of(element), list(element.iterchildren(etree.Element))
    yield from _attributes(element, {}, location)
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip():
            yield _fault("UBL-TEXT", location, line, text.strip()[:60])
    if type_name == "ExtensionContentType":  # one element of any namespace, whatever is in it
        if len(children) != 1:
            yield _fault("UBL-MISSING" if not children else "UBL-REPEATED", location, line, "*")
        return
    places = positions(type_name)
    limits = {child: (least, most) for child, least, most in schema()["types"][type_name]}
    total, seen, furthest, furthest_name = Counter(child.tag for child in children), Counter[str](), -1, ""
    for child in children:
        name = name_of(child.tag)
        seen[name] += 1
        here = f"{location}/{name}" + (f"[{seen[name]}]" if total[child.tag] > 1 else "")
        if name not in places:
            yield _fault("UBL-PLACE" if is_known(name) else "UBL-UNKNOWN", here, line_of(child), name)
            continue
        if places[name] < furthest:
            yield _fault("UBL-ORDER", here, line_of(child), furthest_name)
        else:
            furthest, furthest_name = places[name], name
        most = limits[name][1]
        if most is not None and seen[name] > most:
            yield _fault("UBL-REPEATED", here, line_of(child), name)
        yield from _in_element(child, name, here)
    for name, (least, _) in limits.items():
        if seen[name] < least:
            yield _fault("UBL-MISSING", f"{location}/{name}", line, name)


def _in_element(element: etree._Element, name: str, location: str) -> Iterator[Finding]:
    type_name: str = schema()["elements"][name]
    if not type_name.startswith("@"):
        yield from _in_aggregate(element, type_name, location)
        return
    leaf = schema()["leaf_types"][type_name[1:]]
    yield from _attributes(element, leaf["attributes"], location)
    for child in element.iterchildren(etree.Element):
        yield _fault("UBL-PLACE", f"{location}/{name_of(child.tag)}", line_of(child), name_of(child.tag))
    text = "".join((element.text or "", *(child.tail or "" for child in element)))
    if not _is_value(leaf["base"], text):
        yield _fault("UBL-TYPE", location, line_of(element), text.strip()[:60])


def _attributes(element: etree._Element, allowed: dict[str, tuple[str, str]], location: str) -> Iterator[Finding]:
    for name, text in element.attrib.items():
        if str(name).startswith(XSI):
            continue
        if name not in allowed:
            yield _fault("UBL-ATTRIBUTE", f"{location}/@{name_of(str(name))}", line_of(element), name_of(str(name)))
        elif not _is_value(allowed[str(name)][0], str(text)):
            yield _fault("UBL-TYPE", f"{location}/@{name}", line_of(element), str(text).strip()[:60])
    for name, (_, use) in allowed.items():
        if use == "required" and name not in element.attrib:
            yield _fault("UBL-ATTRIBUTE", f"{location}/@{name}", line_of(element), name)


def _is_value(base: str, text: str) -> bool:
    return VALUE_OF[base](text.strip(" \t\r\n")) if base in VALUE_OF else True


def _is_date(text: str) -> bool:
    matched = DAY.fullmatch(text)
    try:  # the schema has years beyond 9999, and none 0; leap years come again every 400
        return (
            matched is not None
            and matched[1].strip("0") != ""
            and bool(date.fromisoformat(f"{2000 + int(matched[1][-4:]) % 400}{matched[2]}"))
        )
    except ValueError:
        return False


def _is_time(text: str) -> bool:
    matched = TIME.fullmatch(text)
    try:
        return matched is not None and bool(time.fromisoformat(matched[1]))
    except ValueError:
        return text.startswith("24:00:00")


def _is_base64(text: str) -> bool:
    try:
        a2b_base64(re.sub(r"\s", "", text), strict_mode=True)
    except NotBase64:
        return False
    return True


VALUE_OF: dict[str, Callable[[str], bool]] = {
    "decimal": lambda text: bool(DECIMAL.fullmatch(text)),
    "boolean": lambda text: text in {"true", "false", "1", "0"},
    "date": _is_date,
    "time": _is_time,
    "base64Binary": _is_base64,
    "language": lambda text: bool(LANGUAGE.fullmatch(text)),
}  # the others (string, normalizedString, anyURI) take any text

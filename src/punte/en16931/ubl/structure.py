"""What UBL 2.1 itself says of a document: known elements, each in its place and number, values of their type.

The ids are ours:

UBL-UNKNOWN    no such element in UBL              UBL-ATTRIBUTE  the attribute is unknown, or missing
UBL-PLACE      a UBL element, but not of this one  UBL-TYPE       the text is no value of the element's type
UBL-ORDER      it comes after one it must precede  UBL-TEXT       text between elements
UBL-REPEATED   more of them than allowed           UBL-MISSING    a required element is not there

`value` is the name of the element or attribute, for UBL-ORDER of the one before which it belongs; or the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from ..rules.rule import Finding, Severity
from .content import XSI, Content, is_value
from .document import line_of
from .schema import is_known, name_of

if TYPE_CHECKING:
    from ..rules.nodes import Node
    from ..rules.places import Places

MOST = 10_000  #: faults told of one document


def faults(root: etree._Element) -> tuple[Finding, ...]:
    """All faults of structure of a UBL invoice or credit note, in the order of the document; () when it is well built.

    Compared with libxml2 and the OASIS schemas on the 3000 documents of the corpus (November 2026), the verdict differs
    on one: a date with a blank before it, which libxml2 refuses and the schema language trims.
    """
    return faults_of(_places().view(root).unsound)


@cache
def _places() -> Places:
    """Places of which no rule speaks."""
    from ..rules.places import Places  # here, for they know of content models themselves

    return Places((), ())


def faults_of(unsound: Iterable[Node]) -> tuple[Finding, ...]:
    """What is wrong with elements that do not fit their content models, in the order of the document.

    At most `MOST`: a file made to hold millions of faults would cost gigabytes to tell them all.
    """
    found = list(islice((fault for node in dict.fromkeys(unsound) for fault in _faults(node)), MOST))
    return tuple(sorted(found, key=lambda fault: fault.line or 0))


def _fault(rule: str, location: str, line: int, value: str) -> Finding:
    return Finding(rule=rule, severity=Severity.FATAL, term=None, location=location, line=line or None, value=value)


def _faults(node: Node) -> Iterator[Finding]:
    """The faults of an element itself, not of those below it."""
    content, element, location = node.place.content, node.element, node.location
    if content is None:
        return
    yield from _attributes(element, content, location)
    if content.base is None:
        yield from _of_aggregate(element, content, location)
    else:
        yield from _of_leaf(element, content.base, location)


def _of_aggregate(element: etree._Element, content: Content, location: str) -> Iterator[Finding]:
    line, children = line_of(element), list(element.iterchildren(etree.Element))
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip():
            yield _fault("UBL-TEXT", location, line, text.strip()[:60])
    if content.holds_any:
        if len(children) != 1:
            yield _fault("UBL-MISSING" if not children else "UBL-REPEATED", location, line, "*")
        return
    places, limits = content.positions, content.limits
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
    for name, (least, _) in limits.items():
        if seen[name] < least:
            yield _fault("UBL-MISSING", f"{location}/{name}", line, name)


def _of_leaf(element: etree._Element, base: str, location: str) -> Iterator[Finding]:
    for child in element.iterchildren(etree.Element):
        yield _fault("UBL-PLACE", f"{location}/{name_of(child.tag)}", line_of(child), name_of(child.tag))
    text = own_text(element)
    if not is_value(base, text):
        yield _fault("UBL-TYPE", location, line_of(element), text.strip()[:60])


def own_text(element: etree._Element) -> str:
    """The text of an element without that of elements in it, uncut by comments."""
    return "".join((element.text or "", *(child.tail or "" for child in element)))


def _attributes(element: etree._Element, content: Content, location: str) -> Iterator[Finding]:
    allowed = content.attributes
    for name, text in element.attrib.items():
        if str(name).startswith(XSI):
            continue
        if name not in allowed:
            yield _fault("UBL-ATTRIBUTE", f"{location}/@{name_of(str(name))}", line_of(element), name_of(str(name)))
        elif not is_value(allowed[str(name)][0], str(text)):
            yield _fault("UBL-TYPE", f"{location}/@{name}", line_of(element), str(text).strip()[:60])
    for name, (_, use) in allowed.items():
        if use == "required" and name not in element.attrib:
            yield _fault("UBL-ATTRIBUTE", f"{location}/@{name}", line_of(element), name)

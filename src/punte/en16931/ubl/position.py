"""Where elements begin in the file, line and column: lxml keeps the line alone, and 65535 at most of an old libxml2.

A second pass, by expat, is made only for documents with something to show.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from xml.parsers.expat import ExpatError, ParserCreate

from .schema import name_of

_ATTRIBUTE = re.compile(r"/@[^/]*$")


def beginnings(xml: bytes, locations: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Line and column, both from 1, of the start tag at each location that the document has.

    xml        a document that `parse` has taken: without DTD, hence safe for any parser
    locations  as in findings, `/Invoice/cac:InvoiceLine[2]/cbc:Note`; an attribute, or an element that is missing,
               stands where the element above it does
    No entries at all for an encoding that expat does not know.
    """
    wanted: dict[str, list[str]] = {}
    for location in locations:
        here = _numbered(location)
        wanted.setdefault(here.rpartition("/")[0], []).append(location)
        wanted.setdefault(here, []).append(location)  # read later, so it wins
    found: dict[str, tuple[int, int]] = {}
    path: list[str] = []
    seen: list[Counter[str]] = []
    parser = ParserCreate(namespace_separator="}")

    def start(tag: str, _: object) -> None:
        name = name_of("{" + tag)
        if seen:
            seen[-1][name] += 1
            path.append(f"{path[-1]}/{name}[{seen[-1][name]}]")
        else:
            path.append("/" + name.rpartition(":")[2])
        seen.append(Counter())
        for location in wanted.get(path[-1], ()):
            found[location] = (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)

    def end(_: str) -> None:
        path.pop()
        seen.pop()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(xml, True)
    except (ExpatError, LookupError, ValueError):
        return {}
    return found


def _numbered(location: str) -> str:
    """Every step with its number, the document element and an attribute's own step apart."""
    root, *steps = _ATTRIBUTE.sub("", location).split("/")[1:]
    return "/" + "/".join([root, *(step if step.endswith("]") else f"{step}[1]" for step in steps)])

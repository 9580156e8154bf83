"""The QcStatements extension: what the issuer states of a qualified certificate.

Source: RFC 3739, 3.2.6; ETSI EN 319 412-5. `cryptography` hands the extension over as DER; this reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

OID = "1.3.6.1.5.5.7.1.3"
COMPLIANCE = "0.4.0.1862.1.1"  # a qualified certificate under Regulation (EU) 910/2014
DEVICE = "0.4.0.1862.1.4"  # the key lives in a qualified signature creation device
TYPE = "0.4.0.1862.1.6"
TYPE_SIGNATURE = "0.4.0.1862.1.6.1"
TYPE_SEAL = "0.4.0.1862.1.6.2"
TYPE_WEB = "0.4.0.1862.1.6.3"

SEQUENCE, OBJECT_IDENTIFIER = 0x30, 0x06


@dataclass(frozen=True, slots=True)
class QcStatements:
    """`statements`: their identifiers; `types`: those inside QcType (signature, seal, web site)."""

    statements: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()


def read_qcstatements(der: bytes) -> QcStatements:
    """Raises ValueError when `der` is not the extension's value."""
    statements, types = set(), set()
    for statement in _inside(der, SEQUENCE):
        identifier, *info = list(_elements(_only(statement, SEQUENCE)))
        name = _dotted(_only(identifier, OBJECT_IDENTIFIER))
        statements.add(name)
        if name == TYPE and info:
            types |= {_dotted(_only(one, OBJECT_IDENTIFIER)) for one in _inside(_whole(info[0]), SEQUENCE)}
    return QcStatements(frozenset(statements), frozenset(types))


Element = tuple[int, bytes]  # tag, content


def _elements(content: bytes) -> Iterator[Element]:
    """X.690, 8.1: identifier, length, contents, one after another."""
    while content:
        tag, length, start = content[0], int.from_bytes(content[1:2], "big"), 2
        if length & 0x80:
            size = length & 0x7F
            if not 1 <= size <= 2:
                raise ValueError("a length of this size has no place in a certificate's extension")
            length, start = int.from_bytes(content[2 : 2 + size], "big"), 2 + size
        if len(content) < start + length or start > len(content):
            raise ValueError("an element ends before its length")
        yield tag, content[start : start + length]
        content = content[start + length :]


def _whole(element: Element) -> bytes:
    """Written again, for who reads from the tag on."""
    tag, content = element
    size = len(content).to_bytes(2, "big")
    return bytes([tag, 0x82]) + size + content


def _inside(der: bytes, tag: int) -> list[Element]:
    (element,) = _elements(der)
    return list(_elements(_only(element, tag)))


def _only(element: Element, tag: int) -> bytes:
    if element[0] != tag:
        raise ValueError(f"tag {element[0]:#x} where {tag:#x} belongs")
    return element[1]


def _dotted(content: bytes) -> str:
    """X.690, 8.19: the first two arcs in one byte, each further one in base 128."""
    if not content:
        raise ValueError("an object identifier without arcs")
    first = min(content[0] // 40, 2)
    arcs, arc = [first, content[0] - 40 * first], 0
    for byte in content[1:]:
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    return ".".join(map(str, arcs))

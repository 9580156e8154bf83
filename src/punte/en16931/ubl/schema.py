"""The content models of UBL 2.1 Invoice and CreditNote as data: what may stand where, how often, of which type."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any


@cache
def schema() -> dict[str, Any]:
    """`structure.json`, read once; its own `about` says what each part holds and where it comes from."""
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("structure.json").read_text("utf-8"))
    return loaded


@cache
def tag(name: str) -> str:
    """`cbc:ID` in lxml's notation, `{namespace}ID`."""
    prefix, local = name.split(":")
    return f"{{{schema()['namespaces'][prefix]}}}{local}"


@lru_cache(1024)  # a hostile document has names without end
def name_of(tag: str) -> str:
    """`{namespace}ID` as `cbc:ID`, whatever prefix the document chose; a foreign namespace stays as it is."""
    namespace, _, local = tag.rpartition("}")
    prefix = _prefixes().get(namespace[1:])
    return f"{prefix}:{local}" if prefix else tag


@cache
def _prefixes() -> dict[str, str]:
    return {uri: prefix for prefix, uri in schema()["namespaces"].items()}


@cache
def positions(type_name: str) -> dict[str, int]:
    """The children of a type, each with its place in the binding order."""
    return {child: place for place, (child, _, _) in enumerate(schema()["types"][type_name])}


def is_known(name: str) -> bool:
    """Whether UBL 2.1 has an element of that name anywhere, be it in other documents."""
    return name in schema()["elements"] or name in _elsewhere()


@cache
def _elsewhere() -> frozenset[str]:
    return frozenset(schema()["elsewhere"])

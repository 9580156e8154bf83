"""Which field a finding is about, and how people call it.

The term of a rule is not always that of the place: a rule on every currency, on every date or on a party of either
side is one rule with one term. So the place decides when it is a field of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from punte.en16931.tables import rows

from .words import Language, Names, word

_POSITION = re.compile(r"\[[0-9]+\]")
_LINE = re.compile(r"/cac:(?:Invoice|CreditNote)Line(?:\[([0-9]+)\])?(?=/|$)")
_SAME = {
    "cac:InvoiceLine": "line",
    "cac:CreditNoteLine": "line",
    "cbc:CreditedQuantity": "cbc:InvoicedQuantity",
    "cbc:CreditNoteTypeCode": "cbc:InvoiceTypeCode",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its business term if it has one, its names, its place in the document found."""

    term: str | None
    names: Names
    location: str

    def label(self, language: Language) -> str:
        """By itself, as above the field of a form."""
        name = (
            self.names[language]
            if self.term
            else element_at(self.location, language) + place_of(self.location, language)
        )
        return capital(name)

    def called(self, language: Language, *, numbered: bool = True) -> str:
        """In a sentence: „prețul fără TVA de pe rândul 2”, “the price without VAT on line 2”."""
        line = line_of(self.location)
        if self.term == "BG-25" and line:
            return lowered(word("line", language, n=line))
        name = lowered(self.names[language])
        if self.term and language == "en":
            name = f"the {name}"
        if not self.term:
            return name + place_of(self.location, language)
        if line:
            name += word("on line", language, n=line)
        if numbered and (number := _number(self.location)):
            name += word("number", language, n=number)
        return name


def field_of(term: str | None, location: str, *, exactly: bool = False) -> Field:
    """The field of a finding: that of its term, or of its place where the place is another field.

    `exactly`: the term says it better than the place.
    """
    path = path_of(location)
    here = _by_path().get(path, [])
    if term and (exactly or not _is_leaf(path) or any(_reaches(there, path) for there in _paths(term))):
        return Field(term, _names().get(term) or _element(path, location), location)
    if not here and path.rpartition("/")[2] in ("@currencyID", "@unitCode"):
        return field_of(term, location.rpartition("/")[0])
    if not here:
        return Field(None, _element(path, location), location)
    siblings = [other for there in _paths(term) for other in _by_path().get(there, [])] if term else []
    if len(here) == 1 or len(siblings) == len(here):
        chosen = here[siblings.index(term) if term in siblings and len(here) > 1 else 0]
        return Field(chosen, _names()[chosen], location)
    return Field(here[0], _names().get("|".join(here[:2])) or _names()[here[0]], location)


def element_at(location: str, language: Language) -> str:
    """What stands there, to people, without place: „localitatea vânzătorului”, „fax”."""
    path = path_of(location)
    terms = _by_path().get(path, [])
    if terms:
        return lowered((_names().get("|".join(terms[:2])) or _names()[terms[0]])[language])
    name = _POSITION.sub("", location.rpartition("/")[2])
    return _elements().get(name, {}).get(language) or name.rpartition("}")[2].rpartition(":")[2].lstrip("@")


def place_of(location: str, language: Language) -> str:
    """Where an element stands, in words: „ (rândul 2, preț)”, „ (cumpărător, adresă)”; "" for the document itself."""
    above = _POSITION.sub("", location).split("/")[2:-1]
    known = [_elements()[step][language] for step in above if step in _elements() and step not in _holders()]
    if path_of(location) in _by_path():  # its name says the rest
        known = []
    places = dict.fromkeys([*known[:1], *known[-1:]])
    if line := line_of(location):
        places = dict.fromkeys([lowered(word("line", language, n=line)), *known[-1:]])
    return word("place", language, places=", ".join(places)) if places else ""


def line_of(location: str) -> int | None:
    """The line of the document, from 1; None elsewhere. Without a number it is the only line."""
    found = _LINE.search(location)
    return int(found[1] or 1) if found else None


def lowered(name: str) -> str:
    """For the middle of a sentence; an abbreviation keeps its capitals (TVA, IBAN-ul)."""
    return name if len(name) > 1 and name[1].isupper() else name[:1].lower() + name[1:]


def path_of(location: str) -> str:
    """`/Invoice/cac:InvoiceLine[2]/cbc:Note` -> `line/cbc:Note`."""
    return "/".join(_SAME.get(step, step) for step in _POSITION.sub("", location).split("/")[2:])


def _element(path: str, location: str) -> Names:
    languages: tuple[Language, ...] = ("ro", "en")
    return {language: word("field", language, name=element_at(location, language)) for language in languages}


def _number(location: str) -> str | None:
    """Position of the innermost element that has some, lines apart."""
    found = re.findall(r"\[([0-9]+)\]", _LINE.sub("", location))
    return found[-1] if found else None


def capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _is_leaf(path: str) -> bool:
    return path.rpartition("/")[2].startswith(("cbc:", "@"))


def _reaches(there: str, path: str) -> bool:
    return there == path or there.startswith(f"{path}/")


@cache
def _table() -> dict[str, dict[str, str]]:
    return {row["term"]: row for row in rows(__file__, "terms.tsv")}


@cache
def _names() -> dict[str, Names]:
    return {term: {"ro": row["ro"], "en": row["en"]} for term, row in _table().items()}


def _paths(term: str) -> list[str]:
    return _table()[term]["path"].split(" ") if term in _table() else []


@cache
def _by_path() -> dict[str, list[str]]:
    """The terms at each path, in the norm's order; several where the path alone does not tell them apart."""
    found: dict[str, list[str]] = {}
    for term in _table():
        if "|" not in term:
            for path in _paths(term):
                found.setdefault(path, []).append(term)
    return found


@cache
def _elements() -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in rows(__file__, "elements.tsv")}


@cache
def _holders() -> frozenset[str]:
    """Elements that only hold others, and lines, which have their number."""
    return frozenset(name for name, row in _elements().items() if row["place"] == "no") | _SAME.keys()

"""Counties and the sectors of Bucharest, as RO_CIUS codes them, from what people and registers write.

The codes are the norm's lists `ro-counties.tsv` and `ro-sectors.tsv` (BR-RO-100, 101, 110, 111).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from punte.en16931.codelists import entries

BUCHAREST = "RO-B"
_SECTOR = re.compile(r"\bSECT(?:OR(?:UL|ULUI)?)?[ .]*([1-6])\b|\bS[ .]*([1-6])$")


@dataclass(frozen=True, slots=True)
class County:
    """A county: `code` by ISO 3166-2 (`RO-CJ`), `name` in Romanian."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of Bucharest: `code` is what BT-37 or BT-52 must hold (`SECTOR3`), `name` what people read."""

    code: str
    name: str


@cache
def counties() -> tuple[County, ...]:
    """All 42, in Romanian alphabetical order."""
    found = (County(code, row["name_en"]) for code, row in entries("ro-counties").items())
    return tuple(sorted(found, key=lambda county: _plain(county.name)))


@cache
def sectors() -> tuple[Sector, ...]:
    return tuple(Sector(code, row["label_ro"]) for code, row in entries("ro-sectors").items())


def county_for(text: str) -> County | None:
    """The county of that name, car code or ISO code, whatever its letters: `Cluj`, `CJ`, `RO-CJ`, `JUD. CLUJ`.

    ANAF's register writes `MUNICIPIUL BUCUREŞTI`. None when no county is meant.
    """
    return _counties_by_spelling().get(_plain(text))


def city_for_bucharest(text: str) -> str | None:
    """The code of the sector named in a text: `Sector 3 Mun. Bucureşti` is `SECTOR3`; None when none is named.

    A street may be called „Sectorului”, a post code tells no sector: only the words „sector 1” to „sector 6” do.
    """
    found = _SECTOR.search(_plain(text))
    return f"SECTOR{found[1] or found[2]}" if found else None


@cache
def _counties_by_spelling() -> dict[str, County]:
    return {
        _plain(spelling): county
        for county in counties()
        for spelling in (county.name, county.code, county.code.removeprefix("RO-"))
    }


def _plain(text: str) -> str:
    """Upper case, without diacritics (of comma or cedilla), hyphens, or words such as „județul”."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).upper()
    words = re.sub(r"[^A-Z0-9.]+", " ", letters.replace("RO-", " ")).split()
    return " ".join(word for word in words if word.rstrip(".") not in {"JUD", "JUDETUL", "MUN", "MUNICIPIUL"})

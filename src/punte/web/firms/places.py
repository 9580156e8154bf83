"""Counties, sectors and localities as RO_CIUS wants them (BR-RO-100, BR-RO-110)."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from django.utils.translation import gettext as _

BUCHAREST = "RO-B"
SECTORS = tuple(f"SECTOR{number}" for number in range(1, 7))


class NotASector(ValueError):
    """The city is Bucharest, but which sector? Its text is for the screen."""

    def __init__(self) -> None:
        super().__init__(_("Pentru București, ANAF cere sectorul. Alegeți de la SECTOR1 la SECTOR6."))


@cache
def counties() -> list[tuple[str, str]]:
    """`("RO-CJ", "Cluj")` in the order of the alphabet: the code list ISO3166-RO beside the norm."""
    text = (files("punte.en16931") / "codelists" / "ro-counties.tsv").read_text("utf-8")
    rows = csv.DictReader((line for line in text.splitlines() if not line.startswith("#")), delimiter="\t")
    return sorted(((row["code"], row["name_en"]) for row in rows), key=lambda county: _plain(county[1]))


def city_of(county: str, city: str) -> str:
    """The city as RO_CIUS writes it: in Bucharest the sector, elsewhere the name alone.

    >>> city_of("RO-B", "Sector 3 Mun. București"), city_of("RO-CJ", "Mun. Cluj-Napoca")
    ('SECTOR3', 'Cluj-Napoca')

    Raises NotASector for Bucharest without one.
    """
    city = " ".join(city.split())
    if county == BUCHAREST:
        sector = re.search(r"\bsector(?:ul)?\s*([1-6])\b", city, re.IGNORECASE)
        if sector is None:
            raise NotASector
        return f"SECTOR{sector[1]}"
    city = re.sub(r"^(Mun\.|Municipiul\s|Or[șs]\.|Oraș(ul)?\s)\s*(?=\S)", "", city, flags=re.IGNORECASE)
    village = re.fullmatch(r"Sat\.?\s+(.+?)\s+Com(?:\.|una)\s*(.+)", city, re.IGNORECASE)
    if village is None:
        return city
    name, commune = village.groups()
    return name if name.casefold() == commune.casefold() else f"{name}, com. {commune}"


def _plain(name: str) -> str:
    """For sorting: Â and Ă beside A, Ș beside S."""
    return name.translate(str.maketrans("ăâîșțĂÂÎȘȚ", "aaistAAIST"))

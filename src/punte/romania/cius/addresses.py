"""Addresses in Romania: street, city, county; in Bucharest the city is a sector (BR-RO-080 to BR-RO-212)."""

from __future__ import annotations

from collections.abc import Callable

from punte.en16931.codelists import codes
from punte.en16931.rules.family import Family, steps
from punte.en16931.rules.logic import any_holds
from punte.en16931.rules.nodes import Document, Node, Path
from punte.en16931.rules.values import trim

COUNTIES = codes("ro-counties")
SECTORS = codes("ro-sectors")

SELLER = "cac:AccountingSupplierParty/cac:Party/cac:PostalAddress"
BUYER = "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress"

Holds = Callable[[Node, Document], bool]

family = Family()


def _stated(rule_id: str, term: str, address: str, name: str) -> None:
    """The element is there and is not blank."""
    path = f"{address}/{name}".lstrip("/")
    way = steps(path)
    holds: Holds = lambda node, _: any(trim(found.text) for found in node.select(*way))  # noqa: E731
    family.add(rule_id, term, holds, path, text=lambda text: bool(trim(text)))


def _text(node: Node, address: Path, *path: str) -> str:
    return trim(node.text_of(*address, *path))


def _city_of_bucharest_is_a_sector(address: str) -> tuple[Holds, str]:
    """Country RO, county RO-B: the city is one of SECTOR1 to SECTOR6, to the letter."""
    way = steps(address)

    def holds(node: Node, _: Document) -> bool:
        return any_holds(
            lambda: _text(node, way, "cac:Country", "cbc:IdentificationCode") != "RO",
            lambda: _text(node, way, "cbc:CountrySubentity") != "RO-B",
            lambda: _text(node, way, "cbc:CityName") in SECTORS,
        )

    return holds, f"{address}/cbc:CityName".lstrip("/")


def _county_is_of_the_list(address: str) -> tuple[Holds, str]:
    """Country RO: the county is a code of ISO 3166-2:RO."""
    way = steps(address)

    def holds(node: Node, _: Document) -> bool:
        return any_holds(
            lambda: _text(node, way, "cbc:CountrySubentity") in COUNTIES,
            lambda: _text(node, way, "cac:Country", "cbc:IdentificationCode") != "RO",
        )

    return holds, f"{address}/cbc:CountrySubentity".lstrip("/")


# ANAF prints BR-RO-080 for 081 and 082, BR-RO-090 for 091 and 092, BR-RO-100 for 101, BR-RO-110 for 111
_stated("BR-RO-081", "BT-35", SELLER, "cbc:StreetName")
_stated("BR-RO-082", "BT-50", BUYER, "cbc:StreetName")
_stated("BR-RO-091", "BT-37", SELLER, "cbc:CityName")
_stated("BR-RO-092", "BT-52", BUYER, "cbc:CityName")
family.add("BR-RO-100", "BT-37", *_city_of_bucharest_is_a_sector(SELLER), within=(SELLER,))
family.add("BR-RO-101", "BT-52", *_city_of_bucharest_is_a_sector(BUYER), within=(BUYER,))
family.add("BR-RO-110", "BT-39", *_county_is_of_the_list(SELLER), within=(SELLER,))
family.add("BR-RO-111", "BT-54", *_county_is_of_the_list(BUYER), within=(BUYER,))

# the tax representative and the place of delivery: the context is the address; of invoices alone (see the contexts).
# ANAF prints BR-RO-200 for 202 and BR-RO-210 for 212
_stated("BR-RO-140", "BT-64", "", "cbc:StreetName")
_stated("BR-RO-150", "BT-66", "", "cbc:CityName")
family.add("BR-RO-160", "BT-66", *_city_of_bucharest_is_a_sector(""))
family.add("BR-RO-170", "BT-68", *_county_is_of_the_list(""))
_stated("BR-RO-180", "BT-75", "", "cbc:StreetName")
_stated("BR-RO-201", "BT-77", "", "cbc:CityName")
family.add("BR-RO-202", "BT-77", *_city_of_bucharest_is_a_sector(""))
_stated("BR-RO-211", "BT-79", "", "cbc:CountrySubentity")
family.add("BR-RO-212", "BT-79", *_county_is_of_the_list(""))

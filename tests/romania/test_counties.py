"""Counties and sectors from what people and ANAF's register write."""

import pytest

from punte.romania.counties import BUCHAREST, city_for_bucharest, counties, county_for, sectors


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Cluj", "RO-CJ"),
        ("CJ", "RO-CJ"),
        ("ro-cj", "RO-CJ"),
        ("JUD. CLUJ", "RO-CJ"),
        ("judeţul Iaşi", "RO-IS"),  # with the old cedillas
        ("județul Iași", "RO-IS"),
        ("SALAJ", "RO-SJ"),
        ("Bistriţa Năsăud", "RO-BN"),
        ("MUNICIPIUL BUCUREŞTI", "RO-B"),
        ("B", "RO-B"),
        ("Caraș - Severin", "RO-CS"),
    ],
)
def test_a_county_is_known_by_name_car_code_or_iso_code(written, code):
    assert county_for(written).code == code


@pytest.mark.parametrize("written", ["", "Hogwarts", "XX", "Cluj-Napoca"])
def test_what_is_no_county_is_none(written):
    assert county_for(written) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Sector 3 Mun. Bucureşti", "SECTOR3"),  # as ANAF's register writes it
        ("București, sectorul 1", "SECTOR1"),
        ("SECTOR6", "SECTOR6"),
        ("Sect. 2", "SECTOR2"),
        ("București S4", "SECTOR4"),
        ("București", None),  # which one? the person must say
        ("Sector 7", None),
        ("Sector 12", None),
        ("Str. Sectorului 12", None),
    ],
)
def test_the_sector_named_in_a_text(written, code):
    assert city_for_bucharest(written) == code


def test_there_are_42_counties_in_order_and_6_sectors():
    names = [county.name for county in counties()]
    assert len(names) == 42
    assert (names[0], names[-1]) == ("Alba", "Vrancea")
    assert county_for("București").code == BUCHAREST
    assert [city_for_bucharest(sector.name) for sector in sectors()] == [sector.code for sector in sectors()]
    assert not any(cedilla in name for name in names for cedilla in "şţŞŢ")

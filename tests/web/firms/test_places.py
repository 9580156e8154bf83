"""Counties, sectors and localities."""

import pytest

from punte.web.firms.places import NotASector, city_of, counties


@pytest.mark.parametrize(
    ("county", "city", "written"),
    [
        ("RO-B", "Sector 3 Mun. București", "SECTOR3"),  # as the register answers
        ("RO-B", "SECTOR3", "SECTOR3"),
        ("RO-B", "București, sectorul 6", "SECTOR6"),
        ("RO-CJ", "Mun. Cluj-Napoca", "Cluj-Napoca"),
        ("RO-CJ", "Municipiul Turda", "Turda"),
        ("RO-PH", "Orș. Sinaia", "Sinaia"),
        ("RO-PH", "Oraș Sinaia", "Sinaia"),
        ("RO-TM", "Sat Dumbrăvița Com. Dumbrăvița", "Dumbrăvița"),
        ("RO-CJ", "Sat Luna de Sus Com. Florești", "Luna de Sus, com. Florești"),
        ("RO-BH", "Oradea", "Oradea"),  # begins with Or, is no town's abbreviation
        ("RO-VL", "Orașu Nou", "Orașu Nou"),
        ("RO-MS", "Sector 3", "Sector 3"),  # outside Bucharest it is a name like another
    ],
)
def test_a_city_is_written_as_ro_cius_wants_it(county, city, written):
    assert city_of(county, city) == written


@pytest.mark.parametrize("city", ["București", "", "Sector 7", "SECTOR0", "Sectorul 12"])
def test_bucharest_without_its_sector_is_refused(city):
    with pytest.raises(NotASector):
        city_of("RO-B", city)


def test_the_counties_are_42_in_the_order_of_the_alphabet():
    names = [name for _, name in counties()]
    assert len(names) == 42  # 41 and Bucharest
    assert (names[0], names[-1]) == ("Alba", "Vrancea")
    assert names.index("Sălaj") < names.index("Satu Mare")
    assert names.index("Iași") < names.index("Ilfov")

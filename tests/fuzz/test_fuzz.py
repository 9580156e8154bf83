"""A short share of `make fuzz`: the same files and mutants, smaller and fewer, always of the same seed."""

import pytest

from fuzz.hostile import crowds, giants, mutated, tricks
from fuzz.trial import try_doors
from punte.en16931 import NotUbl
from punte.romania import check

SMALL = 32 * 1024
HOSTILE = dict([*tricks(), *giants(SMALL), *crowds(SMALL)])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_turned_away_or_judged(name):
    try_doors(HOSTILE[name])


def test_mutants_are_turned_away_or_judged():
    outcomes = [try_doors(mutated(f"tests:{n}")) for n in range(150)]
    assert 30 < sum(outcomes) < 145  # both kinds are met


@pytest.mark.parametrize("name", [name for name in HOSTILE if "entit" in name or "dtd" in name or "device" in name])
def test_no_document_type_is_taken(name):
    with pytest.raises(NotUbl):
        check(HOSTILE[name])


def test_a_crowd_of_attributes_is_turned_away():
    with pytest.raises(NotUbl, match="200 attributes"):
        check(HOSTILE["attributes"])

"""The default judge: the rules of EN 16931 and RO_CIUS, in ANAF's words."""

from pathlib import Path

import pytest

from punte.anafsim import NotTaken
from punte.anafsim.judge import by_the_rules

from .conftest import CLIENT, SRL, Visitor

EXAMPLES = Path(__file__).parents[1] / "data" / "ubl" / "examples"


def test_what_is_no_invoice_is_not_taken() -> None:
    with pytest.raises(NotTaken):
        by_the_rules(b"<x/>")


def test_what_the_schema_refuses_is_not_taken() -> None:
    xml = (EXAMPLES / "minimal-invoice.xml").read_bytes().replace(b">100.00<", b">a hundred<")
    with pytest.raises(NotTaken, match="UBL-TYPE"):
        by_the_rules(xml)


def test_an_invoice_that_breaks_rules_breaks_them_by_their_official_names() -> None:
    faults = by_the_rules((EXAMPLES / "minimal-invoice.xml").read_bytes().replace(b">RON<", b">ROL<"))
    assert any(fault.startswith("tipAssert=FailedAssert; codEroare=BR-") for fault in faults)
    assert not any("None" in fault for fault in faults)


def test_a_good_invoice_is_accepted_and_a_changed_one_is_not(ilinca: Visitor) -> None:
    ilinca.sim.world.judge = by_the_rules
    good = (EXAMPLES / "minimal-invoice.xml").read_bytes()
    good = good.replace(b"12345674", SRL.encode()).replace(b"23456783", CLIENT.encode())
    wrong = good.replace(b"EX 0001", b"EX 0002").replace(b"RO-CJ", b"RO-XX")
    for xml in (good, wrong):
        ilinca.upload(xml, cif=SRL)
    ilinca.advance(3600)
    first, second = ilinca.sim.filed
    assert (first["state"], first["errors"]) == ("ok", [])
    assert second["state"] == "nok"
    assert any("codEroare=BR-RO-110" in error for error in second["errors"]), second["errors"]

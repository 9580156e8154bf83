"""The documents freelancers and small firms send pass the official rules as they are written."""

import pytest

from en16931.ubl.usual import USUAL
from punte.en16931 import write_ubl
from punte.en16931.ubl.document import parse
from punte.en16931.ubl.structure import faults
from punte.romania.cius.check import check


@pytest.mark.parametrize("name", USUAL)
def test_a_usual_document_has_no_finding(name):
    xml = write_ubl(USUAL[name]())
    assert check(xml).findings == ()
    assert faults(parse(xml)) == ()


def test_a_fault_of_structure_is_reported_apart_from_the_rules():
    xml = write_ubl(USUAL["vat-payer-21-and-11"]()).replace(b"<cbc:DueDate>", b"<cbc:EndDate/><cbc:DueDate>")
    report = check(xml)
    assert [fault.rule for fault in report.structure] == ["UBL-PLACE"]
    assert not any(finding.rule.startswith("UBL-PLACE") for finding in report.findings)

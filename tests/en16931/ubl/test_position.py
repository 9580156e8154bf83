"""Where a fault of structure stands: line and column of the start tag, whatever prefixes and encoding."""

import pytest

from punte.en16931.ubl.document import parse
from punte.en16931.ubl.position import beginnings
from punte.en16931.ubl.structure import faults
from punte.romania import check

XML = """<?xml version="1.0" encoding="UTF-8"?>
<i:Invoice xmlns:i="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <b:ID>ș</b:ID><b:IssueDate>ieri</b:IssueDate>
  <b:Note>a</b:Note> <b:Note lang="ro">b</b:Note>
    <b:Nonsense/>
</i:Invoice>
"""


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-2"])
def test_faults_of_structure_have_line_and_column(encoding):
    xml = XML.replace("UTF-8", encoding).replace("ș", "ş").encode(encoding)
    found = {fault.location: fault.rule for fault in faults(parse(xml))}
    places = beginnings(xml, found)
    assert {found[location]: place for location, place in places.items() if found[location] != "UBL-MISSING"} == {
        "UBL-TYPE": (4, 17),  # <b:IssueDate>: „ieri” is no date
        "UBL-ATTRIBUTE": (5, 22),  # the second note, in the same line
        "UBL-UNKNOWN": (6, 5),
    }
    assert places["/Invoice/cac:LegalMonetaryTotal"] == (2, 1)  # missing: where what misses it begins


def test_faults_of_structure_are_counted_apart():
    report = check(XML.encode())
    assert {fault.rule[:4] for fault in report.structure} == {"UBL-"}
    assert not set(report.structure) & set(report.findings)
    assert "UBL-TYPE" not in {finding.rule for finding in report.fatal}

"""The documents freelancers and small firms send pass the official rules as they are written."""

import pytest

from en16931.ubl.usual import USUAL
from punte.en16931 import write_ubl
from punte.en16931.ubl import parse
from punte.en16931.ubl.structure import faults
from punte.romania.cius.check import check


@pytest.mark.parametrize("name", USUAL)
def test_a_usual_document_has_no_finding(name):
    xml = write_ubl(USUAL[name]())
    assert check(xml).findings == ()
    assert faults(parse(xml)) == ()

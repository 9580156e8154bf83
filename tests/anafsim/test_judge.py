"""The default judge: the rules of EN 16931 and RO_CIUS, in ANAF's words."""

import pytest

from punte.anafsim import NotTaken
from punte.anafsim.judge import by_the_rules

from .conftest import invoice

romania = pytest.importorskip("punte.romania")
pytestmark = pytest.mark.skipif(not hasattr(romania, "check"), reason="punte.romania.check is not here yet")


def test_what_is_no_invoice_is_not_taken() -> None:
    with pytest.raises(NotTaken):
        by_the_rules(b"<x/>")


def test_an_invoice_without_almost_anything_breaks_rules_named_as_anaf_names_them() -> None:
    faults = by_the_rules(invoice())
    assert any(fault.startswith("tipAssert=FailedAssert; codEroare=BR-") for fault in faults)

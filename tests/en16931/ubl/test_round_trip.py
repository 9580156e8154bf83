"""What is written is read back, the whole model over; what was not kept is named."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings

from en16931.ubl.invoices import invoices
from punte.en16931 import Invoice, read_ubl, unmodelled, write_ubl

EXAMPLES = Path(__file__).parents[2] / "data" / "ubl" / "examples"
whole_model = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@whole_model
@given(invoices)
def test_any_invoice_is_read_back_as_it_was(invoice: Invoice):
    assert read_ubl(write_ubl(invoice)) == invoice


@whole_model
@given(invoices)
def test_equal_invoices_give_equal_bytes_and_nothing_is_written_that_is_not_kept(invoice: Invoice):
    xml = write_ubl(invoice)
    assert write_ubl(read_ubl(xml)) == xml
    assert unmodelled(xml) == ()

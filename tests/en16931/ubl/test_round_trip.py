"""What is written is read back, the whole model over; what was not kept is named."""

from dataclasses import fields

from hypothesis import HealthCheck, Phase, given, settings

from en16931.ubl.invoices import invoices
from punte.en16931 import Invoice, read_ubl, unmodelled, write_ubl

# Without shrinking: that of a whole invoice takes minutes, and the names of the fields say enough.
whole_model = settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def differences(one: Invoice, other: Invoice) -> dict[str, tuple[object, object]]:
    names = (field.name for field in fields(Invoice))
    return {name: pair for name in names if (pair := (getattr(one, name), getattr(other, name)))[0] != pair[1]}


@whole_model
@given(invoices)
def test_any_invoice_is_read_back_as_it_was(invoice: Invoice):
    assert differences(read_ubl(write_ubl(invoice)), invoice) == {}


@whole_model
@given(invoices)
def test_equal_invoices_give_equal_bytes_and_nothing_is_written_that_is_not_kept(invoice: Invoice):
    xml = write_ubl(invoice)
    assert write_ubl(read_ubl(xml)) == xml
    assert unmodelled(xml) == ()

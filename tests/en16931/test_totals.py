"""Line amounts, VAT breakdown and totals, each with its sum written out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punte.en16931 import AllowanceCharge, Item, Line, Price, VatBreakdown
from punte.en16931.totals import compute, line_net_amount


def line(net: str, category: str = "S", rate: str | None = "21") -> Line:
    return Line(
        identifier="1",
        quantity=Decimal(1),
        unit="H87",
        net_amount=Decimal(net),
        price=Price(net=abs(Decimal(net))),
        vat_category=category,
        vat_rate=None if rate is None else Decimal(rate),
        item=Item(name="Produs"),
    )


def group(category: str, rate: str | None, taxable: str, tax: str) -> VatBreakdown:
    return VatBreakdown(
        category=category,
        rate=None if rate is None else Decimal(rate),
        taxable_amount=Decimal(taxable),
        tax_amount=Decimal(tax),
    )


@pytest.mark.parametrize(
    ("quantity", "price", "base", "allowances", "charges", "net"),
    [
        ("3", "10.00", "1", "1.50", "0", "28.50"),  # 3 × 10 − 1.50
        ("10", "150", "1", "0", "0", "1500.00"),
        ("0.5", "0.01", "1", "0", "0", "0.01"),  # 0.005: half a ban, away from zero
        ("-0.5", "0.01", "1", "0", "0", "-0.01"),  # and so for what is given back
        ("250", "12.345", "1000", "0", "0", "3.09"),  # 250 × 12.345 ÷ 1000 = 3.08625
        ("1", "10", "3", "0", "0.01", "3.34"),  # 3.333… + 0.01
        ("-0.001", "1", "1", "0", "0", "0.00"),  # a zero without sign
        ("123456789.123456789", "9876543210.987654321", "1", "0", "0", "1219326312467611632.36"),  # rounded once
    ],
)
def test_line_net_amount(quantity, price, base, allowances, charges, net):
    amount = line_net_amount(*map(Decimal, (quantity, price, base, allowances, charges)))
    assert str(amount) == net


@pytest.mark.parametrize("base", ["0", "-1"])
def test_a_price_is_for_a_quantity_above_zero(base):
    with pytest.raises(ValueError, match="BT-149"):
        line_net_amount(Decimal(1), Decimal(1), Decimal(base))


def test_vat_is_reckoned_on_the_sum_of_each_rate_and_the_breakdown_begins_with_the_higher():
    totals, breakdown = compute([line("0.13", rate="11"), line("33.33"), line("33.33"), line("33.34", rate="21.00")])
    # 100.00 × 21 % = 21.00 (three lines of their own would give 7.00 + 7.00 + 7.00); 0.13 × 11 % = 0.0143
    assert breakdown == (group("S", "21", "100.00", "21.00"), group("S", "11", "0.13", "0.01"))
    assert (totals.line_net_amount, totals.vat) == (Decimal("100.13"), Decimal("21.01"))
    assert totals.with_vat == totals.due_for_payment == Decimal("121.14")
    assert totals.allowances is totals.charges is totals.paid is None


def test_allowances_and_charges_of_the_document_move_the_taxable_amount_of_their_own_rate():
    totals, breakdown = compute(
        [line("200.00"), line("50.00", rate="11")],
        allowances=[AllowanceCharge(amount=Decimal("20.00"), vat_category="S", vat_rate=Decimal(21))],
        charges=[AllowanceCharge(amount=Decimal("5.00"), vat_category="S", vat_rate=Decimal(11))],
        paid=Decimal("100.00"),
        rounding=Decimal("0.10"),
    )
    # 200 − 20 = 180 × 21 % = 37.80; 50 + 5 = 55 × 11 % = 6.05
    assert breakdown == (group("S", "21", "180.00", "37.80"), group("S", "11", "55.00", "6.05"))
    assert totals.without_vat == Decimal("235.00")  # 250 − 20 + 5
    assert totals.with_vat == Decimal("278.85")  # 235 + 43.85
    assert totals.due_for_payment == Decimal("178.95")  # 278.85 − 100 + 0.10


def test_outside_vat_there_is_no_rate_no_tax_and_a_reason():
    totals, breakdown = compute(
        [line("1500.00", "O", None), line("10.00", "O", "0")], exemptions={("O", None): (None, "VATEX-EU-O")}
    )
    (outside,) = breakdown
    assert (outside.rate, outside.tax_amount, outside.exemption_reason_code) == (None, Decimal("0.00"), "VATEX-EU-O")
    assert outside.taxable_amount == totals.with_vat == Decimal("1510.00")
    assert totals.vat == Decimal("0.00")


def test_a_storno_has_the_totals_of_its_invoice_with_the_other_sign():
    totals, breakdown = compute([line("-0.50", rate="5")])
    assert breakdown == (group("S", "5", "-0.50", "-0.03"),)  # −0.025, away from zero
    assert totals.due_for_payment == Decimal("-0.53")


def test_the_vat_of_an_invoice_in_euro_is_told_in_lei():
    totals, _ = compute([line("100.00")], accounting_rate=Decimal("5.0915"))
    assert totals.vat_in_accounting_currency == Decimal("106.92")  # 21.00 × 5.0915 = 106.9215


def test_an_allowance_of_the_document_without_vat_category_is_refused():
    with pytest.raises(ValueError, match="BT-95"):
        compute([line("1.00")], allowances=[AllowanceCharge(amount=Decimal(1))])


net_amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2).map(str)
any_lines = st.lists(
    st.builds(line, net_amounts, st.just("S"), st.sampled_from(["21", "21.00", "11", "9.5"]))
    | st.builds(line, net_amounts, st.sampled_from(["E", "AE"]), st.just("0"))
    | st.builds(line, net_amounts, st.just("O"), st.none()),
    max_size=12,
)


@given(any_lines, st.randoms())
def test_totals_do_not_depend_on_the_order_of_the_lines(lines, random):
    shuffled = random.sample(lines, len(lines))
    # repr too: 21 and 21.00 are equal, and must not depend on which came first
    assert repr(compute(shuffled)) == repr(compute(lines))


@given(any_lines)
def test_every_sum_is_exact_to_the_ban(lines):
    totals, breakdown = compute(lines)
    assert totals.line_net_amount == sum(each.net_amount for each in lines)
    assert sum(each.taxable_amount for each in breakdown) == totals.without_vat == totals.line_net_amount
    assert totals.vat == sum(each.tax_amount for each in breakdown)
    assert totals.with_vat == totals.without_vat + totals.vat == totals.due_for_payment
    assert len({(each.category, each.rate) for each in breakdown}) == len(breakdown)
    for each in breakdown:  # no more than half a ban from the exact product
        assert abs(each.tax_amount - each.taxable_amount * (each.rate or 0) / 100) <= Decimal("0.005")

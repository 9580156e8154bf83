"""The rates of each day, and the words where no VAT is charged."""

from datetime import date
from decimal import Decimal

import pytest

from punte.en16931 import VatCategory
from punte.romania.vat import exemptions, is_known_rate, rates


@pytest.mark.parametrize(
    ("on", "percents"),
    [
        (date(2016, 12, 31), []),
        (date(2025, 7, 31), [19, 9, 5]),
        (date(2025, 8, 1), [21, 11, 9]),  # 9 % for homes under contract before
        (date(2026, 7, 31), [21, 11, 9]),
        (date(2026, 8, 1), [21, 11]),
        (date(2026, 11, 22), [21, 11]),
    ],
)
def test_the_rates_in_force_on_a_day(on, percents):
    assert [rate.percent for rate in rates(on)] == percents
    assert all("141/2025" in rate.act or rate.end for rate in rates(on))


def test_a_correction_may_carry_the_rate_of_its_day():
    assert is_known_rate(Decimal("19.00"))
    assert not is_known_rate(Decimal(20))


def test_a_small_business_says_article_310_in_a_note():
    exemption = exemptions()["small_business"]
    assert (exemption.category, exemption.code) == (VatCategory.OUTSIDE, "VATEX-EU-O")
    assert exemption.as_note
    assert "art. 310" in exemption.legend


def test_every_legend_fits_where_it_goes():
    for exemption in exemptions().values():
        assert len(exemption.legend) <= (300 if exemption.as_note else 100)
        assert not set("şţŞŢ") & set(exemption.legend)

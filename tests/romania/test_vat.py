"""The rates of each day, and the words where no VAT is charged."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from punte.en16931 import VatCategory
from punte.romania.dated import day, rows
from punte.romania.vat import all_cases, exemptions, in_union, is_known_rate, limit, rates


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


def test_every_case_says_all_it_must_in_both_languages():
    for slug, case in all_cases().items():
        assert case.label["ro"] != case.label["en"], slug
        assert case.question["ro"].endswith("?"), slug
        assert case.question["en"].endswith("?"), slug
        assert (case.exemption is None) == bool(case.rate), slug
        assert not case.minimum or limit(case.minimum, case.start), slug


@pytest.mark.parametrize(
    ("name", "on", "lei"),
    [
        ("small_business", date(2025, 8, 31), "300000"),
        ("small_business", date(2025, 9, 1), "395000"),
        ("on_collection", date(2026, 3, 1), "5000000"),
        ("on_collection", date(2027, 1, 1), "5500000"),
        ("reverse_charge_goods", date(2026, 12, 31), "22500"),
        ("sgr_deposit", date(2026, 11, 22), "0.50"),
    ],
)
def test_an_amount_of_the_law_is_that_of_its_day(name, on, lei):
    assert limit(name, on).lei == Decimal(lei)


def test_no_two_rows_of_the_same_law_hold_on_one_day():
    spans: dict[str, list[tuple[date, date]]] = {}
    for table, key in (("vat_limits.tsv", "name"), ("duties.tsv", "key")):
        for row in rows(table):
            spans.setdefault(row[key], []).append((date.fromisoformat(row["from"]), day(row["to"]) or date.max))
    for name, held in spans.items():
        for (_start, end), (start, _end) in pairwise(sorted(held)):
            assert end < start, name


@pytest.mark.parametrize(
    ("country", "member"), [("DE", True), ("GR", True), ("RO", False), ("GB", False), ("ZZ", False)]
)
def test_the_other_states_of_the_union(country, member):
    assert in_union(country) is member

"""Values as XPath reads them, where Python would read otherwise."""

from decimal import Decimal

import pytest

from punte.en16931.rules import values
from punte.en16931.rules.logic import all_hold, any_holds
from punte.en16931.rules.values import NoVerdict


@pytest.mark.parametrize(
    ("text", "number"),
    [("10.50", "10.50"), (" 5. ", "5"), (".5", "0.5"), ("+5", "5"), ("-0", "0"), ("\n7\t", "7")],
)
def test_decimals_in_all_their_spellings(text, number):
    assert values.decimal(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", " ", "1e3", "NaN", "INF", "1_000", "١٢", "1,5", "0x10", "1 0", "\u00a05"])
def test_what_python_reads_as_a_number_and_xpath_does_not(text):
    with pytest.raises(NoVerdict):
        values.decimal(text)


@pytest.mark.parametrize(("text", "number"), [("1e3", 1000.0), (" INF ", float("inf")), ("-INF", float("-inf"))])
def test_a_comparison_with_a_plain_number_reads_doubles(text, number):
    assert values.double(text) == number


def test_nan_is_not_below_zero():
    assert values.at_least_zero("NaN")
    assert not values.at_least_zero("-INF")


@pytest.mark.parametrize(
    ("number", "rounded"),
    [
        ("1.005", "1.01"),
        ("-1.005", "-1.00"),  # halves go towards plus infinity: floor(-100.5 + 0.5) = -100
        ("-100.005", "-100.00"),
        ("-1.0051", "-1.01"),
        ("2", "2.00"),
    ],
)
def test_halves_round_towards_plus_infinity(number, rounded):
    assert values.round2(Decimal(number)) == Decimal(rounded)


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [(" a  b ", "a b"), ("a\r\n\tb", "a b"), ("\u00a0", "\u00a0"), ("a\u2003b", "a\u2003b"), ("", "")],
)
def test_only_four_characters_are_white_space(text, trimmed):
    assert values.trim(text) == trimmed


@pytest.mark.parametrize(
    ("text", "fits"),
    [("21.000", False), ("10.50 ", False), ("1.2.3", False), ("10.50", True), ("10.", True), ("10", True), ("", True)],
)
def test_decimal_places_are_counted_on_the_raw_text(text, fits):
    assert values.has_two_decimals(text) == fits


@pytest.mark.parametrize("text", ["2025-01-05", "2024-02-29", "0000-01-01", "2025-01-05Z", "2025-01-05+02:00"])
def test_days_of_the_calendar(text):
    assert values.is_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "20250105",
        "2025-W02-3",
        "2023-02-29",
        "2025-13-01",
        "2025-1-5",
        "２025-01-05",
        "02025-01-05",
        "",
        "9" * 5000 + "-01-01",
    ],
)
def test_what_is_no_day(text):
    assert not values.is_date(text)


def test_days_compare_across_time_zones():
    # midnight in Bucharest comes two hours before midnight in Greenwich
    assert values.day("2025-01-05+02:00") < values.day("2025-01-05Z") < values.day("2025-01-06")


def _stops() -> bool:
    raise NoVerdict(values.SEVERAL)


def test_an_operand_that_stops_is_forgiven_where_another_decides():
    assert any_holds(_stops, lambda: True)
    assert not all_hold(_stops, lambda: False)
    with pytest.raises(NoVerdict):
        any_holds(_stops, lambda: False)
    with pytest.raises(NoVerdict):
        all_hold(lambda: True, _stops)

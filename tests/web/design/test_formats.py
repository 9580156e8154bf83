from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from punte.web.design import formats
from punte.web.invoices.fields import parse_number

NB = "\u00a0"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("1234.56"), "1.234,56"),
        (Decimal("0"), "0,00"),
        (Decimal("-605"), "-605,00"),  # a storno
        (Decimal("0.005"), "0,01"),  # halves away from zero, as the norm rounds
        (Decimal("-0.005"), "-0,01"),
        (Decimal("1000000"), "1.000.000,00"),
    ],
)
def test_amounts_have_two_decimals_and_points_between_thousands(value: Decimal, shown: str) -> None:
    assert formats.amount(value) == shown


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (formats.money(Decimal("1234.56")), f"1.234,56{NB}lei"),
        (formats.money(Decimal("90"), "EUR"), f"90,00{NB}EUR"),
        (formats.percent(Decimal("21.00")), f"21{NB}%"),
        (formats.percent(Decimal("5.5")), f"5,5{NB}%"),
        (formats.number(Decimal("1234.5")), "1.234,5"),
        (formats.long_date(date(2026, 11, 22)), "22 noiembrie 2026"),
        (formats.short_date(date(2026, 11, 22)), "22 nov."),
        (formats.short_date(date(2026, 5, 3)), "3 mai"),
    ],
)
def test_units_follow_a_space_that_does_not_break(shown: str, expected: str) -> None:
    assert shown == expected


def test_instants_are_shown_in_bucharest() -> None:
    late = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # 00:30 the next day, EET
    assert (formats.long_date(late), formats.clock(late)) == ("23 noiembrie 2026", "00:30")
    assert formats.moment(late) == "23 nov., 00:30"


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 facturi"),
        (1, "1 factură"),
        (2, "2 facturi"),
        (19, "19 facturi"),
        (20, "20 de facturi"),
        (100, "100 de facturi"),
        (101, "101 facturi"),  # CLDR: the last two digits decide, 1 to 19 take no "de"
        (119, "119 facturi"),
        (120, "120 de facturi"),
        (1000, "1.000 de facturi"),
    ],
)
def test_counts_take_de_from_twenty_on(count: int, shown: str) -> None:
    assert formats.plural(count, "factură", "facturi") == shown.replace(" ", NB)


@pytest.mark.parametrize(
    ("value", "registered", "shown"),
    [
        ("41287658", False, "41287658"),
        ("41287658", True, f"RO{NB}41287658"),
        ("RO33174208", False, f"RO{NB}33174208"),
        (" ro 33174208 ", True, f"RO{NB}33174208"),
    ],
)
def test_a_cui_keeps_its_prefix_apart(value: str, registered: bool, shown: str) -> None:
    assert formats.cui(value, registered) == shown


# --- in English ---


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (lambda: formats.amount(Decimal("1234.56")), f"1{NB}234.56"),
        (lambda: formats.money(Decimal("-1234567.5")), f"-1{NB}234{NB}567.50{NB}lei"),
        (lambda: formats.money(Decimal("90"), "EUR"), f"90.00{NB}EUR"),
        (lambda: formats.percent(Decimal("5.5")), f"5.5{NB}%"),
        (lambda: formats.number(Decimal("1234.5")), f"1{NB}234.5"),
        (lambda: formats.long_date(date(2026, 11, 22)), "22 November 2026"),
        (lambda: formats.short_date(date(2026, 5, 3)), "3 May"),
        (lambda: formats.moment(datetime(2026, 11, 22, 22, 30, tzinfo=UTC)), "23 Nov, 00:30"),
        (lambda: formats.plural(1, "invoice", "invoices"), f"1{NB}invoice"),
        (lambda: formats.plural(20, "invoice", "invoices"), f"20{NB}invoices"),  # no "de"
        (lambda: formats.plural(1000, "invoice", "invoices"), f"1{NB}000{NB}invoices"),
    ],
)
def test_in_english_a_point_marks_decimals_and_no_comma_is_ever_written(shown, expected: str) -> None:
    with translation.override("en"):
        assert shown() == expected


@pytest.mark.parametrize("value", ["1234.56", "0.05", "-1000000.00", "7.00"])
@pytest.mark.parametrize("language", ["ro", "en"])
def test_an_amount_typed_back_as_it_was_read_is_the_same_amount(value: str, language: str) -> None:
    with translation.override(language):
        assert parse_number(formats.amount(Decimal(value))) == Decimal(value)

"""Numbers and dates as people type them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from punte.web.invoices.fields import DayField, NumberField, TextField, parse_number, typed

price = NumberField(what="Prețul", places=6, digits=12, example="1.234,50")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234,5", "1234.5"),
        ("1.234,50", "1234.50"),
        ("1.234", "1234"),  # three digits after one dot: thousands, as Romanian writes them
        ("100.5", "100.5"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("−2", "-2"),
        (",5", "0.5"),
    ],
)
def test_numbers_are_read_the_romanian_way(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["abc", "1,2,3", "1.23.456", "1.234.5", "12 lei", "1e5", "NaN", "--1", "1,234.50", "٣"]
)
def test_what_cannot_be_told_is_refused_never_guessed(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_number(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**11), max_value=10**11, places=6))
def test_what_is_shown_reads_back_as_it_was(number):
    assert parse_number(typed(number, 2)) == number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,1234567", "cel mult 6 zecimale; ați scris 7"),
        ("abc", "„abc” nu este un număr"),
        ("", "Prețul lipsește"),
        ("1000000000000", "prea mare"),
    ],
)
def test_a_wrong_number_is_answered_with_what_to_do(text, words):
    with pytest.raises(ValidationError) as wrong:
        price.clean(text)
    assert words in wrong.value.messages[0]


@pytest.mark.parametrize("text", ["2026-11-22", "22.11.2026", "22/11/2026", " 22.11.2026 "])
def test_days_are_read_from_the_calendar_and_from_the_keyboard(text):
    assert DayField(what="Data").clean(text) == date(2026, 11, 22)


@pytest.mark.parametrize("text", ["31.11.2026", "11.22.2026", "azi", "2026"])
def test_a_day_that_is_not_in_the_calendar_is_named(text):
    with pytest.raises(ValidationError) as wrong:
        DayField(what="Scadența").clean(text)
    assert f"„{text}” nu este o dată" in wrong.value.messages[0]


def test_control_characters_of_pasted_text_do_not_reach_the_xml():
    assert TextField().clean("Siglă\x0b și\x00 culori\x1f") == "Siglă  și  culori"

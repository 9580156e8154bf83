"""The plans as dated data: ours, and an operator's file with its faults."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from punte.web.plans.catalog import Feature, catalog, read

ONE = """
[[plan]]
key = "mic"
name = "Mic"
valid_from = 2026-01-01
month = "10.00"
year = "100.00"
invoices_per_month = 5
features = ["connect", "send"]
"""


def test_ours_offers_the_three_plans_and_a_trial_of_one_of_them():
    today = date(2026, 11, 22)
    offered = catalog().offered(today)
    trial = catalog().trial(today)
    assert [plan.name for plan in offered] == ["Basic", "Pro", "Premium"]
    assert [plan.year for plan in offered] == [10 * plan.month for plan in offered]  # two months for nothing
    assert all(plan.features == frozenset(Feature) for plan in offered)
    assert trial is not None
    assert trial.plan in {plan.key for plan in offered}


def test_a_new_price_holds_from_its_day_and_the_old_one_before(tmp_path: Path):
    file = tmp_path / "plans.toml"
    file.write_text(ONE + ONE.replace("2026-01-01", "2027-01-01").replace('"10.00"', '"12.00"'))
    found = read(file)
    assert [found.offered(day)[0].month for day in (date(2026, 12, 31), date(2027, 1, 1))] == [
        Decimal("10.00"),
        Decimal("12.00"),
    ]
    assert found.offered(date(2025, 12, 31)) == []
    assert found.trial(date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[[plan]]", "[plan"), "not TOML"),
        (('key = "mic"', ""), "[[plan]] 1 lacks key"),
        (('month = "10.00"', 'month = "zece"'), "[[plan]] 1"),
        (('month = "10.00"', "month = 9.999"), "at most two decimals"),
        (('"10.00"', '"-1"'), "the price '-1'"),
        (("invoices_per_month = 5", "invoices_per_month = true"), "whole number"),
        (("2026-01-01", '"azi"'), "must be a date"),
        (('"send"', '"zbor"'), "zbor"),
        (
            ("[[plan]]", '[[trial]]\nvalid_from=2026-01-01\nplan="alt"\ndays=5\n[[plan]]'),
            "a plan that is not there: alt",
        ),
    ],
)
def test_a_wrong_file_names_itself_and_the_entry(tmp_path: Path, change, said):
    file = tmp_path / "plans.toml"
    file.write_text(ONE.replace(*change))
    with pytest.raises(ImproperlyConfigured) as error:
        read(file)
    assert said in str(error.value)
    assert str(file) in str(error.value)


def test_a_file_that_is_not_there_names_the_setting(settings, tmp_path: Path):
    settings.PLANS_FILE = str(tmp_path / "lipsa.toml")
    with pytest.raises(ImproperlyConfigured, match="PUNTE_PLANS_FILE"):
        catalog()

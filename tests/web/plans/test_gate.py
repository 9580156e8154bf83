"""May this firm do this now? Time is moved by hand: the 30 days of the trial are 10 November to 9 December 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from punte.web.plans import ordering
from punte.web.plans.catalog import Feature
from punte.web.plans.gate import Allowed, Refusal, allows
from punte.web.plans.standing import standing

from .conftest import noon

pytestmark = pytest.mark.django_db


# Midnight is Bucharest's: 22:00 UTC in winter.
@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        (datetime(2026, 11, 10, 9, tzinfo=UTC), True),
        (datetime(2026, 12, 9, 21, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 9, 22, 0, tzinfo=UTC), False),
        (datetime(2027, 12, 9, 12, 0, tzinfo=UTC), False),
    ],
)
@pytest.mark.parametrize("feature", list(Feature))
def test_the_trial_ends_at_midnight_in_bucharest(founded, now, allowed, feature):
    assert isinstance(allows(founded, feature, now), Allowed if allowed else Refusal)


def test_a_refusal_says_why_what_to_do_and_where(founded):
    refusal = allows(founded, Feature.SEND, noon(date(2026, 12, 10)))
    assert isinstance(refusal, Refusal)
    assert refusal.sentence == "Perioada de probă a firmei Arcada Studio SRL s-a încheiat pe 9 decembrie 2026."
    assert refusal.now == (
        "Factura a rămas ciornă, cu tot ce ați scris; o puteți trimite îndată ce abonamentul este activ."
    )
    assert (refusal.link, refusal.label) == ("/setari/abonament/", "Mergeți la Abonament")


def test_a_firms_name_cannot_write_html_into_a_refusal(founded):
    founded.name = "<b>Arcada</b>"
    refusal = allows(founded, Feature.SEND, noon(date(2026, 12, 10)))
    assert "&lt;b&gt;Arcada" in refusal.html


def test_an_operator_who_sells_nothing_refuses_nothing(founded, settings):
    settings.PLANS = False
    assert isinstance(allows(founded, Feature.SEND, noon(date(2036, 1, 1)), used=10_000), Allowed)


# The trial is of Pro: 200 a month.
@pytest.mark.parametrize(("used", "allowed"), [(0, True), (199, True), (200, False), (201, False)])
def test_a_plan_counts_what_leaves_in_a_month(founded, used, allowed):
    answer = allows(founded, Feature.SEND, noon(date(2026, 11, 30)), used=used)
    assert isinstance(answer, Allowed if allowed else Refusal)


def test_a_full_month_says_when_it_is_empty_again(founded):
    ordering.activate(founded, "basic", date(2027, 12, 31), noon(date(2026, 12, 1)), "test")
    refusal = allows(founded, Feature.SEND, noon(date(2026, 12, 5)), used=20)
    assert "20 de facturi trimise pe lună" in refusal.sentence.replace("\xa0", " ")
    assert "de la 1 ianuarie 2027" in refusal.now
    assert isinstance(allows(founded, Feature.CONNECT, noon(date(2026, 12, 5)), used=20), Allowed)


def test_premium_does_not_count(founded):
    ordering.activate(founded, "premium", date(2027, 12, 31), noon(date(2026, 12, 1)), "test")
    assert isinstance(allows(founded, Feature.SEND, noon(date(2026, 12, 5)), used=100_000), Allowed)


def test_a_plan_without_the_feature_says_which(founded, settings, tmp_path: Path):
    file = tmp_path / "plans.toml"
    file.write_text(
        '[[plan]]\nkey="citire"\nname="Citire"\nvalid_from=2026-01-01\nmonth="1"\nyear="10"\nfeatures=["connect"]\n'
    )
    settings.PLANS_FILE = str(file)
    now = noon(date(2026, 12, 1))
    assert "nu are încă un abonament" in str(allows(founded, Feature.SEND, now))  # no trial in this file
    ordering.activate(founded, "citire", date(2027, 12, 31), now, "test")
    assert "Abonamentul Citire nu cuprinde trimiterea în SPV." in str(allows(founded, Feature.SEND, now))
    assert isinstance(allows(founded, Feature.CONNECT, now), Allowed)


def test_a_plan_that_the_file_has_lost_holds_nothing_back(founded, settings, tmp_path: Path):
    ordering.activate(founded, "basic", date(2027, 12, 31), noon(date(2026, 12, 1)), "test")
    file = tmp_path / "plans.toml"
    file.write_text('[[plan]]\nkey="alt"\nname="Alt"\nvalid_from=2026-01-01\nmonth="1"\nyear="10"\nfeatures=[]\n')
    settings.PLANS_FILE = str(file)
    assert isinstance(allows(founded, Feature.SEND, noon(date(2026, 12, 5)), used=500), Allowed)


def test_the_latest_activation_is_the_word_in_force(founded):
    first = noon(date(2026, 12, 1))
    ordering.activate(founded, "premium", date(2027, 12, 31), first, "test")
    ordering.activate(founded, "basic", date(2026, 12, 20), first + timedelta(minutes=1), "test")
    assert standing(founded).plan.key == "basic"
    assert isinstance(allows(founded, Feature.SEND, noon(date(2026, 12, 20))), Allowed)
    refusal = allows(founded, Feature.SEND, noon(date(2026, 12, 21)))
    assert refusal.sentence == "Abonamentul Basic al firmei Arcada Studio SRL s-a încheiat pe 20 decembrie 2026."
    assert founded.subscriptions.count() == 2

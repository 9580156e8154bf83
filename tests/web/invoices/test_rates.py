"""BNR's rates: kept, asked for, and refused where they are not known. The simulator answers in BNR's form."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import httpx2
import pytest

from punte.web.config.bnr import bnr
from punte.web.invoices import rates
from punte.web.invoices.models import ExchangeRate

pytestmark = pytest.mark.django_db
BUCHAREST = ZoneInfo("Europe/Bucharest")
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


def kept(day: date, lei: str = "5.0878", currency: str = "EUR", multiplier: int = 1) -> None:
    ExchangeRate.objects.create(published=day, currency=currency, lei=Decimal(lei), multiplier=multiplier)


def test_a_monday_uses_fridays_rate_and_a_friday_thursdays():
    kept(FRIDAY)
    kept(date(2026, 11, 19), "5.0801")
    assert rates.for_day("EUR", MONDAY) == rates.Rate(Decimal("5.0878"), FRIDAY)
    assert rates.for_day("EUR", FRIDAY).lei_per_unit == Decimal("5.0801")


def test_a_rate_for_a_hundred_units_is_told_for_one():
    kept(FRIDAY, "1.3214", "HUF", 100)
    assert rates.for_day("HUF", MONDAY).lei_per_unit == Decimal("0.013214")


def test_an_older_rate_is_not_taken_for_the_one_that_is_missing():
    kept(date(2026, 11, 19))
    with pytest.raises(rates.NoRate, match=r"EUR publicat pe 20\.11\.2026, care se aplică pe 23\.11\.2026"):
        rates.for_day("EUR", MONDAY)


@pytest.mark.parametrize(
    ("day", "published"),
    [
        (date(2026, 12, 2), date(2026, 11, 27)),  # 28, 29 weekend; 30 St Andrew's; 1 National Day
        (date(2026, 4, 14), date(2026, 4, 9)),  # Good Friday, weekend, Easter Monday
    ],
)
def test_holidays_are_no_banking_days(day, published):
    assert rates.published_before(day) == published


def at(anaf, moment: datetime) -> datetime:
    """Set the simulator's clock."""
    now = datetime.fromisoformat(httpx2.get(f"{anaf.control}/clock").json()["now"])
    httpx2.post(f"{anaf.control}/clock", json={"advance": (moment - now).total_seconds()}).raise_for_status()
    return moment


def test_the_worker_asks_once_for_each_banking_day(anaf):
    now = anaf.world.clock.now().astimezone(BUCHAREST)
    assert rates.refresh(now)
    assert not rates.refresh(now)
    found = rates.for_day("EUR", now.date())
    assert found.published == rates.published_before(now.date())
    assert 4 < found.lei_per_unit < 6
    assert ExchangeRate.objects.filter(currency="EUR").count() > 1  # the first time it keeps the year


def test_a_missing_day_is_asked_for_by_hand(anaf):
    day = anaf.world.clock.now().astimezone(BUCHAREST).date() - timedelta(days=200)
    assert rates.fetch("USD", day).published == rates.published_before(day)


def test_bnr_that_does_not_answer_is_said_and_the_round_goes_on(anaf):
    httpx2.post(f"{anaf.control}/faults", json={"kind": "status", "operation": "nbrfxrates", "status": 503})
    with pytest.raises(rates.NoRate):
        rates.fetch("EUR", date(1999, 1, 4))  # no such archive either


def test_without_an_address_nobody_is_asked(settings):
    settings.ANAF, settings.ANAF_PUBLIC, settings.BNR = "custom", "", ""
    assert bnr() is None
    assert not rates.refresh(datetime(2026, 11, 23, 15, tzinfo=BUCHAREST))
    with pytest.raises(rates.NoRate):
        rates.fetch("EUR", MONDAY)


def test_the_address_is_bnrs_own_or_the_one_that_is_given(settings):
    settings.ANAF, settings.BNR = "prod", ""
    assert bnr().latest == "https://www.bnr.ro/nbrfxrates.xml"
    settings.BNR = "https://mirror.example/bnr/"
    assert bnr().archive == "https://mirror.example/bnr/files/xml/years/nbrfxrates{year}.xml"

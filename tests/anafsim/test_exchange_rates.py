"""The National Bank's rates, in its form: published on banking days at one o'clock, the same whenever asked."""

from datetime import UTC, date, datetime
from decimal import Decimal

from punte.anaf.exchange_rates import Bnr, ExchangeRates, rate_in_force

from .conftest import Visitor


def bank(visitor: Visitor) -> ExchangeRates:
    public = visitor.sim.public
    archive = f"{public}/files/xml/years/nbrfxrates{{year}}.xml"
    return ExchangeRates(Bnr(f"{public}/nbrfxrates.xml", archive, visitor.sim.ca_file))


def move_to(visitor: Visitor, moment: datetime) -> None:
    visitor.advance((moment - datetime.now(UTC)).total_seconds())


def test_the_latest_are_of_the_last_banking_day_at_one(ilinca: Visitor) -> None:
    move_to(ilinca, datetime(2026, 11, 23, 10, 30, tzinfo=UTC))  # a Monday, 12:30 in Romania
    assert {rate.published for rate in bank(ilinca).latest()} == {date(2026, 11, 20)}
    ilinca.advance(3600)
    today = bank(ilinca).latest()
    assert {rate.published for rate in today} == {date(2026, 11, 23)}
    euro = next(rate for rate in today if rate.currency == "EUR")
    assert Decimal("5.03") < euro.lei < Decimal("5.14")


def test_a_year_has_the_banking_days_and_no_others(ilinca: Visitor) -> None:
    move_to(ilinca, datetime(2027, 1, 4, 12, 0, tzinfo=UTC))
    rates = bank(ilinca).year(2026)
    days = {rate.published for rate in rates}
    assert date(2026, 11, 30) not in days  # Saint Andrew
    assert date(2026, 11, 28) not in days  # a Saturday
    assert 245 <= len(days) <= 256
    assert rate_in_force(rates, "HUF", date(2026, 12, 1)).published == date(2026, 11, 27)
    assert {rate.multiplier for rate in rates if rate.currency == "HUF"} == {100}


def test_the_rate_of_a_day_is_the_same_whenever_it_is_asked(ilinca: Visitor) -> None:
    move_to(ilinca, datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    then = bank(ilinca).latest()
    ilinca.advance(20 * 86400)
    assert set(then) <= set(bank(ilinca).year(2026))


def test_a_year_that_is_not_there_is_not_found(ilinca: Visitor) -> None:
    assert ilinca.http.get(f"{ilinca.sim.public}/files/xml/years/nbrfxrates2031.xml").status_code == 404

from datetime import date
from decimal import Decimal

import pytest

from anaf.server import Answer
from punte.anaf.errors import Declined, Misconfigured, NotSent, RateLimited, Unwell
from punte.anaf.exchange_rates import Bnr, ExchangeRate, ExchangeRates, NoRate, rate_in_force, read_rates

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


@pytest.fixture
def bnr(anaf) -> ExchangeRates:
    return ExchangeRates(Bnr(f"{anaf.base}/nbrfxrates.xml", f"{anaf.base}/years/nbrfxrates{{year}}.xml"))


def _rate(day: date, lei: str, currency: str = "EUR") -> ExchangeRate:
    return ExchangeRate(published=day, currency=currency, lei=Decimal(lei))


def test_the_latest_rates_are_read_with_their_multiplier(anaf, bnr, bnr_sample):
    anaf.answer(bnr_sample("day.xml"))
    rates = {rate.currency: rate for rate in bnr.latest()}
    assert anaf.requests[0].path == "/nbrfxrates.xml"
    assert rates["EUR"] == _rate(FRIDAY, "5.0871")
    assert (rates["HUF"].lei, rates["HUF"].multiplier) == (Decimal("1.3207"), 100)
    assert rates["HUF"].lei_per_unit == Decimal("0.013207")  # 1.3207 / 100, exact
    assert rates["XAU"].lei == Decimal("598.2214")  # a gram of gold is listed among currencies


def test_a_year_is_a_list_of_days(anaf, bnr, bnr_sample):
    anaf.answer(bnr_sample("year.xml"))
    rates = bnr.year(2026)
    assert anaf.requests[0].path == "/years/nbrfxrates2026.xml"
    assert sorted({rate.published.isoformat() for rate in rates}) == ["2026-11-18", "2026-11-19", "2026-11-20"]
    assert [rate.currency for rate in rates if rate.published == date(2026, 11, 18)] == ["EUR"]  # HUF has a dash there


HISTORY = [
    _rate(date(2026, 11, 19), "5.10"),
    _rate(FRIDAY, "5.20"),
    _rate(MONDAY, "5.30"),
    _rate(FRIDAY, "4.50", "USD"),
]


@pytest.mark.parametrize(
    ("on", "lei"),
    [
        (FRIDAY, "5.10"),  # published on Thursday: Friday's own comes at 13:00 and holds from the day after
        (date(2026, 11, 21), "5.20"),  # Saturday: Friday's
        (date(2026, 11, 22), "5.20"),  # Sunday: Friday's
        (MONDAY, "5.20"),  # Monday: Friday's
        (date(2026, 11, 24), "5.30"),  # Tuesday: Monday's
    ],
)
def test_the_rate_of_a_day_was_published_before_it(on, lei):
    assert rate_in_force(reversed(HISTORY + HISTORY), "EUR", on).lei == Decimal(lei)


@pytest.mark.parametrize(
    ("currency", "on", "why"),
    [
        ("EUR", date(2026, 11, 19), "no rate of EUR was published before 2026-11-19"),
        ("GBP", MONDAY, "no rate of GBP"),
        ("EUR", date(2026, 12, 20), "of 2026-11-23: the days since are missing"),  # an old rate would be a wrong one
    ],
)
def test_a_day_outside_the_history_has_no_rate(currency, on, why):
    with pytest.raises(NoRate, match=why):
        rate_in_force(HISTORY, currency, on)


def test_the_longest_row_of_holidays_is_no_gap():
    """Orthodox Easter 2027: Thursday 29 April, Good Friday, weekend, Easter Monday; Tuesday uses Thursday's."""
    thursday = _rate(date(2027, 4, 29), "5")
    assert rate_in_force([thursday], "EUR", date(2027, 5, 4)) == thursday


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(b"", status=404), Misconfigured),
        (Answer(b"", status=429), RateLimited),
        (Answer(b"<html><title>Eroare</title></html>"), Unwell),
        (Answer(b"", status=500), Unwell),
        (b"", Unwell),
        ("close", Unwell),
        (b"<DataSet/>", Declined),
        (b'<DataSet><Cube date="azi"><Rate currency="EUR">5</Rate></Cube></DataSet>', Declined),
    ],
)
def test_what_is_no_list_is_told_by_what_to_do_next(anaf, bnr, answer, error):
    anaf.answer(answer)
    with pytest.raises(error) as caught:
        bnr.latest()
    assert type(caught.value) is error


@pytest.mark.parametrize(
    "row",
    [
        '<Rate currency="EUR">cinci</Rate>',
        '<Rate currency="EUR">NaN</Rate>',
        '<Rate currency="EUR">0</Rate>',
        '<Rate currency="EUR">-5</Rate>',
        '<Rate currency="">5</Rate>',
        '<Rate currency="EUR" multiplier="0">5</Rate>',
        '<Rate currency="EUR" multiplier="x">5</Rate>',
        '<Rate currency="EUR">-</Rate>',
    ],
)
def test_a_rate_that_is_none_is_never_read_as_one(row):
    with pytest.raises(ValueError, match=r"."):
        read_rates(f'<DataSet><Body><Cube date="2026-11-20">{row}</Cube></Body></DataSet>'.encode())


def test_a_bank_out_of_reach_was_not_asked(anaf, bnr):
    anaf.stop()
    with pytest.raises(NotSent):
        bnr.latest()


def test_a_bank_over_tls_is_believed_by_its_authority_alone(anaf_tls, tls, bnr_sample):
    anaf_tls.answer(bnr_sample("day.xml"))
    address = f"{anaf_tls.base}/nbrfxrates.xml"
    assert ExchangeRates(Bnr(address, ca_file=tls.ca_file)).latest()
    with pytest.raises(NotSent):
        ExchangeRates(Bnr(address)).latest()

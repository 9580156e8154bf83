"""BNR's rates: kept once for all firms, asked for each banking day, and which one an invoice is turned into lei by.

The rate of a day is the one published the banking day before (art. 290 (2) Cod fiscal; docs/anaf/exchange-rates.md).
A rate may also be typed by hand: then `Invoice.exchange_rate_day` stays empty.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from punte.anaf import exchange_rates
from punte.anaf.channel import Timeouts
from punte.anaf.errors import AnafError
from punte.anaf.exchange_rates import LONGEST_PAUSE, ExchangeRates
from punte.romania.calendar import is_working_day
from punte.web.config.bnr import bnr

from .models import ExchangeRate

log = structlog.get_logger("punte.rates")
PUBLISHED_BY = time(13, 15)  # of a banking day, in Bucharest: BNR publishes shortly after 13:00
PATIENCE = Timeouts(connect=3, read=8)  # somebody may be waiting for the page, or an invoice for the worker


@dataclass(frozen=True, slots=True)
class Rate:
    """lei_per_unit  RON for one unit of the currency;  published  the day BNR did, always before the day asked for."""

    lei_per_unit: Decimal
    published: date


class NoRate(LookupError):
    """There is no rate for that day here. The text, for the page, says why and what to do."""


def for_day(currency: str, day: date) -> Rate:
    """The rate for an operation of `day`, out of what is kept. Raises NoRate; asks nobody: `fetch` does."""
    wanted = published_before(day)
    rows = ExchangeRate.objects.filter(currency=currency, published__range=(day - LONGEST_PAUSE, day))
    kept = (
        exchange_rates.ExchangeRate(
            published=row.published, currency=row.currency, lei=row.lei, multiplier=row.multiplier
        )
        for row in rows
    )
    try:
        found = exchange_rates.rate_in_force(kept, currency, day)
    except exchange_rates.NoRate:
        found = None
    if found is None or found.published < wanted:
        raise NoRate(
            _(
                "Nu avem cursul BNR pentru %(currency)s publicat pe %(published)s, care se aplică pe %(day)s. "
                "Cereți-l din nou de la BNR sau scrieți cursul de mână."
            )
            % {"currency": currency, "published": f"{wanted:%d.%m.%Y}", "day": f"{day:%d.%m.%Y}"}
        )
    return Rate(found.lei_per_unit, found.published)


def fetch(currency: str, day: date) -> Rate:
    """The same, asking BNR when it is not kept: one question for the last day, a second for the year. Raises NoRate."""
    try:
        return for_day(currency, day)
    except NoRate:
        if (bank := _bank()) is None:
            raise
    try:
        _keep(bank.latest())
        if not ExchangeRate.objects.filter(published=published_before(day)).exists():
            _keep(bank.year(published_before(day).year))
    except AnafError as error:
        log.warning("BNR gave no rates", error=type(error).__name__)
        raise NoRate(
            _("BNR nu răspunde acum, iar cursul pentru %(currency)s din %(day)s nu e la noi. Scrieți-l de mână.")
            % {"currency": currency, "day": f"{day:%d.%m.%Y}"}
        ) from error
    return for_day(currency, day)


def refresh(now: datetime) -> bool:
    """The worker's round: keep what BNR published last, when it is not kept yet; True when something was asked.

    The first time it keeps the whole year. What BNR does is never an error here: the next round asks again.
    """
    here = timezone.localtime(now)
    tomorrow = here.date() + timedelta(days=1)
    last = published_before(tomorrow if here.time() >= PUBLISHED_BY else here.date())
    if ExchangeRate.objects.filter(published=last).exists() or (bank := _bank()) is None:
        return False
    try:
        if not ExchangeRate.objects.exists():
            _keep(bank.year(last.year))
        _keep(bank.latest())
    except AnafError as error:
        log.warning("BNR gave no rates", error=type(error).__name__)
    return True


def published_before(day: date) -> date:
    """The banking day before `day`: of a Monday, Friday."""
    day -= timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def _bank() -> ExchangeRates | None:
    where = bnr()
    return ExchangeRates(where, timeouts=PATIENCE) if where else None


def _keep(rates: Iterable[exchange_rates.ExchangeRate]) -> None:
    """Write them down; what is kept already stays as it is."""
    ExchangeRate.objects.bulk_create(
        [
            ExchangeRate(published=one.published, currency=one.currency, lei=one.lei, multiplier=one.multiplier)
            for one in rates
        ],
        ignore_conflicts=True,
        batch_size=500,
    )

"""Reference rates of the National Bank of Romania. Source: docs/anaf/exchange-rates.md.

A pure reader, a small client, and one question: which rate holds for a day. Who asks keeps what was read: a year's
archive once, the latest each banking day after 13:00; the functions take any iterable of rates.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from punte.anaf.body import Kind, Unreadable, kind_of, local, read_xml
from punte.anaf.channel import Channel, Reply, Timeouts
from punte.anaf.errors import Declined
from punte.anaf.sentences import gate, unwell

#: Days between two banking days, at the most: around Easter and New Year four or five, and a margin.
LONGEST_PAUSE = timedelta(days=10)


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class ExchangeRate:
    """What one currency cost on the day BNR published it.

    published   the banking day of publication, shortly after 13:00; it *applies* from the day after: `rate_in_force`
    currency    ISO 4217; also XAU (a gram of gold) and XDR
    lei         RON for `multiplier` units, as printed: 1.3140 for HUF with multiplier 100
    """

    published: date
    currency: str
    lei: Decimal
    multiplier: int = 1

    @property
    def lei_per_unit(self) -> Decimal:
        """RON for one unit, exact.

        >>> day = date(2026, 11, 20)
        >>> ExchangeRate(published=day, currency="HUF", lei=Decimal("1.3140"), multiplier=100).lei_per_unit
        Decimal('0.013140')
        """
        return self.lei / self.multiplier


class NoRate(LookupError):
    """No rate of this currency is in force for the day, in the history given."""


def rate_in_force(rates: Iterable[ExchangeRate], currency: str, on: date) -> ExchangeRate:
    """The rate for an operation of the day `on`: the last one published *before* it.

    rates     any history that holds the banking day before `on`; order and repetition do not matter. A single missing
              day cannot be seen from here: whoever knows the banking days compares `published`
    on        the day on which VAT becomes due, not that of a later invoice
    Raises NoRate: none before `on`, or the newest is older than `LONGEST_PAUSE`, so that days are missing in between.
    Source: art. 290 (2) Cod fiscal; HG 1/2016, pt. 35 (1): the last rate communicated by BNR, published the day before
    and valid for the day of the operation. The invoice of a Monday uses Friday's rate.
    """
    earlier = [rate for rate in rates if rate.currency == currency and rate.published < on]
    if not earlier:
        raise NoRate(f"no rate of {currency} was published before {on}, as far as the history goes")
    last = max(earlier)
    if on - last.published > LONGEST_PAUSE:
        raise NoRate(f"the last rate of {currency} before {on} is of {last.published}: the days since are missing")
    return last


@dataclass(frozen=True, slots=True)
class Bnr:
    """Where BNR publishes. `archive` has `{year}` for the year; `ca_file` as in `Hosts`."""

    latest: str = "https://www.bnr.ro/nbrfxrates.xml"
    archive: str = "https://www.bnr.ro/files/xml/years/nbrfxrates{year}.xml"
    ca_file: Path | None = None


class ExchangeRates:
    """Questions to BNR; no authentication.

    Each raises NotSent, Unwell (also for what is no list of rates), Misconfigured (no such address), RateLimited.
    """

    def __init__(self, bnr: Bnr | None = None, *, timeouts: Timeouts | None = None) -> None:
        self._bnr = bnr or Bnr()
        self._timeouts = timeouts

    def latest(self) -> tuple[ExchangeRate, ...]:
        """The rates of the last banking day."""
        return self._ask(self._bnr.latest)

    def year(self, year: int) -> tuple[ExchangeRate, ...]:
        """Every rate published in a year, so far."""
        return self._ask(self._bnr.archive.format(year=year))

    def _ask(self, url: str) -> tuple[ExchangeRate, ...]:
        with Channel(self._bnr, self._timeouts) as channel:
            return read_reply(channel.ask("GET", url))


def read_reply(reply: Reply) -> tuple[ExchangeRate, ...]:
    if (error := gate(reply, "")) is not None:
        raise error
    if reply.status != 200 or kind_of(reply.body) is not Kind.XML:
        raise unwell(reply)
    try:
        return read_rates(reply.body)
    except ValueError as error:
        raise Declined(f"not a list of BNR's: {error}", known=False, body=reply.body) from error


def read_rates(xml: bytes) -> tuple[ExchangeRate, ...]:
    """The rates in BNR's XML, of one day or of a year. A currency without a rate on a day (`-`) is left out.

    Raises ValueError: not that XML, a day or a number that cannot be read, or no rate at all.
    """
    try:
        root = read_xml(xml)
    except Unreadable as error:
        raise ValueError(str(error)) from error
    rates = []
    for cube in (element for element in root.iter() if local(element) == "Cube"):
        published = date.fromisoformat(cube.get("date", ""))
        for rate in (element for element in cube if local(element) == "Rate"):
            printed = (rate.text or "").strip()
            if printed not in ("", "-"):
                rates.append(_rate(published, rate.get("currency", ""), printed, rate.get("multiplier", "1")))
    if not rates:
        raise ValueError("no rate in it")
    return tuple(rates)


def _rate(published: date, currency: str, printed: str, multiplier: str) -> ExchangeRate:
    try:
        lei, units = Decimal(printed), int(multiplier)
    except InvalidOperation as error:
        raise ValueError(f"{currency} of {published}: {printed!r} is no number") from error
    if not (len(currency) == 3 and currency.isalpha() and lei.is_finite() and lei > 0 and units > 0):
        raise ValueError(f"{currency!r} of {published}: {printed!r} for {multiplier!r} is no rate")
    return ExchangeRate(published=published, currency=currency, lei=lei, multiplier=units)

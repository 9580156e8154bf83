"""Reference rates in the form of the National Bank, which is not ANAF: invoices in other currencies need them too.

The numbers are invented: near those of November 2026, moving a little each banking day, the same for a day whenever it
is asked. Published on banking days at 13:00; the archive of a year is there from its first rate on.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import sin
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from punte.romania.calendar import is_working_day

from .answers import xml
from .clock import ROMANIA
from .world import World

#: currency: lei for so many units
RATES: Final = {
    "AUD": ("2.8463", 1), "BGN": ("2.6014", 1), "CAD": ("3.1240", 1), "CHF": ("5.4488", 1), "CZK": ("0.2098", 1),
    "DKK": ("0.6812", 1), "EUR": ("5.0878", 1), "GBP": ("5.7771", 1), "HUF": ("1.3214", 100), "JPY": ("2.8406", 100),
    "MDL": ("0.2588", 1), "NOK": ("0.4327", 1), "PLN": ("1.1985", 1), "SEK": ("0.4621", 1), "TRY": ("0.1034", 1),
    "UAH": ("0.1044", 1), "USD": ("4.3929", 1), "XAU": ("577.1012", 1), "XDR": ("5.9765", 1),
}  # fmt: skip
_MULTIPLIER: Final = ' multiplier="{}"'
OLDEST: Final = 2005  # of the archives
PUBLISHED_AT: Final = 13  # o'clock


async def latest(request: Request, _body: bytes) -> Response:
    """GET /nbrfxrates.xml: the last banking day's."""
    today = _last_published(_now(request))
    return _answer(request, "DR", today, [today])


async def of_year(request: Request, _body: bytes) -> Response:
    """GET /files/xml/years/nbrfxrates2026.xml: every banking day's so far."""
    last = _last_published(_now(request))
    year = int(request.path_params["year"])
    days = list(_days(year, last)) if year >= OLDEST else []
    if not days:
        request.scope["entry"].outcome = "no such year"
        return Response("Not Found", 404, media_type="text/html")
    return _answer(request, "AR", days[-1], days)


def _now(request: Request) -> datetime:
    world: World = request.app.state.world
    with world.lock:
        return world.clock.now().astimezone(ROMANIA)


def _last_published(now: datetime) -> date:
    day = now.date() if now.hour >= PUBLISHED_AT else now.date() - timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def _days(year: int, last: date) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year and day <= last:
        if is_working_day(day):
            yield day
        day += timedelta(days=1)


def _answer(request: Request, kind: str, published: date, days: list[date]) -> Response:
    request.scope["entry"].outcome = f"rates of {len(days)} days"
    cubes = "".join(_cube(day) for day in days)
    return xml(
        f"""<?xml version="1.0" encoding="utf-8"?>
<DataSet xmlns="http://www.bnr.ro/xsd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://www.bnr.ro/xsd nbrfxrates.xsd">
\t<Header>
\t\t<Publisher>National Bank of Romania</Publisher>
\t\t<PublishingDate>{published}</PublishingDate>
\t\t<MessageType>{kind}</MessageType>
\t</Header>
\t<Body>
\t\t<Subject>Reference rates</Subject>
\t\t<OrigCurrency>RON</OrigCurrency>
{cubes}\t</Body>
</DataSet>
""".encode()
    )


def _cube(day: date) -> str:
    rates = "".join(
        f'\t\t\t<Rate currency="{name}"{_MULTIPLIER.format(units) if units > 1 else ""}>{_of(name, day)}</Rate>\n'
        for name, (_, units) in RATES.items()
    )
    return f'\t\t<Cube date="{day}">\n{rates}\t\t</Cube>\n'


def _of(currency: str, day: date) -> Decimal:
    """Within one per cent of the rate in the table."""
    waves = sum(sin(day.toordinal() / length + ord(currency[1])) for length in (11, 29, 97))
    rate = Decimal(RATES[currency][0]) * (1 + Decimal(str(round(waves / 300, 6))))
    return rate.quantize(Decimal("0.0001"))

"""How the official rules read values: XPath 2.0's white space, decimals, doubles, booleans and dates.

They differ from Python's own in small ways that decide verdicts: U+00A0 is no white space, `1e3` is a double and
no decimal, halves round towards plus infinity. Where the official processor would stop without a verdict
(a word where a number must stand, two values where one is taken), these functions raise `NoVerdict`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

#: Sums and products of amounts are exact: xs:decimal has no limit that an invoice could reach.
EXACT: Final = Context(prec=400, Emax=10**9, Emin=-(10**9))

HUNDRED: Final = Decimal(100)
HALF: Final = Decimal("0.5")
CENT: Final = Decimal("0.01")

#: characters of a number that is worth remembering
SHORT: Final = 20

_SPACES = re.compile("[ \t\r\n]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF|NaN")
_DATE = re.compile(r"(-?)([0-9]{4,9})-([0-9]{2})-([0-9]{2})(?:Z|([+-])([0-9]{2}):([0-9]{2}))?")


class NoVerdict(ValueError):
    """The official processor stops here: a value of the wrong kind, or several where one is taken."""

    def __init__(self, reason: str, value: str | None = None) -> None:
        super().__init__(reason, value)
        self.reason = reason
        self.value = value


NOT_A_VALUE: Final = "VALUE"  # XPath FORG0001: not a number, date or boolean
SEVERAL: Final = "SEVERAL"  # XPath XPTY0004: several nodes where one is taken


def trim(text: str) -> str:
    """XPath normalize-space: blanks (space, tab, CR, LF and no other) trimmed and collapsed."""
    if text.isalnum():
        return text
    return _SPACES.sub(" ", text).strip(" ")


def decimal(text: str) -> Decimal:
    """xs:decimal of a text. Raises NoVerdict for anything else than digits, a sign and a dot."""
    return _known_decimal(text) if len(text) <= SHORT else _decimal(text)


def _decimal(text: str) -> Decimal:
    try:
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        stripped = text.strip(" \t\r\n")
        if _DECIMAL.fullmatch(stripped):
            return Decimal(stripped)
    except InvalidOperation:  # more digits than a Decimal holds
        pass
    raise NoVerdict(NOT_A_VALUE, text)


#: an invoice says each of its amounts several times
_known_decimal = lru_cache(maxsize=4096)(_decimal)


def double(text: str) -> float:
    """xs:double of a text, as in a comparison of an element with a plain number: `1e3`, `NaN`, `INF` are doubles."""
    stripped = text.strip(" \t\r\n")
    if not _DOUBLE.fullmatch(stripped):
        raise NoVerdict(NOT_A_VALUE, text)
    return float(stripped)


def at_least_zero(text: str) -> bool:
    """`>= 0` as the official processor compares: NaN is not below 0, so it passes."""
    if text[:1].isdigit() and _DECIMAL.fullmatch(text):  # as prices are
        return True
    return not double(text) < 0


def boolean(text: str) -> bool:
    """xs:boolean of a text: true, false, 1, 0."""
    match text.strip(" \t\r\n"):
        case "true" | "1":
            return True
        case "false" | "0":
            return False
    raise NoVerdict(NOT_A_VALUE, text)


def day(text: str) -> tuple[int, int]:
    """xs:date of a text, as minutes since the first day of year 0: dates compare by it, time zones included.

    Raises NoVerdict for a text that is no date of the calendar.
    """
    found = _DATE.fullmatch(text.strip(" \t\r\n"))
    if not found:
        raise NoVerdict(NOT_A_VALUE, text)
    sign, year, month, day_, zone, hours, minutes = found.groups()
    if len(year) > 4 and year.startswith("0"):
        raise NoVerdict(NOT_A_VALUE, text)
    signed_year = -int(year) if sign else int(year)
    cycles, year_of_cycle = divmod(signed_year, 400)  # the calendar repeats every 400 years: 146097 days
    try:
        days = (date(year_of_cycle + 400, int(month), int(day_)) - date(400, 1, 1)) // timedelta(days=1)
    except ValueError:
        raise NoVerdict(NOT_A_VALUE, text) from None
    shift = 0
    if zone:
        shift = int(hours) * 60 + int(minutes)
        if shift > 14 * 60 or int(minutes) > 59:
            raise NoVerdict(NOT_A_VALUE, text)
        shift = -shift if zone == "+" else shift
    return cycles, days * 1440 + shift


def is_date(text: str) -> bool:
    """The text is an xs:date."""
    try:
        day(text)
    except NoVerdict:
        return False
    return True


def round_whole(number: Decimal) -> Decimal:
    """XPath round: to whole units, halves towards plus infinity (-0.5 gives 0)."""
    return (number + HALF).to_integral_value(ROUND_FLOOR)


def round2(number: Decimal) -> Decimal:
    """To 2 decimals, halves towards plus infinity: -1.005 gives -1.00."""
    return (number * HUNDRED + HALF).to_integral_value(ROUND_FLOOR) * CENT


def has_two_decimals(text: str) -> bool:
    """No more than 2 characters after the first dot of the raw text, blanks included: `10.50 ` has three."""
    dot = text.find(".")
    return dot < 0 or len(text) - dot <= 3

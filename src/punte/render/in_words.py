"""Amounts in Romanian words, as a receipt has them: „o sută douăzeci și unu de lei și 50 de bani”."""

from __future__ import annotations

from decimal import Decimal

_UNITS = [
    "zero",
    "unu",
    "doi",
    "trei",
    "patru",
    "cinci",
    "șase",
    "șapte",
    "opt",
    "nouă",
    "zece",
    "unsprezece",
    "doisprezece",
    "treisprezece",
    "paisprezece",
    "cincisprezece",
    "șaisprezece",
    "șaptesprezece",
    "optsprezece",
    "nouăsprezece",
]
_FEMININE = {1: "una", 2: "două", 12: "douăsprezece"}
_TENS = ["–", "–", "douăzeci", "treizeci", "patruzeci", "cincizeci", "șaizeci", "șaptezeci", "optzeci", "nouăzeci"]
_SCALES = (  # what a group of three figures counts; all of them feminine or neuter in the plural
    (10**9, "un miliard", "miliarde"),
    (10**6, "un milion", "milioane"),
    (10**3, "o mie", "mii"),
)
_COINS = {"RON": ("leu", "lei", "ban", "bani"), "EUR": ("euro", "euro", "cent", "cenți")}


def amount_in_words(amount: Decimal, currency: str = "RON") -> str:
    """`amount`, not negative and below a thousand milliards, with whole units in words and hundredths in figures.

    >>> amount_in_words(Decimal("1221.50"))
    'o mie două sute douăzeci și unu de lei și 50 de bani'
    >>> amount_in_words(Decimal("1")), amount_in_words(Decimal("0.01")), amount_in_words(Decimal("2"), "EUR")
    ('un leu', 'zero lei și 1 ban', 'doi euro')
    """
    whole, hundredths = divmod(int((amount * 100).to_integral_value()), 100)
    one, many, coin, coins = _COINS.get(currency, (currency, currency, "sutime", "sutimi"))
    said = f"un {one}" if whole == 1 else f"{_cardinal(whole)}{_of(whole)}{many}"
    if hundredths:
        said += f" și {hundredths}{' ' + coin if hundredths == 1 else _of(hundredths) + coins}"
    return said


def _cardinal(number: int) -> str:
    parts = []
    for scale, one, many in _SCALES:
        group, number = divmod(number, scale)
        if group:
            parts.append(one if group == 1 else f"{_below_thousand(group, feminine=True)}{_of(group)}{many}")
    if number or not parts:
        parts.append(_below_thousand(number, feminine=False))
    return " ".join(parts)


def _below_thousand(number: int, *, feminine: bool) -> str:
    hundreds, rest = divmod(number, 100)
    parts = []
    if hundreds:
        parts.append("o sută" if hundreds == 1 else f"{_unit(hundreds, feminine=True)} sute")
    if rest >= 20:
        tens, unit = divmod(rest, 10)
        parts.append(_TENS[tens] + (f" și {_unit(unit, feminine=feminine)}" if unit else ""))
    elif rest or not parts:
        parts.append(_unit(rest, feminine=feminine))
    return " ".join(parts)


def _unit(number: int, *, feminine: bool) -> str:
    return _FEMININE.get(number, _UNITS[number]) if feminine else _UNITS[number]


def _of(number: int) -> str:
    """`de` between a number and its noun, from 20 on save after 101–119 and so on."""
    plain = number == 0 or 1 <= number % 100 <= 19
    return " " if plain else " de "

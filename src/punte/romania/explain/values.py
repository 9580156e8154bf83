"""Values as people write them: `1.234,56`, `21 %`, `5.05.2026`, „București”."""

from __future__ import annotations

import re
from datetime import date

from .words import Language, word

_NUMBER = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]*))?")
_AMOUNT = re.compile(r"cbc:\w*(?:Amount|Quantity)(?:\[[0-9]+\])?$")
_PERCENT = re.compile(r"cbc:(?:Percent|MultiplierFactorNumeric)(?:\[[0-9]+\])?$")
_DATE = re.compile(r"cbc:\w*Date(?:\[[0-9]+\])?$")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)  # not from the locale: it may be Romanian
#: longer texts are cut: the reader only has to recognise them
LONGEST = 60


def quoted(text: str, language: Language) -> str:
    """„text” or “text”, blanks collapsed, cut to a length that can be recognised."""
    text = " ".join(text.split())
    if len(text) > LONGEST:
        text = text[: LONGEST - 1].rstrip() + "…"
    return word("quote", language, text=text)


def written(value: str | None, location: str, language: Language) -> str:
    """The value found at a place, by the kind of the place; "" when there is none, or blanks alone."""
    text = (value or "").strip()
    if not text:
        return ""
    if found := _NUMBER.fullmatch(text):
        if _PERCENT.search(location):
            return percent(text, language)
        if _AMOUNT.search(location):
            sign, whole, decimals = found.groups()
            return sign + grouped(whole, language) + (_point(language) + decimals if decimals else "")
    if _DATE.search(location) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return quoted(text, language)
        return f"{day:%d.%m.%Y}" if language == "ro" else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return quoted(text, language)


def percent(number: str, language: Language) -> str:
    """`21.00` -> `21 %`, with a no-break space, which keeps number and sign on one line."""
    whole, _, decimals = number.partition(".")
    decimals = decimals.rstrip("0")
    return whole + (_point(language) + decimals if decimals else "") + "\u00a0%"


def grouped(digits: str, language: Language) -> str:
    """Thousands apart: `1.234` in Romanian, `1,234` in English. As text: a number may have any number of digits."""
    start = len(digits) % 3
    groups = [digits[:start]] if start else []
    groups += [digits[at : at + 3] for at in range(start, len(digits), 3)]
    return ("." if language == "ro" else ",").join(groups)


def counted(number: int, language: Language) -> str:
    """A number before a noun; Romanian puts „de” between from 20 on: „119 caractere”, „220 de caractere”."""
    of = " de" if language == "ro" and (number % 100 >= 20 or (number % 100 == 0 and number > 0)) else ""
    return f"{grouped(str(number), language)}{of}"


def _point(language: Language) -> str:
    return "," if language == "ro" else "."

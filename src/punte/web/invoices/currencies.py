"""The currencies an invoice may be in: those that BNR publishes every day."""

from __future__ import annotations

from functools import cache

from babel import Locale
from django.utils.translation import get_language

#: Lei, then the currencies of BNR's daily list, the most used first. Source: bnr.ro, „Cursul pieței valutare”.
CURRENCIES = (
    *("RON", "EUR", "USD", "GBP", "CHF", "HUF", "MDL", "PLN", "CZK", "SEK", "DKK", "NOK", "TRY", "UAH", "RSD"),
    *("CAD", "AUD", "NZD", "JPY", "CNY", "KRW", "INR", "AED", "EGP", "BRL", "MXN", "ZAR", "THB", "SGD", "HKD", "ILS"),
)


def currencies() -> list[tuple[str, str]]:
    """(code, `EUR – euro`), in the language of the page."""
    return _named((get_language() or "ro")[:2])


@cache
def _named(language: str) -> list[tuple[str, str]]:
    names = Locale.parse(language).currencies
    return [(code, f"{code} – {'leu' if code == 'RON' else names.get(code, code)}") for code in CURRENCIES]

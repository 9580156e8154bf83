"""How values are said in a language: dates, amounts, quantities, codes of lists."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_name

NBSP = "\u00a0"
LANGUAGES = ("ro",)


@dataclass(frozen=True)
class Wording:
    """The words of one language (`words/<language>.toml`) and its forms of numbers and dates (CLDR)."""

    locale: Locale
    words: dict[str, dict[str, Any]]

    def label(self, key: str, **values: str) -> str:
        """The label `key`; KeyError names one that the language lacks."""
        return str(self.words["label"][key]).format(**values)

    def code(self, table: str, code: str) -> str | None:
        """What `code` of `table` (`title`, `means`, `vat_category` …) is called; None where it has no word."""
        word = self.words[table].get(code)
        return None if word is None else str(word)

    def date(self, day: date) -> str:
        """`22 noiembrie 2026`."""
        return format_date(day, "d MMMM y", locale=self.locale)

    def number(self, value: Decimal, pattern: str) -> str:
        # Decimal quantization off: a price or a quantity keeps every decimal it came with.
        text = format_decimal(value, pattern, locale=self.locale, decimal_quantization=False)
        return text.replace("-", "−")

    def amount(self, value: Decimal) -> str:
        """`1.234,56`; never fewer than two decimals, and more only when the document has them."""
        return self.number(value, "#,##0.00")

    def money(self, value: Decimal, currency: str) -> str:
        """`1.234,56 lei`, `1.234,56 EUR`."""
        return f"{self.amount(value)}{NBSP}{'lei' if currency == 'RON' else currency}"

    def percent(self, value: Decimal) -> str:
        """`21 %`."""
        return f"{self.number(value.normalize(), '#,##0')}{NBSP}%"

    def quantity(self, value: Decimal, unit: str) -> str:
        """`6 buc`, `1 oră`, `1,5 ore`; a unit without a word keeps its code (UN/ECE Rec 20, 21)."""
        word = self.words["unit"].get(unit, unit)
        if isinstance(word, list):
            word = word[0] if abs(value) == 1 else word[1]
        return f"{self.number(value.normalize(), '#,##0')}{NBSP}{word}"

    def currency(self, code: str) -> str:
        """`RON (leu)`, `EUR (euro)`; an unknown code stays alone."""
        name = self.code("currency", code) or get_currency_name(code, locale=self.locale)
        return code if name == code else f"{code} ({name})"

    def country(self, code: str) -> str:
        """`Germania`; an unknown code stays."""
        return str(self.locale.territories.get(code, code))


@cache
def wording(language: str) -> Wording:
    """The wording of `language`. Raises ValueError for one we do not have."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: the human copy is written in {', '.join(LANGUAGES)}")
    text = resources.files(__package__).joinpath("words", f"{language}.toml").read_text("utf-8")
    return Wording(Locale(language), tomllib.loads(text))

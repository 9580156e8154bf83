"""How values are said in a language: dates, amounts, quantities, codes of lists."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from functools import cache
from importlib import resources
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_name

from punte.en16931.codelists import entries

NBSP = "\u00a0"
# What may be asked for, and whose words stand on the page: one language, or the second beside the first.
LANGUAGES = {"ro": ("ro",), "en": ("en",), "ro-en": ("ro", "en")}


@dataclass(frozen=True)
class Wording:
    """The words of one language (`words/<language>.toml`), and the form of numbers and dates on the page (CLDR).

    `form` is of the whole page: where two languages share it, a date or an amount is written once, for both.
    """

    locale: Locale
    words: dict[str, dict[str, Any]]
    form: dict[str, str]

    def label(self, key: str, **values: str) -> str:
        """The label `key`; KeyError names one that the language lacks."""
        return str(self.words["label"][key]).format(**values)

    def code(self, table: str, code: str) -> str | None:
        """What `code` of `table` (`title`, `means`, `vat_category` …) is called; None where it has no word."""
        word = self.words[table].get(code)
        return None if word is None else str(word)

    def entry(self, table: str, code: str) -> str:
        """What `code` of a code list is called, in Romanian where the list says it, else in English; or the code."""
        found = entries(table).get(code, {})
        romanian = found.get("label_ro") if self.locale.language == "ro" else None
        return romanian or found.get("name_en") or code

    def date(self, day: date) -> str:
        """`22 noiembrie 2026`; in two languages `22.11.2026`."""
        return format_date(day, self.form["date"], locale=self.locale)

    def number(self, value: Decimal, pattern: str) -> str:
        # Room for each digit and no quantization: what a document says is never rounded here, 28 digits or more.
        with localcontext(prec=len(value.as_tuple().digits) + 28):
            trimmed = value.normalize()
            text = format_decimal(trimmed, pattern, locale=self.form["numbers"], decimal_quantization=False)
        return text.replace("-", "−")

    def amount(self, value: Decimal) -> str:
        """`1.234,56`; never fewer than two decimals, more only where they are not zeros."""
        return self.number(value, "#,##0.00")

    def unit_of_money(self, currency: str) -> str:
        """`lei` in Romanian, else the code."""
        return self.form["leu"] if currency == "RON" else currency

    def money(self, value: Decimal, currency: str) -> str:
        """`1.234,56 lei`, `1.234,56 EUR`."""
        return f"{self.amount(value)}{NBSP}{self.unit_of_money(currency)}"

    def percent(self, value: Decimal) -> str:
        """`21 %`; in English `21%`."""
        return self.form["percent"].format(self.number(value, "#,##0"))

    def quantity(self, value: Decimal, unit: str) -> str:
        """`6 buc`, `1 oră`, `1,5 ore`; a unit without a word keeps its code (UN/ECE Rec 20, 21)."""
        word = self.words["unit"].get(unit, unit)
        if isinstance(word, list):
            word = word[0] if abs(value) == 1 else word[1]
        return f"{self.number(value, '#,##0')}{NBSP}{word}"

    def currency(self, code: str) -> str:
        """`RON (leu)`, `EUR (euro)`; an unknown code stays alone."""
        name = self.code("currency", code) or get_currency_name(code, locale=self.locale)
        return code if name == code else f"{code} ({name})"

    def country(self, code: str) -> str:
        """`Germania`; an unknown code stays."""
        return str(self.locale.territories.get(code, code))


@cache
def wordings(language: str) -> tuple[Wording, ...]:
    """The wordings that `language` (`ro`, `en`, `ro-en`) stands for, the first one leading.

    Raises ValueError for one we do not have.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: the human copy is written in {', '.join(LANGUAGES)}")
    form = _words(language)["form"]
    return tuple(Wording(Locale(one), _words(one), form) for one in LANGUAGES[language])


def wording(language: str) -> Wording:
    """The wording of a single language. Raises ValueError for one we do not have, or for two."""
    first, *more = wordings(language)
    if more:
        raise ValueError(f"language {language!r}: one is needed here")
    return first


@cache
def _words(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files(__package__).joinpath("words", f"{name}.toml").read_text("utf-8"))

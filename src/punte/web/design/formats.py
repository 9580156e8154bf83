"""Amounts, dates and counts as the language of the page writes them.

Romanian: 1.234,56 lei · 21 % · 22 noiembrie 2026 · 20 de facturi
English:  1 234.56 lei · 21 % · 22 November 2026 · 20 invoices

In English a point marks decimals and a no-break space parts the thousands (ISO 80000-1), never a comma: figures stand
beside fields in which people type `1.234,56`, and `1,234` must not mean a thousand here and a unit there. So written,
an amount typed back is read right. Documents (the PDF, the proforma) are Romanian and keep the Romanian form; `render`
writes them. A no-break space stands before every unit. Instants are shown in the current time zone (Europe/Bucharest).
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language

NBSP = "\u00a0"
_CENT = Decimal("0.01")


def language() -> Literal["ro", "en"]:
    """Of the page, or the letter, being written."""
    return "en" if (get_language() or "").startswith("en") else "ro"


def amount(value: Decimal | int | str) -> str:
    """Two decimals, halves away from zero: `1.234,56`."""
    return _figure(Decimal(value).quantize(_CENT, ROUND_HALF_UP), "#,##0.00")


def money(value: Decimal | int | str, currency: str = "RON") -> str:
    """With its currency (ISO 4217): `1.234,56 lei`, `90,00 EUR`."""
    return f"{amount(value)}{NBSP}{'lei' if currency == 'RON' else currency}"


def number(value: Decimal | int | str) -> str:
    """A quantity or a price, with as many decimals as it has: `1.234,5`."""
    return _figure(Decimal(value), "#,##0.##########")


def percent(value: Decimal | int | str) -> str:
    """A rate given in per cent: 21 → `21 %`."""
    return f"{number(value)}{NBSP}%"


def long_date(value: date) -> str:
    """`22 noiembrie 2026`."""
    return _date(value, "d MMMM y")


def short_date(value: date) -> str:
    """`22 nov.`."""
    return _date(value, "d MMM")


def clock(value: datetime) -> str:
    """`11:40`."""
    return f"{_here(value):%H:%M}"


def moment(value: datetime) -> str:
    """`22 nov., 11:40`."""
    return f"{short_date(value)}, {clock(value)}"


CNP_DIGITS = 13


def code(cui_or_cnp: str, vat_registered: bool = False) -> str:
    """With its name in front: `CUI RO 41287658`, `CNP ••• 4567`."""
    return f"{'CNP' if len(cui_or_cnp) == CNP_DIGITS else 'CUI'} {cui(cui_or_cnp, vat_registered)}"


def cui(value: str, vat_registered: bool = False) -> str:
    """A CUI for the eye: `41287658`; `RO 41287658` when written so, or registered for VAT; of a CNP the end alone."""
    digits = value.strip().upper().removeprefix("RO").strip()
    if len(digits) == CNP_DIGITS:
        return f"•••{NBSP}{digits[-4:]}"
    prefixed = vat_registered or value.strip().upper().startswith("RO")
    return f"RO{NBSP}{digits}" if prefixed and digits else digits


def plural(count: int, one: str, many: str) -> str:
    """`1 factură`, `2 facturi`, `19 facturi`, `20 de facturi`, `101 facturi`, `0 facturi`; `20 invoices`.

    one, many  nouns in the language of the page: `plural(n, _("factură"), _("facturi"))`
    From 20 on Romanian puts "de" between a number and its noun, save after 101–119, 201–219 and so on.
    """
    if count == 1:
        return f"1{NBSP}{one}"
    plain = language() == "en" or count == 0 or 1 <= abs(count) % 100 <= 19
    return f"{_figure(Decimal(count), '#,##0')}{NBSP}{'' if plain else 'de' + NBSP}{many}"


def _figure(value: Decimal, pattern: str) -> str:
    if language() == "en":
        return str(format_decimal(value, pattern, locale="en")).replace(",", NBSP)
    return str(format_decimal(value, pattern, locale="ro"))


def _date(value: date, pattern: str) -> str:
    return str(format_date(_day(value), pattern, locale="en_GB" if language() == "en" else "ro"))


def _here(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _day(value: date) -> date:
    return _here(value).date() if isinstance(value, datetime) else value

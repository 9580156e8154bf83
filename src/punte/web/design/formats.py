"""Amounts, dates and counts as Romanian writes them: 1.234,56 lei · 21 % · 22 noiembrie 2026 · 20 de facturi.

A no-break space stands before every unit. Instants are shown in the current time zone (Europe/Bucharest).
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils import timezone

NBSP = "\u00a0"
_LOCALE = "ro"
_CENT = Decimal("0.01")


def amount(value: Decimal | int | str) -> str:
    """Two decimals, halves away from zero: `1.234,56`."""
    return str(format_decimal(Decimal(value).quantize(_CENT, ROUND_HALF_UP), "#,##0.00", locale=_LOCALE))


def money(value: Decimal | int | str, currency: str = "RON") -> str:
    """With its currency (ISO 4217): `1.234,56 lei`, `90,00 EUR`."""
    return f"{amount(value)}{NBSP}{'lei' if currency == 'RON' else currency}"


def number(value: Decimal | int | str) -> str:
    """A quantity or a price, with as many decimals as it has: `1.234,5`."""
    return str(format_decimal(Decimal(value), "#,##0.##########", locale=_LOCALE))


def percent(value: Decimal | int | str) -> str:
    """A rate given in per cent: 21 → `21 %`."""
    return f"{number(value)}{NBSP}%"


def long_date(value: date) -> str:
    """`22 noiembrie 2026`."""
    return str(format_date(_day(value), "d MMMM y", locale=_LOCALE))


def short_date(value: date) -> str:
    """`22 nov.`."""
    return str(format_date(_day(value), "d MMM", locale=_LOCALE))


def clock(value: datetime) -> str:
    """`11:40`."""
    return f"{_here(value):%H:%M}"


def moment(value: datetime) -> str:
    """`22 nov., 11:40`."""
    return f"{short_date(value)}, {clock(value)}"


def cui(value: str, vat_registered: bool = False) -> str:
    """A CUI for the eye: `41287658`; `RO 41287658` when written so, or registered for VAT."""
    digits = value.strip().upper().removeprefix("RO").strip()
    prefixed = vat_registered or value.strip().upper().startswith("RO")
    return f"RO{NBSP}{digits}" if prefixed and digits else digits


def plural(count: int, one: str, many: str) -> str:
    """`1 factură`, `2 facturi`, `19 facturi`, `20 de facturi`, `101 facturi`, `0 facturi`.

    From 20 on Romanian puts "de" between a number and its noun, save after 101–119, 201–219 and so on.
    """
    if count == 1:
        return f"1{NBSP}{one}"
    plain = count == 0 or 1 <= abs(count) % 100 <= 19
    return f"{format_decimal(count, locale=_LOCALE)}{NBSP}{'' if plain else 'de' + NBSP}{many}"


def _here(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _day(value: date) -> date:
    return _here(value).date() if isinstance(value, datetime) else value

"""Numbers and dates as people type them: `1.234,50`, `1234,5`, `22.11.2026`, `2026-11-22`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext

_PLAIN = re.compile(r"[+-]?[0-9]+([.,][0-9]*)?|[+-]?[.,][0-9]+")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]*)?")


def parse_number(text: str) -> Decimal:
    """The number in `text`: comma for decimals, dots between thousands; one dot alone is a decimal point,
    except before exactly three digits (`1.234`), where Romanian means thousands.

    Raises ValueError where it cannot be told, never guesses.

    >>> [str(parse_number(t)) for t in ("1234,5", "1.234,50", "100.5", "1.234", "−2")]
    ['1234.5', '1234.50', '100.5', '1234', '-2']
    """
    typed = re.sub(r"\s", "", text).replace("−", "-")
    if _GROUPED.fullmatch(typed):
        typed = typed.replace(".", "")
    elif not _PLAIN.fullmatch(typed):
        raise ValueError(text)
    return Decimal(typed.replace(",", "."))


class Wanted(forms.Field):
    """A field that a draft may leave empty though ANAF will want it: drawn without „(opțional)”, never refused."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class TextField(forms.CharField):
    """Text for XML: control characters, which come with pasted text and which XML forbids, become spaces."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        return "".join(c if c.isprintable() or c == "\n" else " " for c in text.replace("\r\n", "\n")).strip()


class WantedText(Wanted, TextField):
    pass


class WantedChoice(Wanted, forms.ChoiceField):
    pass


class NumberField(forms.Field):
    """A decimal with at most `places` decimals and `digits` before them, shown with at least `shown` decimals."""

    def __init__(
        self, *, what: str | Promise, places: int, digits: int, example: str, shown: int = 0, **kwargs: Any
    ) -> None:
        self.what, self.places, self.digits, self.example, self.shown = what, places, digits, example, shown
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        if self.required and value in self.empty_values:
            raise ValidationError(
                gettext("%(what)s lipsește. Scrieți un număr, de exemplu %(example)s.")
                % {"what": self.what, "example": self.example}
            )

    def prepare_value(self, value: Any) -> Any:
        return typed(value, self.shown) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        try:
            number = parse_number(str(value))
        except ValueError:
            raise ValidationError(
                gettext(
                    "%(what)s: „%(value)s” nu este un număr. Scrieți, de exemplu, %(example)s; "
                    "virgula desparte zecimalele."
                )
                % {"what": self.what, "value": value, "example": self.example}
            ) from None
        exponent = number.normalize().as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) else 0
        if decimals > self.places:
            raise ValidationError(
                gettext("%(what)s: cel mult %(places)s zecimale; ați scris %(decimals)s. Rotunjiți numărul.")
                % {"what": self.what, "places": self.places, "decimals": decimals}
            )
        if abs(number) >= 10**self.digits:
            raise ValidationError(
                gettext("%(what)s: numărul e prea mare, cel mult %(digits)s cifre înainte de virgulă.")
                % {"what": self.what, "digits": self.digits}
            )
        return number


def typed(value: Decimal, places: int = 0) -> str:
    """`value` as one would type it, with at least `places` decimals: `8`, `1,5`, `100,00`."""
    whole, _, decimals = f"{value.normalize():f}".partition(".")
    decimals = decimals.ljust(places, "0")
    return f"{whole},{decimals}" if decimals else whole


@dataclass(frozen=True, slots=True)
class Discount:
    """What is taken off: a percentage, or else an amount with 2 decimals, with a minus where it is taken back."""

    percent: Decimal | None
    amount: Decimal

    def __str__(self) -> str:
        return f"{typed(self.percent)} %" if self.percent is not None else typed(self.amount, 2)


class DiscountField(forms.Field):
    """`10 %`, or an amount: `50`, `49,90`. Empty or zero is none."""

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Discount) else value

    def to_python(self, value: Any) -> Discount | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            number = parse_number(text.removesuffix("%"))
        except ValueError:
            number = Decimal("NaN")
        percent = text.endswith("%")
        if number.is_nan() or number != round(number, 2) or abs(number) >= 10**12:
            raise ValidationError(
                gettext(
                    "„%(value)s” nu este o sumă și nici un procent. Scrieți 50 sau 10 %%, cu cel mult două zecimale."
                )
                % {"value": text}
            )
        if percent and not 0 <= number <= 100:
            raise ValidationError(gettext("Un procent e între 0 și 100."))
        if not number:
            return None
        return Discount(number, Decimal(0)) if percent else Discount(None, number)


class DayField(forms.DateField):
    """A date, from the browser's calendar or typed the Romanian way."""

    input_formats = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"]
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, *, what: str | Promise, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.input_formats = DayField.input_formats
        self.what = what

    def validate(self, value: Any) -> None:
        if self.required and value in self.empty_values:
            raise ValidationError(
                gettext("%(what)s lipsește. Scrieți ziua, luna și anul: 22.11.2026.") % {"what": self.what}
            )

    def to_python(self, value: Any) -> date | None:
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(
                gettext("%(what)s: „%(value)s” nu este o dată din calendar. Scrieți ziua, luna și anul: 22.11.2026.")
                % {"what": self.what, "value": value}
            ) from None

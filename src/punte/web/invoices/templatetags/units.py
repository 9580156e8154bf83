"""Units of measure in everyday words: `{% load units %}`."""

from django import template

from punte.web.invoices.units import UNITS

register = template.Library()


@register.filter
def unit(code: str) -> str:
    """`H87` → `buc`; a code that is not offered stays as it is."""
    return str(UNITS.get(code, code))

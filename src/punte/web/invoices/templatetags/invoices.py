"""What Venituri shows of an invoice: `{% load invoices %}`."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils import timezone

from punte.web.design import formats

from .. import due
from ..filters import Asked, Key
from ..models import Invoice

register = template.Library()


@register.simple_tag
def due_of(invoice: Invoice) -> due.Due:
    return due.due_of(invoice, timezone.localdate())


@register.simple_tag
def tab_address(asked: Asked, slug: str) -> str:
    """The same question under another tab; its first page."""
    return asked.address(filtru="" if slug == "toate" else slug)


@register.simple_tag
def page_address(asked: Asked, way: str, key: Key) -> str:
    return asked.address(**{way: str(key)})


@register.simple_tag
def day_of(day: date) -> str:
    """`22 nov.`; of another year `22.11.2024`."""
    return formats.short_date(day) if day.year == timezone.localdate().year else f"{day:%d.%m.%Y}"


@register.filter
def month_year(day: date) -> str:
    """`noiembrie 2026`."""
    return formats.long_date(day.replace(day=1)).partition(" ")[2]


@register.filter
def count(number: int) -> str:
    """A count with its thousands parted: `12.403`."""
    return formats.number(number)

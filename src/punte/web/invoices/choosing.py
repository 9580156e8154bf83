"""Many documents at once: those ticked in Venituri, or everything that was filtered; and walking through them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.db.models.expressions import F
from django.db.models.fields.tuple_lookups import TupleLessThan
from django.http import QueryDict

from punte.web.firms.models import Firm

from .filters import asked
from .listing import matching, newest_first
from .models import Invoice


def chosen(firm: Firm, said: QueryDict, today: date) -> QuerySet[Invoice]:
    """Of `firm` alone: `alese` are keys; with `toate`, or with none ticked in an address, what its filters find."""
    ticked = said.getlist("alese")
    if said.get("toate") or not ticked:
        return matching(firm, asked(said, today).whole(), today)
    return Invoice.objects.filter(firm=firm, pk__in=[int(pk) for pk in ticked if pk.isdecimal() and len(pk) < 19])


def in_parts(invoices: QuerySet[Invoice], size: int) -> Iterator[list[Invoice]]:
    """All of them, newest first, `size` in memory at a time; what comes in between is neither repeated nor skipped."""
    ordered = newest_first(invoices)
    part = list(ordered[:size])
    while part:
        yield part
        last = (part[-1].issue_date, part[-1].pk)
        place = (F("issue_date"), F("pk"))
        part = list(ordered.filter(TupleLessThan(place, last))[:size]) if len(part) == size else []

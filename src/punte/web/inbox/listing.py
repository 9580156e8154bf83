"""Cheltuieli: which documents stand in the list, what they come to, where each page begins; and the suppliers.

Pages are cut by key (day, id), as Venituri's are. What is shown and is no expense of its own (a repetition, an invoice
issued in the firm's name) is counted in its tab, and not in the sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from punte.web.firms.models import Firm
from punte.web.invoices.filters import Key
from punte.web.invoices.models import folded

from .filters import Asked
from .models import Document, Mark, Reading, Standing

PAGE = 20
MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Tab:
    slug: str
    word: str | Promise
    marks: tuple[Mark, ...] = tuple(Mark)
    hot: bool = False  # asks for a person
    problems: bool = False  # only what could not be read, or repeats another


TABS = (
    Tab("toate", _("Toate")),
    Tab("noi", _("Cele noi"), (Mark.NEW,)),
    Tab("de-contabilizat", _("De contabilizat"), (Mark.NEW, Mark.SEEN)),
    Tab("contabilizate", _("Contabilizate"), (Mark.BOOKED,)),
    Tab("probleme", _("De lămurit"), (Mark.NEW, Mark.SEEN), hot=True, problems=True),
)
TROUBLE = ~Q(reading=Reading.READ) | Q(standing=Standing.REPEATED)


@dataclass(slots=True)
class Total:
    """What the expenses of one currency come to; credit notes are taken off."""

    currency: str
    count: int = 0
    total: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page: `tabs` with their counts, the `rows`, what all come to; `older`, `newer`: where the others begin."""

    asked: Asked
    tabs: tuple[tuple[Tab, int], ...]
    tab: Tab
    rows: tuple[Document, ...]
    sums: tuple[Total, ...]
    count: int
    older: Key | None
    newer: Key | None
    months: tuple[date, ...] = ()

    @property
    def month(self) -> date | None:
        """Of the first row."""
        return self.rows[0].day.replace(day=1) if self.rows else None


@dataclass(slots=True)
class Supplier:
    """What one supplier sent. `sums` by currency, lei first."""

    key: str
    name: str
    cif: str
    count: int
    new: int
    last: date
    sums: list[Total]


def listing(firm: Firm, asked: Asked) -> Listing:
    """The page that was asked for, newest first."""
    chosen = tab_of(asked)
    groups = groups_of(_found(firm, asked))
    rows, older, newer = _page(matching(firm, asked), asked)
    return Listing(
        asked=asked,
        tabs=tuple((tab, sum(group["count"] for group in groups if _is_of(group, tab))) for tab in TABS),
        tab=chosen,
        rows=rows,
        sums=sums_of(group for group in groups if _is_of(group, chosen)),
        count=sum(group["count"] for group in groups if _is_of(group, chosen)),
        older=older,
        newer=newer,
        months=_months(firm) if older or newer else (),
    )


def tab_of(asked: Asked) -> Tab:
    return next((tab for tab in TABS if tab.slug == asked.tab), TABS[0])


def matching(firm: Firm, asked: Asked) -> QuerySet[Document]:
    """All that was asked for, of the chosen tab, in no order: what is exported, and what „toate” chooses."""
    tab = tab_of(asked)
    found = _found(firm, asked)
    if len(tab.marks) < len(Mark):
        found = found.filter(mark__in=tab.marks)
    return found.filter(TROUBLE) if tab.problems else found


def newest_first(documents: QuerySet[Document]) -> QuerySet[Document]:
    return documents.order_by("-day", "-pk")


def suppliers(firm: Firm, query: str = "") -> list[Supplier]:
    """Everybody who sent something, by what was spent with them in lei, most first."""
    own = Document.objects.filter(firm=firm).exclude(supplier_key="").exclude(supplier_key=firm.cui)
    for word in folded(query).split():
        own = own.filter(search_text__contains=word)
    counted = Q(standing=Standing.OWN)
    groups = own.values("supplier_key", "currency").annotate(
        count=Count("pk"),
        counted=Count("pk", filter=counted),
        total=Sum("effect", filter=counted),
        new=Count("pk", filter=Q(mark=Mark.NEW)),
        last=Max("day"),
        latest=Max("pk"),
    )
    found: dict[str, Supplier] = {}
    latest: dict[str, int] = {}
    for group in groups.order_by():
        key = group["supplier_key"]
        one = found.setdefault(key, Supplier(key, "", "", 0, 0, group["last"], []))
        one.count, one.new, one.last = one.count + group["count"], one.new + group["new"], max(one.last, group["last"])
        latest[key] = max(latest.get(key, 0), group["latest"])
        if group["counted"] and group["currency"]:
            one.sums.append(Total(group["currency"], group["counted"], group["total"]))
    named = Document.objects.filter(pk__in=latest.values()).values_list("supplier_key", "seller_name", "seller_cif")
    for key, name, cif in named:
        found[key].name, found[key].cif = name or cif, cif
    for one in found.values():
        one.sums.sort(key=lambda sum: (sum.currency != "RON", sum.currency))
    return sorted(found.values(), key=lambda one: (-sum(s.total for s in one.sums if s.currency == "RON"), one.name))


def _found(firm: Firm, asked: Asked) -> QuerySet[Document]:
    """What was asked for, of every tab."""
    found = Document.objects.filter(firm=firm)
    if asked.first:
        found = found.filter(day__gte=asked.first)
    if asked.last:
        found = found.filter(day__lte=asked.last)
    if asked.supplier:
        found = found.filter(supplier_key=asked.supplier)
    for word in folded(asked.query).split():
        found = found.filter(search_text__contains=word)
    return found


def groups_of(found: QuerySet[Document]) -> list[dict[str, Any]]:
    grouped = found.order_by().values("mark", "standing", "reading", "currency")
    return [dict(group) for group in grouped.annotate(count=Count("pk"), total=Sum("effect"))]


def is_trouble(group: Mapping[str, Any]) -> bool:
    """TROUBLE, of a group."""
    return bool(group["reading"] != Reading.READ or group["standing"] == Standing.REPEATED)


def _is_of(group: Mapping[str, Any], tab: Tab) -> bool:
    return group["mark"] in tab.marks and (is_trouble(group) or not tab.problems)


def sums_of(groups: Iterable[Mapping[str, Any]]) -> tuple[Total, ...]:
    sums: dict[str, Total] = {}
    for group in groups:
        if group["standing"] == Standing.OWN and group["currency"]:
            one = sums.setdefault(group["currency"], Total(group["currency"]))
            one.count, one.total = one.count + group["count"], one.total + group["total"]
    return tuple(sorted(sums.values(), key=lambda one: (one.currency != "RON", one.currency)))


def _page(found: QuerySet[Document], asked: Asked) -> tuple[tuple[Document, ...], Key | None, Key | None]:
    """The rows of the page, where the older begin and where the newer do."""
    place = (F("day"), F("pk"))
    backwards = asked.newer_than is not None
    if asked.newer_than:
        found = found.filter(TupleGreaterThan(place, asked.newer_than.pair))
    elif asked.older_than:
        found = found.filter(TupleLessThan(place, asked.older_than.pair))
    ordered = found.order_by("day", "pk") if backwards else newest_first(found)
    rows = list(ordered[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows.reverse()
    keys = [Key(row.day, row.pk) for row in rows]
    older = keys[-1] if keys and (more or backwards) else None
    newer = keys[0] if keys and (more if backwards else asked.older_than is not None) else None
    return tuple(rows), older, newer


def _months(firm: Firm) -> tuple[date, ...]:
    """The months one may jump to, newest first."""
    days = Document.objects.filter(firm=firm).order_by("day", "pk").values_list("day", flat=True)
    first, last = days.first(), days.last()
    months: list[date] = []
    if first is None or last is None:
        return ()
    number = last.year * 12 + last.month - 1
    while number >= first.year * 12 + first.month - 1 and len(months) < MOST_MONTHS:
        months.append(date(number // 12, number % 12 + 1, 1))
        number -= 1
    return tuple(months)

"""Venituri: which documents stand in the list, what they come to, and where each page begins.

Pages are cut by key (day, id), not by number: the thousandth costs what the first does, and nothing is shown twice or
skipped when a document comes in between. All that is counted, summed and looked for stands in an index, so the rows
themselves are read for one page alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from punte.web.firms.models import Firm

from .filters import Asked, Key
from .models import UNDER_WAY, Invoice, Kind, Stage, folded
from .nearness import near_since
from .remembering import remembered
from .undecided import undecided
from .waited import WAITED, less, unpaid

PAGE = 20
MOST_MONTHS = 120
UNDECIDED = "undecided"  # beside the stages: the part of UNCERTAIN that waits for a person
NOT_ARRIVED = (Stage.SCHEDULED, Stage.ISSUED, *UNDER_WAY, Stage.REJECTED, Stage.REFUSED)


@dataclass(frozen=True, slots=True)
class Tab:
    slug: str
    word: str | Promise
    stages: tuple[Stage, ...] = tuple(Stage)
    hot: bool = False  # asks for a person
    of: str = ""  # of the stages, only the "unpaid", or those "near" their deadline
    doubts: bool = False  # and what is uncertain, where it waits for a person

    @property
    def places(self) -> tuple[str, ...]:
        """Which groups of `_count` stand in it."""
        return (*self.stages, UNDECIDED) if self.doubts else self.stages


TABS = (
    Tab("toate", _("Toate")),
    Tab("de-rezolvat", _("De rezolvat"), (Stage.REJECTED, Stage.REFUSED), hot=True, doubts=True),
    Tab("termen", _("Aproape de termen"), NOT_ARRIVED, hot=True, of="near"),
    Tab("ciorne", _("Ciorne"), (Stage.DRAFT,)),
    Tab("pe-punte", _("Pe punte"), (Stage.SCHEDULED, *UNDER_WAY)),
    Tab("validate", _("Validate"), (Stage.ACCEPTED,)),
    Tab("neincasate", _("Neîncasate"), tuple(stage for stage in Stage if stage != Stage.DRAFT), of="unpaid"),
)
PROFORMA_TABS = (
    Tab("toate", _("Toate")),
    Tab("ciorne", _("Ciorne"), (Stage.DRAFT,)),
    Tab("emise", _("Emise"), (Stage.ISSUED,)),
)


@dataclass(slots=True)
class Total:
    """What the documents of one currency come to; `left` is not received yet, `number` of them."""

    currency: str
    count: int = 0
    total: Decimal = Decimal(0)
    number: int = 0
    left: Decimal = Decimal(0)


Counted = tuple[dict[str, int], tuple[Total, ...]]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list: `tabs` with their counts, the `rows`, what they all come to, and what was asked.

    older, newer  where the next page and the one before begin; None where there is none
    """

    asked: Asked
    tabs: tuple[tuple[Tab, int], ...]
    tab: Tab
    rows: tuple[Invoice, ...]
    sums: tuple[Total, ...]
    older: Key | None
    newer: Key | None
    months: tuple[date, ...] = field(default=())

    @property
    def count(self) -> int:
        return sum(one.count for one in self.sums)

    @property
    def month(self) -> date | None:
        """Of the first row."""
        return self.rows[0].issue_date.replace(day=1) if self.rows else None

    @property
    def fingerprint(self) -> str:
        """Changes when any row does: a digest, then what moves, as `…-12.sending-13.queued`; the page sends it back."""
        digest = hashlib.sha256("".join(fingerprint(row) for row in self.rows).encode()).hexdigest()[:12]
        return "-".join([digest, *(f"{row.pk}.{row.stage}" for row in self.rows if is_moving(row))])

    @property
    def is_under_way(self) -> bool:
        return any(is_moving(row) for row in self.rows)

    def news(self, seen: str) -> list[Invoice]:
        """The invoices whose stage differs from that in `seen`, an earlier fingerprint."""
        before = dict(part.split(".", 1) for part in seen.split("-") if "." in part)
        return [row for row in self.rows if before.get(str(row.pk), row.stage) != row.stage]


def listing(firm: Firm, asked: Asked, today: date) -> Listing:
    """The page that was asked for, newest first."""
    tabs = tabs_of(asked)
    chosen = tab_of(asked)
    counts, sums = remembered(firm, (asked.whole(), today), lambda: _count(firm, asked, tabs, chosen, today))
    found = matching(firm, asked, today) if counts[chosen.slug] else Invoice.objects.none()  # not looked for twice
    rows, older, newer = _page(firm, found, asked)
    return Listing(
        asked=asked,
        tabs=tuple((tab, counts[tab.slug]) for tab in tabs),
        tab=chosen,
        rows=rows,
        sums=sums,
        older=older,
        newer=newer,
        months=_months(firm, asked, today) if older or newer else (),
    )


def tabs_of(asked: Asked) -> tuple[Tab, ...]:
    return PROFORMA_TABS if asked.kind == Kind.PROFORMA else TABS


def tab_of(asked: Asked) -> Tab:
    tabs = tabs_of(asked)
    return next((tab for tab in tabs if tab.slug == asked.tab), tabs[0])


def matching(firm: Firm, asked: Asked, today: date) -> QuerySet[Invoice]:
    """All that was asked for, of the chosen tab, in no order: what is exported, and what „toate” chooses."""
    tab = tab_of(asked)
    found = _found(firm, asked)
    if len(tab.stages) < len(Stage):
        of_stages = Q(stage__in=tab.stages)
        doubts = undecided(firm) if tab.doubts else []
        found = found.filter(of_stages | Q(pk__in=doubts) if doubts else of_stages)
    return found.filter(_of(tab, firm, today)) if tab.of else found


def newest_first(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    return invoices.order_by("-issue_date", "-pk")


def _found(firm: Firm, asked: Asked) -> QuerySet[Invoice]:
    """What was asked for, of every tab."""
    found = Invoice.objects.filter(firm=firm, kind=asked.kind)
    if asked.first:
        found = found.filter(issue_date__gte=asked.first)
    if asked.last:
        found = found.filter(issue_date__lte=asked.last)
    if asked.client:
        found = found.filter(client_id=asked.client)
    words = Q()
    for word in sorted(folded(asked.query).split(), key=_commonness):
        words &= Q(search_text__contains=word)
    return found.filter(words | Q(payable=asked.amount) if asked.amount is not None else words)


def _of(tab: Tab, firm: Firm, today: date) -> Q:
    return unpaid(firm) if tab.of == "unpaid" else Q(issue_date__lte=near_since(today))


def _commonness(word: str) -> tuple[bool, int]:
    """The word that fewest documents have is looked for first: the database stops at the first that is missing."""
    return not any(sign.isdigit() for sign in word), -len(word)


def _count(firm: Firm, asked: Asked, tabs: tuple[Tab, ...], chosen: Tab, today: date) -> Counted:
    """How many stand in each tab, and what those of the chosen one come to, by currency: one walk of an index."""
    found = _found(firm, asked).order_by()
    groups = _groups(found, today)
    if any(group["stage"] == Stage.UNCERTAIN for group in groups) and (doubts := undecided(firm)):
        groups += [group | {"stage": UNDECIDED} for group in _groups(found.filter(pk__in=doubts), today)]
    by_place = {(group["stage"], group["currency"]): group for group in groups}
    for off in less(firm, found.filter(WAITED)):
        group = by_place[off.invoice.stage, off.invoice.currency]
        group["number"], group["left"] = group["number"] - off.whole, group["left"] - off.amount
    counts = {tab.slug: _count_of(tab, groups) for tab in tabs}
    sums: dict[str, Total] = {}
    for group in (group for group in groups if group["stage"] in chosen.places):
        one = sums.setdefault(group["currency"], Total(group["currency"]))
        number, left = (0, 0) if chosen.of == "near" else (group["number"], group["left"])
        one.number, one.left = one.number + number, one.left + (left or 0)
        if chosen.of == "unpaid":
            one.count, one.total = one.number, one.left
        elif chosen.of == "near":
            one.count, one.total = one.count + group["near"], one.total + (group["near_total"] or 0)
        else:
            one.count, one.total = one.count + group["count"], one.total + group["total"]
    shown = [one for one in sums.values() if one.count]
    return counts, tuple(sorted(shown, key=lambda one: (one.currency != "RON", one.currency)))


def _groups(found: QuerySet[Invoice], today: date) -> list[dict[str, Any]]:
    rest, near = F("payable") - F("paid"), Q(issue_date__lte=near_since(today))
    return [
        dict(group)
        for group in found.values("stage", "currency").annotate(
            count=Count("pk"),
            total=Sum("payable"),
            number=Count("pk", filter=WAITED),
            left=Sum(rest, filter=WAITED),
            near=Count("pk", filter=near),
            near_total=Sum("payable", filter=near),
        )
    ]


def _count_of(tab: Tab, groups: Iterable[Mapping[str, Any]]) -> int:
    column = {"near": "near", "unpaid": "number"}.get(tab.of, "count")
    return sum(group[column] for group in groups if group["stage"] in tab.places)


def _page(firm: Firm, found: QuerySet[Invoice], asked: Asked) -> tuple[tuple[Invoice, ...], Key | None, Key | None]:
    """The rows of the page, where the older begin and where the newer do."""
    place = (F("issue_date"), F("pk"))
    backwards = asked.newer_than is not None
    if asked.newer_than:
        found = found.filter(TupleGreaterThan(place, asked.newer_than.pair))
    elif asked.older_than:
        found = found.filter(TupleLessThan(place, asked.older_than.pair))
    ordered = found.order_by("issue_date", "pk") if backwards else newest_first(found)
    keys = [Key(day, pk) for day, pk in ordered.values_list("issue_date", "pk")[: PAGE + 1]]
    more, keys = len(keys) > PAGE, keys[:PAGE]
    if backwards:
        keys.reverse()
    wanted = with_way(Invoice.objects.filter(pk__in=[key.pk for key in keys]))
    if asked.kind == Kind.PROFORMA:
        wanted = wanted.prefetch_related("invoices_made")
    rows = {row.pk: row for row in wanted}
    for row in rows.values():
        row.firm = firm
    older = keys[-1] if keys and (more or backwards) else None
    newer = keys[0] if keys and (more if backwards else asked.older_than is not None) else None
    return tuple(rows[key.pk] for key in keys if key.pk in rows), older, newer


def _months(firm: Firm, asked: Asked, today: date) -> tuple[date, ...]:
    """The months one may jump to, newest first."""
    ordered = Invoice.objects.filter(firm=firm, kind=asked.kind)
    days = (
        ordered.order_by("-issue_date", "-pk").values_list("issue_date", flat=True).first(),
        ordered.order_by("issue_date", "pk").values_list("issue_date", flat=True).first(),
    )
    newest, oldest = (asked.last or days[0] or today), max(asked.first or date.min, days[1] or today)
    months: list[date] = []
    month = newest.replace(day=1)
    while month >= oldest.replace(day=1) and len(months) < MOST_MONTHS:
        months.append(month)
        month = (
            month.replace(year=month.year - 1, month=12) if month.month == 1 else month.replace(month=month.month - 1)
        )
    return tuple(months)


def with_way(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """With client, series, what corrects it, and submissions (newest first, without their documents)."""
    model: Any = Invoice._meta.get_field("submissions").related_model  # delivery's; the arrow points here
    submissions = model._default_manager.defer("document").order_by("-pk")
    return invoices.select_related("client", "series").prefetch_related(
        Prefetch("submissions", queryset=submissions), "corrections"
    )


def is_moving(invoice: Invoice) -> bool:
    """Whether a page should ask again: under way, or validated and not in the archive yet."""
    return invoice.stage in UNDER_WAY or any(submission.due_at for submission in invoice.submissions.all())


def fingerprint(invoice: Invoice) -> str:
    """Changes when the invoice or a submission of it does: `12.sending.1732264000000000`."""
    moments = [invoice.changed_at, *(submission.changed_at for submission in invoice.submissions.all())]
    return f"{invoice.pk}.{invoice.stage}.{int(max(moments).timestamp() * 1_000_000)}"

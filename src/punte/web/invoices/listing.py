"""Venituri: which invoices stand in the list, and how each is shown."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from punte.web.firms.models import Firm

from .models import UNDER_WAY, Invoice, Stage, folded

PAGE = 20


@dataclass(frozen=True, slots=True)
class Tab:
    slug: str
    word: str
    stages: tuple[Stage, ...]
    hot: bool = False  # asks for a person


TABS = (
    Tab("toate", "Toate", tuple(Stage)),
    Tab("de-rezolvat", "De rezolvat", (Stage.REJECTED, Stage.REFUSED), hot=True),
    Tab("ciorne", "Ciorne", (Stage.DRAFT,)),
    Tab("pe-punte", "Pe punte", UNDER_WAY),
    Tab("validate", "Validate", (Stage.ACCEPTED,)),
)


def with_way(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """With client, series and submissions (newest first, without their documents), in two queries."""
    model: Any = Invoice._meta.get_field("submissions").related_model  # delivery's; the arrow points here
    submissions = model._default_manager.defer("document").order_by("-pk")
    return invoices.select_related("client", "series").prefetch_related(Prefetch("submissions", queryset=submissions))


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list: `tabs` with their counts, `page` of invoices, and what was asked."""

    tabs: tuple[tuple[Tab, int], ...]
    tab: Tab
    query: str
    page: Page[Invoice]

    @property
    def fingerprint(self) -> str:
        """Changes when any row does: a digest, then what moves, as `…-12.sending-13.queued`; the page sends it back."""
        digest = hashlib.sha256("".join(fingerprint(row) for row in self.page).encode()).hexdigest()[:12]
        return "-".join([digest, *(f"{row.pk}.{row.stage}" for row in self.page if is_moving(row))])

    @property
    def is_under_way(self) -> bool:
        return any(is_moving(row) for row in self.page)

    def news(self, seen: str) -> list[Invoice]:
        """The invoices whose stage differs from that in `seen`, an earlier fingerprint."""
        before = dict(part.split(".", 1) for part in seen.split("-") if "." in part)
        return [row for row in self.page if before.get(str(row.pk), row.stage) != row.stage]


def listing(firm: Firm, tab: str, query: str, page: str) -> Listing:
    """The invoices of `firm`, newest first. `query`: of the client's name, with or without diacritics, or a number."""
    chosen = next((one for one in TABS if one.slug == tab), TABS[0])
    invoices = Invoice.objects.filter(firm=firm)
    if query:
        invoices = invoices.filter(
            Q(client__search_name__contains=folded(query)) | Q(label__icontains=query) | Q(client__cui=query)
        )
    counts = invoices.aggregate(**{one.slug: Count("pk", filter=Q(stage__in=one.stages)) for one in TABS})
    rows = with_way(invoices.filter(stage__in=chosen.stages)).order_by("-issue_date", "-pk")
    paginator = Paginator(rows, PAGE)
    paginator.count = counts[chosen.slug]  # counted already
    return Listing(tuple((one, counts[one.slug]) for one in TABS), chosen, query, paginator.get_page(page))


def is_moving(invoice: Invoice) -> bool:
    """Whether a page should ask again: under way, or validated and not in the archive yet."""
    return invoice.stage in UNDER_WAY or any(submission.due_at for submission in invoice.submissions.all())


def fingerprint(invoice: Invoice) -> str:
    """Changes when the invoice or a submission of it does: `12.sending.1732264000000000`."""
    moments = [invoice.changed_at, *(submission.changed_at for submission in invoice.submissions.all())]
    return f"{invoice.pk}.{invoice.stage}.{int(max(moments).timestamp() * 1_000_000)}"


def year_of(firm: Firm, year: int) -> dict[str, Any]:
    """`year_count` and `year_net` of the numbered invoices issued in `year`."""
    numbered = Invoice.objects.filter(firm=firm, issue_date__year=year, number__isnull=False)
    return numbered.aggregate(year_count=Count("pk"), year_net=Sum("net"))

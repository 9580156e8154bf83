"""What Acasă says of Cheltuieli, and of what buyers wrote about the firm's own invoices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from punte.web.firms.models import Firm
from punte.web.invoices.models import Invoice

from .listing import TROUBLE, Total, groups_of, is_trouble, sums_of
from .models import Document, Mark, Reading, Remark, RemarkState

FRESH = timedelta(days=14)  # so long a buyer's remark is news
MOST = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """`new` documents nobody has opened, and what they come to; `unclear` ones ask for a person.

    said_by_buyers  the firm's invoices that a buyer remarked on of late, latest first
    """

    new: int
    sums: tuple[Total, ...]
    unclear: int
    said_by_buyers: tuple[Invoice, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.unclear or self.said_by_buyers)


def summary(firm: Firm, now: datetime) -> Summary:
    own = Document.objects.filter(firm=firm)
    groups = groups_of(own.exclude(mark=Mark.BOOKED).filter(TROUBLE | Q(mark=Mark.NEW)))
    unclear = sum(group["count"] for group in groups if is_trouble(group))
    new = [group for group in groups if group["mark"] == Mark.NEW and group["reading"] == Reading.READ]
    received = Remark.objects.filter(firm=firm, state=RemarkState.RECEIVED, created_at__gt=now - FRESH)
    about = list(received.order_by("-created_at").values_list("about", flat=True)[:MOST])
    spoken_of = Invoice.objects.filter(firm=firm, submissions__upload_index__in=about).distinct() if about else ()
    return Summary(sum(group["count"] for group in new), sums_of(new), unclear, tuple(spoken_of))

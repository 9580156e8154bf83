"""What Acasă says of Cheltuieli."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from punte.web.firms.models import Firm

from .listing import TROUBLE, Total, _groups, _sums
from .models import Document, Mark, Reading


@dataclass(frozen=True, slots=True)
class Summary:
    """`new` documents nobody has opened, and what they come to; `unclear` ones ask for a person."""

    new: int
    sums: tuple[Total, ...]
    unclear: int


def summary(firm: Firm) -> Summary:
    own = Document.objects.filter(firm=firm)
    groups = _groups(own.filter(mark=Mark.NEW, reading=Reading.READ))
    counted = own.exclude(mark=Mark.BOOKED).filter(TROUBLE).aggregate(n=Count("pk", filter=Q()))
    return Summary(sum(group["count"] for group in groups), _sums(groups), counted["n"])

"""What the law no longer asks to be kept. Nothing is removed by itself: `punte archive remove` is the only way.

The year is the one in which the package was stored, never before the document's own: an error keeps it longer.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from punte.romania import retention
from punte.web.firms.models import Firm

from .models import SealedPackage
from .store import store


class StillKept(Exception):
    """The law, or our own caution, keeps it; the text says until when."""


def offered(firm: Firm, today: date) -> QuerySet[SealedPackage]:
    """The firm's packages that may be removed."""
    return of_years(firm, retention.newest_offered(today))


def of_years(firm: Firm, last: int) -> QuerySet[SealedPackage]:
    """The firm's packages stored up to the end of the year `last`, in Bucharest."""
    end = datetime(last + 1, 1, 1, tzinfo=timezone.get_default_timezone())
    return firm.packages.filter(removed_at=None, stored_at__lt=end).order_by("pk")


def remove(firm: Firm, last: int, now: datetime) -> int:
    """Take away the bytes of the firm's packages up to the year `last`; how many. Row and link stay, and say when.

    Raises StillKept.
    """
    kept = retention.kept(last, timezone.localdate(now))
    if timezone.localdate(now) < kept.offered_from:
        raise StillKept(
            f"documents of {last} are kept by law until {kept.until} ({kept.rule.act}), and are offered for removal "
            f"from {kept.offered_from} on"
        )
    place, removed = store(), 0
    for package in of_years(firm, last):
        SealedPackage.objects.filter(pk=package.pk).update(held=b"", removed_at=now)
        shared = SealedPackage.objects.filter(sha256=package.sha256, removed_at=None).exists()
        if place is not None and not shared:
            place.remove(place.name_of(package.sha256))
        removed += 1
    return removed

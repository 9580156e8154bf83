"""What is counted and summed over all documents of a large firm, remembered until one of them changes.

A figure is kept under the newest changes it was made from, not for a time: who writes down a payment sees it in the
next answer. Twenty of them, not one, for a change may become visible after another that is newer by its clock. Drafts
are counted beside, for they alone can be deleted; an import that is undone shows after a minute at the latest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from punte.web.firms.models import Firm

from .models import Invoice, Kind, Stage

T = TypeVar("T")

LARGE = 5000  # documents: below, counting them takes less time than remembering
REMEMBERED = 60  # seconds
CHANGES = 20


def remembered(firm: Firm, question: object, make: Callable[[], T]) -> T:
    """`make()`, or what it gave before to the same `question` (told apart by its repr) of unchanged documents."""
    if not is_large(firm):
        return make()
    own = Invoice.objects.filter(firm=firm)
    changes = list(own.order_by("-changed_at").values_list("changed_at", flat=True)[:CHANGES])
    drafts = own.filter(kind__in=list(Kind), stage=Stage.DRAFT).count()
    said = repr((firm.pk, question, changes, drafts))
    key = f"remembered:{hashlib.sha256(said.encode()).hexdigest()}"
    kept: tuple[T] | None = cache.get(key)
    if kept is None:
        kept = (make(),)
        cache.set(key, kept, REMEMBERED)
    return kept[0]


def is_large(firm: Firm) -> bool:
    """Whether the firm has more than LARGE documents; asked of the database once a minute."""
    key = f"large:{firm.pk}"
    known: bool | None = cache.get(key)
    if known is None:
        known = Invoice.objects.filter(firm=firm).order_by("-changed_at")[LARGE : LARGE + 1].exists()
        cache.set(key, known, REMEMBERED)
    return known

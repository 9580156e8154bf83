"""Every kind of step that a firm's turn may take, the most urgent first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Q

from punte.web.delivery import worker
from punte.web.delivery.models import Submission
from punte.web.spv import fetching, listing

from .turns import Clock, Source


class Deliveries:
    name = "deliveries"

    def firms(self, now: datetime) -> Iterable[int]:
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return Submission.objects.filter(free, due_at__lte=now).order_by().values_list("firm_id", flat=True).distinct()

    def take(self, firm_id: int, now: datetime) -> Callable[[Clock], None] | None:
        submission = worker.take(firm_id, now)
        return None if submission is None else lambda clock: worker.advance(submission, clock)


def every() -> tuple[Source, ...]:
    return (Deliveries(), listing.SOURCE, fetching.SOURCE)

"""Files of the store that no row names: a filing that died between the two, or a copy put aside as spoiled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from .models import Link, SealedPackage
from .store import Found, Store

AGE = timedelta(days=7)  # younger ones may be of a filing under way, or of a backup being put back
AT_ONCE = 500


def orphans(store: Store) -> Iterator[Found]:
    """A file that a link still names is none, though its row be lost: it is what a cure needs."""
    part: list[Found] = []
    for one in store.everything():
        part.append(one)
        if len(part) == AT_ONCE:
            yield from _unnamed(part)
            part = []
    yield from _unnamed(part)


def sweep(store: Store, now: datetime) -> list[Found]:
    """Take away the orphans older than `AGE`; those that were."""
    old = [one for one in orphans(store) if one.written_at <= now - AGE]
    for one in old:
        store.remove(one.name)
    return old


def _unnamed(part: list[Found]) -> list[Found]:
    wanted = [one.sha256 for one in part if one.sha256]
    known = set(SealedPackage.objects.filter(sha256__in=wanted, removed_at=None).values_list("sha256", flat=True))
    known |= set(Link.objects.filter(sha256__in=set(wanted) - known).values_list("sha256", flat=True))
    return [one for one in part if one.sha256 not in known]

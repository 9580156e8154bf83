"""Bring packages that the database holds to the store, one by one; may be broken off and begun again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from .models import SealedPackage
from .store import Store

AT_ONCE = 100


def waiting() -> int:
    """How many the database still holds."""
    return SealedPackage.objects.exclude(held=b"").count()


def move(store: Store) -> Iterator[tuple[SealedPackage, bool]]:
    """Each package with whether it was moved: one whose bytes are not as they were filed stays, for `verify` to name.

    The file is written and read back before the row lets go of its bytes; code that reads the column alone must have
    ended by then (docs/operare/arhiva.md).
    """
    last = 0
    while part := list(SealedPackage.objects.filter(pk__gt=last).exclude(held=b"").order_by("pk")[:AT_ONCE]):
        for package in part:
            yield package, _move(package, store)
        last = part[-1].pk


def _move(package: SealedPackage, store: Store) -> bool:
    content = bytes(package.held)
    if hashlib.sha256(content).hexdigest() != package.sha256:
        return False
    store.put(content, package.sha256)
    if store.get(package.sha256) != content:
        return False
    SealedPackage.objects.filter(pk=package.pk).update(held=b"")
    return True

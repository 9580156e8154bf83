"""Where the packages' bytes lie: by their SHA-256, written once, never over another.

`store()` is the one that PUNTE_ARCHIVE names. Without the variable: a folder of the data directory beside SQLite; the
database itself beside PostgreSQL, whose hosts share no folder (docs/decisions/0012-the-archive-is-a-store-of-files.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings


class Missing(Exception):
    """The store holds nothing under this SHA-256; the text names it and the store."""


class Unreachable(Exception):
    """The store does not answer, or refuses us; the text says what it said. Nothing is known about its content."""


@dataclass(frozen=True, slots=True)
class Found:
    """One content as the store lists it. `sha256` "": a file that no name of ours explains (`name` says which)."""

    name: str
    sha256: str
    size: int
    written_at: datetime


class Store(Protocol):
    """Each raises Unreachable. All of it may be called by several processes at once."""

    def put(self, content: bytes, sha256: str) -> None:
        """Keep `content`, whose SHA-256 is `sha256`; on the disk for good when this returns. Twice is no fault."""

    def get(self, sha256: str) -> bytes:
        """The bytes as they lie there now: whoever must know compares their hash. Raises Missing."""

    def everything(self) -> Iterator[Found]:
        """What lies there, in no order."""

    def name_of(self, sha256: str) -> str:
        """The `Found.name` that this content has, or would have."""

    def remove(self, name: str) -> None:
        """Take away a `Found`; one that is gone already is no fault."""

    def describe(self) -> str:
        """For people: a folder, `s3://bucket/prefix`."""


def path_of(sha256: str) -> str:
    """
    >>> path_of("ab" + "cd" + "0" * 60)[:8]
    'ab/cd/ab'
    """
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def store() -> Store | None:
    """The store new packages go to; None: they stay in the database."""
    return _made(settings.ARCHIVE)


@cache
def _made(place: str) -> Store | None:
    if place == "database":
        return None
    if place.startswith("s3://"):
        from .s3 import S3

        return S3.at(place)
    from .disk import Disk

    return Disk(place)

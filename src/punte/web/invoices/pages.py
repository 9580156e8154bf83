"""Pages of a list ordered by name, by keyset: page 1,000 costs what page 1 does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

SIZE = 50


@dataclass(frozen=True, slots=True)
class NamePage:
    """Some rows, and the key of the last one where more follow."""

    rows: list[Any]
    after: int | None
    is_first: bool


def page_of(found: QuerySet[Any], after: str) -> NamePage:
    """The rows of `found` after the one with that key; from the beginning where it is not one of them.

    found  has the columns `search_name` and `pk`, and is ordered by them
    """
    last: Model | None = found.model._default_manager.filter(pk=int(after)).first() if _is_key(after) else None
    if last is not None:
        name = last.search_name  # type: ignore[attr-defined]
        found = found.filter(Q(search_name__gt=name) | Q(search_name=name, pk__gt=last.pk))
    rows = list(found[: SIZE + 1])
    return NamePage(rows[:SIZE], rows[SIZE - 1].pk if len(rows) > SIZE else None, last is None)


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) < 19

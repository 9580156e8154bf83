"""The days that are looked at: this month, unless others are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from punte.anaf.messages import LIST_AGE


class Period(NamedTuple):
    """Both days counted, in Romania's time."""

    first: date
    last: date

    @classmethod
    def asked(cls, said: Mapping[str, str], today: date) -> Period:
        """`?de_la=2026-11-01&pana_la=2026-11-22`; what cannot be read is this month, what is reversed is turned."""
        first = _day(said.get("de_la", "")) or today.replace(day=1)
        last = _day(said.get("pana_la", "")) or max(today, first)
        return cls(min(first, last), max(first, last))

    @property
    def starts_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time()))

    @property
    def ends_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time()))


def oldest_listed(now: datetime) -> date:
    """The first whole day that SPV still lists."""
    return timezone.localdate(now - LIST_AGE) + timedelta(days=1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""Numbers that no document carries, and why: what an inspector asks (OMFP 2634/2015, annex 1).

Numbers are given without gaps; one arises only where a person moves a series forward, or where documents were taken
out of the database by other hands. Each is found in the tables as they are, and explained once, in a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from punte.web.accounts.models import User

from .models import Counter, Gap, Invoice, Payment, Purpose, Series
from .numbering import upcoming, year_of


@dataclass(frozen=True, slots=True)
class Missing:
    """Numbers from `first` to `last` of a series that no document carries; `gap` explains them, where one does."""

    series: Series
    year: int
    first: int
    last: int
    gap: Gap | None = None

    def __str__(self) -> str:
        """`DI 0188`, `DI 0188 – DI 0190`."""
        ends = [self.series.label(number, self.year) for number in (self.first, self.last)]
        return ends[0] if self.first == self.last else " – ".join(ends)


class NotMissing(Exception):
    """A reason was given for numbers that documents carry, or that were never given."""


class NotForward(Exception):
    """A series only moves forward: a number lower than the next one was given already."""


def gaps(series: Series) -> list[Missing]:
    """Everything missing between the first number of each counter and the last one given, in order."""
    return [missing for counter in series.counters.order_by("year") for missing in _of(counter)]


def explain(series: Series, year: int, first: int, last: int, reason: str, user: User) -> Gap:
    """Write down why these numbers are missing. Raises NotMissing unless all of them are, unexplained so far."""
    with transaction.atomic():
        Series.objects.select_for_update().get(pk=series.pk)
        unexplained = (one for one in gaps(series) if one.gap is None and one.year == year)
        if not any(one.first <= first <= last <= one.last for one in unexplained):
            raise NotMissing
        return Gap.objects.create(series=series, year=year, first=first, last=last, reason=reason, written_by=user)


def skip(series: Series, to: int, reason: str, user: User, on: date) -> None:
    """Let the next number of `series` be `to`, for documents of the day `on`; what is passed over is explained.

    For numbers that were used elsewhere: by another program, or on paper. Raises NotForward.
    """
    year = year_of(series, on)
    with transaction.atomic():
        Series.objects.select_for_update().get(pk=series.pk)
        following = upcoming(series, on)
        if to <= following:
            raise NotForward
        Counter.objects.get_or_create(series=series, year=year, defaults={"next_number": to, "starts_at": following})
        Counter.objects.filter(series=series, year=year).update(next_number=to)
        Gap.objects.create(series=series, year=year, first=following, last=to - 1, reason=reason, written_by=user)


def report(series: Series, on: date) -> str:
    """The gaps of `series` as a text to be printed or sent to an inspector."""
    firm = series.firm
    lines = [
        _("Numere lipsă în seria %(series)s (%(purpose)s)")
        % {"series": series.prefix, "purpose": series.get_purpose_display().lower()},
        _("%(firm)s, CUI %(cui)s · situația din %(day)s")
        % {"firm": firm.name, "cui": firm.cui, "day": f"{on:%d.%m.%Y}"},
        "",
    ]
    for counter in series.counters.order_by("year"):
        last = counter.next_number - 1
        if last >= counter.starts_at:
            given = (series.label(counter.starts_at, counter.year), series.label(last, counter.year))
            lines.append(_("Numere date: de la %(first)s la %(last)s") % {"first": given[0], "last": given[1]})
    lines.append("")
    for missing in gaps(series):
        why = _("fără explicație")
        if gap := missing.gap:
            why = _("%(reason)s (scris de %(who)s pe %(day)s)") % {
                "reason": gap.reason,
                "who": gap.written_by,
                "day": f"{gap.written_at:%d.%m.%Y}",
            }
        lines.append(f"{missing}: {why}")
    if not lines[-1]:
        lines.append(_("Nu lipsește niciun număr."))
    return "\n".join(lines) + "\n"


def _of(counter: Counter) -> Iterator[Missing]:
    carried = _numbers(counter)
    if carried.count() == counter.next_number - counter.starts_at:
        return
    explained = list(counter.series.gaps.filter(year=counter.year).select_related("written_by").order_by("first"))
    present: Iterable[int] = carried.order_by("number").values_list("number", flat=True).iterator()
    for first, last in _holes(present, counter.starts_at, counter.next_number):
        yield from _cut(counter, first, last, explained)


def _numbers(counter: Counter):  # type: ignore[no-untyped-def]  # a query of either table
    table = Payment if counter.series.purpose == Purpose.RECEIPT else Invoice
    given = table._default_manager.filter(series=counter.series, year=counter.year)
    return given.filter(number__gte=counter.starts_at, number__lt=counter.next_number)


def _holes(present: Iterable[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What lies between: `[2, 5]` from 1 up to 7 → (1, 1), (3, 4), (6, 6)."""
    expected = start
    for number in present:
        if number > expected:
            yield expected, number - 1
        expected = number + 1
    if expected < end:
        yield expected, end - 1


def _cut(counter: Counter, first: int, last: int, explained: list[Gap]) -> Iterator[Missing]:
    """The hole in pieces: what each explanation covers, and what none does."""
    for gap in explained:
        if gap.last < first or gap.first > last:
            continue
        if gap.first > first:
            yield Missing(counter.series, counter.year, first, gap.first - 1)
        yield Missing(counter.series, counter.year, max(first, gap.first), min(last, gap.last), gap)
        first = gap.last + 1
    if first <= last:
        yield Missing(counter.series, counter.year, first, last)

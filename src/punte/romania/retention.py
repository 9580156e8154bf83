"""How long invoices are kept: law as dated data (retention.tsv). Nothing here, or anywhere, removes by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from . import dated


@dataclass(frozen=True, slots=True)
class Rule:
    """`years` whole years from the day `counted_from` (month, day) of the year after the financial year."""

    kind: str
    start: date
    end: date | None
    years: int
    counted_from: tuple[int, int]
    text_ro: str
    text_en: str
    act: str


@dataclass(frozen=True, slots=True)
class Kept:
    """`until`, included, by law; `offered_from`: the first day on which we offer removal, after the law's term."""

    until: date
    offered_from: date
    rule: Rule


@cache
def rules() -> tuple[Rule, ...]:
    found = []
    for row in dated.rows("retention.tsv"):
        month, day = map(int, row["counted_from"].split("-"))
        start, end = dated.day(row["from"]), dated.day(row["to"])
        assert start
        years, texts = int(row["years"]), (row["text_ro"], row["text_en"], row["act"])
        found.append(Rule(row["kind"], start, end, years, (month, day), *texts))
    return tuple(found)


def rule(kind: str, on: date) -> Rule:
    """Raises LookupError: no rule of that kind on that day."""
    for one in rules():
        if one.kind == kind and dated.in_force(one, on):
            return one
    raise LookupError(f"no rule {kind!r} on {on}")


def kept(financial_year: int, today: date) -> Kept:
    """How long what belongs to `financial_year` (the calendar's) is kept, by the rules in force `today`.

    >>> kept(2026, date(2026, 11, 22)).until, kept(2026, date(2026, 11, 22)).offered_from
    (datetime.date(2032, 6, 30), datetime.date(2037, 1, 1))
    """
    law = rule("law", today)
    until = _first_free(law, financial_year) - timedelta(days=1)
    return Kept(until, max(_first_free(rule("advised", today), financial_year), until + timedelta(days=1)), law)


def newest_offered(today: date) -> int:
    """The last financial year whose documents may be offered for removal `today`."""
    return next(year for year in range(today.year, 0, -1) if kept(year, today).offered_from <= today)


def _first_free(one: Rule, financial_year: int) -> date:
    month, day = one.counted_from
    return date(financial_year + 1 + one.years, month, day)

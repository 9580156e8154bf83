"""How long invoices are kept, by the rules of the day."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from punte.romania import retention


@pytest.mark.parametrize(
    ("year", "today", "until", "offered"),
    [
        (2026, date(2026, 11, 22), date(2032, 6, 30), date(2037, 1, 1)),  # 1.07.2027 + 5; 1.01.2027 + 10
        (2022, date(2026, 11, 22), date(2028, 6, 30), date(2033, 1, 1)),
        (2022, date(2023, 6, 30), date(2032, 12, 31), date(2033, 1, 1)),  # the old rule's last day: 1.01.2023 + 10
        (2022, date(2023, 7, 1), date(2028, 6, 30), date(2033, 1, 1)),
    ],
)
def test_kept(year, today, until, offered):
    kept = retention.kept(year, today)
    assert (kept.until, kept.offered_from) == (until, offered)
    assert kept.offered_from > kept.until


def test_the_newest_year_offered_is_the_last_whose_term_is_over():
    assert retention.newest_offered(date(2036, 12, 31)) == 2025
    assert retention.newest_offered(date(2037, 1, 1)) == 2026


def test_each_kind_has_one_rule_on_each_day():
    for kind in ("law", "advised"):
        rows = sorted((one for one in retention.rules() if one.kind == kind), key=lambda one: one.start)
        for before, after in pairwise(rows):
            assert before.end
            assert (after.start - before.end).days == 1
        assert rows[-1].end is None

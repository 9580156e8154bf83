from datetime import UTC, datetime

import pytest

from punte.anaf.sentences import next_midnight


@pytest.mark.parametrize(
    ("at", "midnight"),
    [
        (datetime(2026, 11, 22, 12, 0, tzinfo=UTC), datetime(2026, 11, 22, 22, 0, tzinfo=UTC)),  # UTC+2
        (datetime(2026, 11, 22, 22, 0, tzinfo=UTC), datetime(2026, 11, 23, 22, 0, tzinfo=UTC)),  # 00:00 there: a day on
        (datetime(2026, 7, 1, 12, 0, tzinfo=UTC), datetime(2026, 7, 1, 21, 0, tzinfo=UTC)),  # UTC+3
        (datetime(2026, 10, 24, 21, 30, tzinfo=UTC), datetime(2026, 10, 25, 22, 0, tzinfo=UTC)),  # the 25-hour day
    ],
)
def test_counters_start_again_at_midnight_in_romania(at, midnight):
    assert next_midnight(at) == midnight

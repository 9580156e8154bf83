"""Working days and the last day to send, over the turns of the year and the movable feasts."""

from datetime import date

import pytest

from punte.romania.calendar import add_working_days, deadline, is_working_day, public_holidays


@pytest.mark.parametrize(
    ("issued", "last"),
    [
        ("2026-01-02", "2026-01-13"),  # 5, 8, 9, 12, 13 Jan: 6 and 7 are Epiphany and St John
        ("2026-04-03", "2026-04-14"),  # 10 and 13 Apr are Good Friday and Easter Monday: 6, 7, 8, 9, 14
        ("2026-04-08", "2026-04-17"),  # 9, 14, 15, 16, 17
        ("2026-05-28", "2026-06-05"),  # 29, then 2, 3, 4, 5: 1 June is Pentecost Monday and Children's Day at once
        ("2026-11-20", "2026-11-27"),  # 23 to 27: a plain week
        ("2026-11-27", "2026-12-08"),  # 30 Nov and 1 Dec are holidays: 2, 3, 4, 7, 8
        ("2026-11-28", "2026-12-08"),  # issued on a Saturday: the same
        ("2026-12-18", "2026-12-28"),  # 21, 22, 23, 24, 28: 25 is Christmas, 26 a Saturday
        ("2026-12-24", "2027-01-04"),  # 28, 29, 30, 31, 4: over New Year
        ("2026-12-31", "2027-01-12"),  # 4, 5, 8, 11, 12
        ("2027-04-28", "2027-05-07"),  # 29, 4, 5, 6, 7: 30 Apr Good Friday, 3 May Easter Monday
        ("2028-05-31", "2028-06-09"),  # 2, 6, 7, 8, 9: 1 and 5 June
        ("2025-12-30", "2026-01-04"),  # until the end of 2025 five calendar days, a Sunday or not
        ("2024-06-28", "2024-07-05"),  # the first half of 2024: working days
    ],
)
def test_the_last_day_to_send(issued, last):
    assert deadline(date.fromisoformat(issued)) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("issued", "last"),
    [
        ("2026-11-10", "2026-11-17"),  # in time: counted from the issue
        ("2026-11-18", "2026-11-20"),  # late: counted from 15 November, a Sunday: 16 to 20
    ],
)
def test_issuing_late_gives_no_extra_time(issued, last):
    assert deadline(date.fromisoformat(issued), chargeable_event=date(2026, 10, 31)) == date.fromisoformat(last)


def test_before_2024_there_was_no_term():
    with pytest.raises(ValueError, match="2023-12-31"):
        deadline(date(2023, 12, 31))


@pytest.mark.parametrize(
    ("year", "on_weekdays"),  # Codul muncii art. 139, Orthodox Easter
    [
        (2025, "01-01 01-02 01-06 01-07 01-24 04-18 04-21 05-01 06-09 08-15 12-01 12-25 12-26"),
        (2026, "01-01 01-02 01-06 01-07 04-10 04-13 05-01 06-01 11-30 12-01 12-25"),
        (2027, "01-01 01-06 01-07 04-30 05-03 06-01 06-21 11-30 12-01"),
        (2028, "01-06 01-07 01-24 04-14 04-17 05-01 06-01 06-05 08-15 11-30 12-01 12-25 12-26"),
    ],
)
def test_the_holidays_that_fall_on_weekdays(year, on_weekdays):
    found = sorted(day for day in public_holidays(year) if day.weekday() < 5)
    assert " ".join(f"{day:%m-%d}" for day in found) == on_weekdays


def test_the_day_itself_does_not_count():
    assert is_working_day(date(2026, 11, 20))
    assert add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 23)

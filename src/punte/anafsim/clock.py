"""The simulator's clock, which can be moved, and the ways ANAF writes a moment.

Every text of ANAF is in Romanian wall time without an offset; the interval of a listing is in epoch milliseconds.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ROMANIA = ZoneInfo("Europe/Bucharest")
FURTHEST = timedelta(days=3660)


class Clock:
    """The real time plus an offset. Certificates are checked by TLS against the real time, whatever this clock says."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset

    @property
    def offset(self) -> timedelta:
        return self._offset

    def now(self) -> datetime:
        """The simulator's present, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def advance(self, seconds: float) -> None:
        """Move by `seconds`, forwards or back. Raises ValueError beyond ten years from the real time."""
        furthest = FURTHEST.total_seconds()
        if abs(seconds) > 2 * furthest or abs(self._offset.total_seconds() + seconds) > furthest:
            raise ValueError("the clock cannot be moved further than ten years from the real time")
        self._offset += timedelta(seconds=seconds)


def minute(moment: datetime) -> str:
    """`dateResponse`, `data_creare`: 202611221015."""
    return moment.astimezone(ROMANIA).strftime("%Y%m%d%H%M")


def second(moment: datetime) -> str:
    """Titles, errors, timestamps: 22-11-2026 10:15:01."""
    return moment.astimezone(ROMANIA).strftime("%d-%m-%Y %H:%M:%S")


def day(moment: datetime) -> date:
    """The Romanian calendar day, by which the daily limits are counted."""
    return moment.astimezone(ROMANIA).date()

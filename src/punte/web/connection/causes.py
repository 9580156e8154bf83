"""What an error of ANAF's means for a person: its key in diagnoses.tsv."""

from __future__ import annotations

from punte.anaf.errors import (
    AccessDenied,
    AnafError,
    Blocked,
    ClockAhead,
    Declined,
    Expired,
    Misconfigured,
    Missing,
    RateLimited,
    Reauthorise,
    Unwell,
)


def cause(error: AnafError) -> str:
    """A key; empty for a limit of the minute or the day, which passes by itself and is nobody's mistake."""
    match error:
        case AccessDenied(missing=Missing.ALL):
            return "C09"
        case AccessDenied():
            return "C08"
        case Blocked():
            return "S07"
        case ClockAhead():
            return "S09"
        case Expired():
            return "S10"
        case Reauthorise():
            return "T03"
        case Misconfigured():
            return "T05"
        case RateLimited():
            return ""
        case Declined():
            return "S03"
        case Unwell(text=text) if "eroare tehnica" in text.lower():
            return "S03"
    return "S06" if "mentenan" in error.text.lower() else "S01"

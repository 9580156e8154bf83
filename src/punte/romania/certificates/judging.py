"""Will this certificate serve at ANAF? As far as it can tell by itself; enrolment in SPV does not stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from punte.en16931 import tables

from .reading import CertificateReport, KeyUse
from .wording import worded

SOON = timedelta(days=30)


class Tone(StrEnum):
    GOOD = "good"
    WARN = "warn"  # works, or may; look at it
    BAD = "bad"  # ANAF will refuse it


@dataclass(frozen=True, slots=True)
class Judgement:
    """A row of judgements.tsv: `about` groups them, `text` says what it means, `cure` what to do (may be empty)."""

    key: str
    tone: Tone
    about: str
    text: str
    cure: str


def judge(
    report: CertificateReport,
    now: datetime,
    *,
    connected: str = "",
    connected_at: datetime | None = None,
    language: str = "ro",
) -> tuple[Judgement, ...]:
    """One judgement on each question, in the order in which a person should mind them.

    connected, connected_at  serial and moment of the last connection to ANAF; empty, None when there was none
    language  of the words: `ro`, `en`
    """
    return tuple(_judgements(language)[key] for key in _keys(report, now, connected, connected_at))


def _keys(report: CertificateReport, now: datetime, connected: str, connected_at: datetime | None) -> Iterator[str]:
    yield f"qualified-{report.qualified}"
    if now < report.not_before:
        yield "validity-not-yet"
    elif now >= report.not_after:
        yield "validity-over"
    else:
        yield "validity-soon" if report.not_after - now < SOON else "validity-good"
    yield f"key-{report.key_use}"
    if report.key_use is KeyUse.SIGN_IN and not report.for_browsers:
        yield "key-not-for-browsers"
    if report.issuer_known:
        yield "issuer-known"
    else:
        yield "issuer-company" if report.provider else "issuer-unknown"
    if connected and connected_at:
        if connected == report.serial:
            yield "connection-same"
        else:
            yield "connection-renewed" if report.not_before > connected_at else "connection-other"


def serves(judgements: tuple[Judgement, ...]) -> Tone:
    """The worst of them."""
    tones = {judgement.tone for judgement in judgements}
    return next(tone for tone in (Tone.BAD, Tone.WARN, Tone.GOOD) if tone in tones)


@cache
def _judgements(language: str) -> dict[str, Judgement]:
    return {
        row["key"]: Judgement(row["key"], Tone(row["tone"]), row["about"], row["text"], row["cure"])
        for row in (worded(row, language) for row in tables.rows(__file__, "judgements.tsv"))
    }

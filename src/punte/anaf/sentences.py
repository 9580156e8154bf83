"""What ANAF's sentences mean. The table is sentences.tsv; the literals are in docs/anaf/errors.md.

HTTP 200 means nothing: rights, limits, expiry and "no messages" all come as a sentence in a 200.
"""

import re
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from punte.anaf.body import Kind, kind_of, sentence
from punte.anaf.channel import Reply
from punte.anaf.errors import (
    AccessDenied,
    AnafError,
    Blocked,
    ClockAhead,
    Declined,
    Expired,
    LimitScope,
    Misconfigured,
    Missing,
    NotFound,
    RateLimited,
    Reauthorise,
    Unwell,
)

BUCHAREST = ZoneInfo("Europe/Bucharest")
#: How long to pause when the gateway names no `Retry-After`: its limit is counted by the minute.
GATEWAY_PAUSE = 60


class Meaning(StrEnum):
    NO_RIGHT_COMPANY = "no_right_company"
    NO_RIGHT_MESSAGE = "no_right_message"
    NO_RIGHTS_AT_ALL = "no_rights_at_all"
    LIMIT_USER = "limit_user"
    LIMIT_COMPANY = "limit_company"
    LIMIT_MESSAGE = "limit_message"
    TECHNICAL = "technical"
    EMPTY = "empty"
    UNKNOWN_ID = "unknown_id"
    EXPIRED = "expired"
    CLOCK_AHEAD = "clock_ahead"
    PAST_THE_END = "past_the_end"
    PARAMETER = "parameter"  # the question was put wrongly
    DOCUMENT = "document"  # the document was refused
    UNKNOWN = "unknown"  # none of the sentences we know


_MISSING = {
    Meaning.NO_RIGHT_COMPANY: Missing.COMPANY,
    Meaning.NO_RIGHT_MESSAGE: Missing.MESSAGE,
    Meaning.NO_RIGHTS_AT_ALL: Missing.ALL,
}
_LIMIT = {
    Meaning.LIMIT_USER: LimitScope.USER,
    Meaning.LIMIT_COMPANY: LimitScope.COMPANY,
    Meaning.LIMIT_MESSAGE: LimitScope.MESSAGE,
}


@cache
def _table() -> tuple[tuple[Meaning, re.Pattern[str]], ...]:
    lines = files("punte.anaf").joinpath("sentences.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    return tuple((Meaning(meaning), re.compile(pattern, re.IGNORECASE)) for meaning, pattern, *_ in rows)


def meanings(text: str) -> list[Meaning]:
    """Every line of the table that the sentence matches; the table is right when there is at most one."""
    sentence = " ".join(text.split())
    return [meaning for meaning, pattern in _table() if pattern.search(sentence)]


def meaning_of(text: str) -> Meaning:
    return next(iter(meanings(text)), Meaning.UNKNOWN)


def barrier(text: str, reply: Reply, *, cif: str | None = None) -> AccessDenied | RateLimited | None:
    """The sentence as missing right or reached limit, which are errors on every call; None when it is neither."""
    meaning = meaning_of(text)
    if meaning in _MISSING:
        named = re.search(r"CIF\s*=\s*(\d+)", text)
        return AccessDenied(named[1] if named else cif, text, _MISSING[meaning], reply.body)
    if meaning in _LIMIT:
        return limited(text, _LIMIT[meaning], reply)
    return None


def error_of(text: str, reply: Reply, *, cif: str | None = None) -> AnafError:
    """The sentence as the error it is on a call that is safe to repeat."""
    meaning = meaning_of(text)
    match meaning:
        case Meaning.TECHNICAL:
            return Unwell(text, reply.body)
        case Meaning.UNKNOWN_ID:
            return NotFound(text, reply.body)
        case Meaning.EXPIRED:
            return Expired(text, reply.body)
        case Meaning.CLOCK_AHEAD:
            return ClockAhead(text, _quoted_now(text), body=reply.body)
        case Meaning.UNKNOWN if reply.status >= 500:
            return Unwell(text, reply.body)
        case _:
            known = meaning is not Meaning.UNKNOWN
            return barrier(text, reply, cif=cif) or Declined(text, known=known, body=reply.body)


def gate(reply: Reply, text: str) -> AnafError | None:
    """What the gateway's status alone decides, before any body is believed. `text`: what the body says, if anything."""
    said = f"HTTP {reply.status}: {text}".rstrip(": ")
    if reply.status == 401:
        return Reauthorise(said, reply.body)
    if reply.status == 429:
        return limited(said, LimitScope.MINUTE, reply)
    if reply.status in (403, 404) or 300 <= reply.status < 400:
        return Misconfigured(said, reply.body)
    return None


def unwell(reply: Reply) -> Unwell:
    """An answer that is none, on a call that is safe to repeat: an outage, or the firewall's page."""
    said = sentence(reply.body) or f"HTTP {reply.status}"
    if kind_of(reply.body) is Kind.HTML and b"The requested URL was rejected" in reply.body:
        support_id = re.search(rb"support ID is:\s*(\d+)", reply.body)
        return Blocked(said, reply.body, support_id[1].decode() if support_id else None)
    return Unwell(said, reply.body)


def limited(text: str, scope: LimitScope, reply: Reply) -> RateLimited:
    at = reply.received_at
    if scope is LimitScope.MINUTE:
        until = at + timedelta(seconds=reply.retry_after if reply.retry_after is not None else GATEWAY_PAUSE)
    else:
        until = next_midnight(at)
    return RateLimited(text, scope, until, answered_at=at, body=reply.body)


def next_midnight(at: datetime) -> datetime:
    """When ANAF's daily counters start again after `at` (aware): midnight in Romania, in UTC."""
    tomorrow = at.astimezone(BUCHAREST).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), BUCHAREST).astimezone(UTC)


def _quoted_now(text: str) -> datetime | None:
    """ANAF's clock, where its sentence ends with it. In the doubled hour of October the earlier instant is meant."""
    quoted = re.search(r"requestului = (\d{2}-\d{2}-\d{4} \d{2}:\d{2}:\d{2})\s*$", text)
    if quoted is None:
        return None
    try:
        moment = datetime.strptime(quoted[1], "%d-%m-%Y %H:%M:%S").replace(tzinfo=BUCHAREST)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None

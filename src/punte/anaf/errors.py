"""Errors, split by what the caller does next. Source: docs/anaf/errors.md.

AnafError
├── NotSent          nothing left this machine: send again whenever you like
├── ReplyLost        it may have arrived, the answer did not: look in SPV before sending again
├── Unwell           ANAF is unwell and the call is safe to repeat: repeat it later, with growing pauses
│   └── Blocked      its firewall refuses these very bytes: ask by another road, not again
├── RateLimited      stop this call for this key until `until`
├── NotFound         ANAF does not know this id; it may, some minutes after an upload
├── AccessDenied     the certificate has no right here: a person must obtain it in SPV
├── Reauthorise      the tokens are dead: a person must authorise again with the certificate
├── Misconfigured    client id or secret, enrolment of the application, an address: the operator must act
├── Expired          more than 60 days have passed: ANAF gives it no more
├── Declined         ANAF answered this question with another sentence; asked again, it will say the same
│   └── ClockAhead   the question's end lies in ANAF's future: ask up to its moment, and set this machine's clock
└── BadPackage       the ZIP is not one of ANAF's: keep the bytes, show a person

A document refused with reasons is no error: it is a value, `Receipt.refusals` or `Validation.errors`.
`text` is always what ANAF said, verbatim, or, when ANAF said nothing readable, what happened on the wire; `body`, the
first 4096 bytes of what came, HTML too, for whoever writes to ANAF about it (empty where an answer may hold a token).
"""

from datetime import UTC, datetime
from enum import StrEnum

#: Bytes of an answer that an error keeps.
KEPT = 4096


class AnafError(Exception):
    """Base of the tree. `text` is kept verbatim, and is what `str()` prints; `body` at most `KEPT` bytes."""

    def __init__(self, text: str, body: bytes = b"") -> None:
        super().__init__(text)
        self.text = text
        self.body = body[:KEPT]


class NotSent(AnafError):
    """Name not resolved, connection refused, connect timeout, TLS handshake failed. Nothing left this machine."""


class ReplyLost(AnafError):
    """The request may have taken effect: no answer, half an answer, or one from which nothing follows."""


class Unwell(AnafError):
    """5xx, HTML, emptiness, a technical code or a dropped connection on a call that is safe to repeat."""


class Blocked(Unwell):
    """The firewall's page: it dislikes something in these bytes, and will again. docs/anaf/validation.md, "Firewall".

    `support_id`: the number on the page by which ANAF finds the case; None when it gives none.
    """

    def __init__(self, text: str, body: bytes = b"", support_id: str | None = None) -> None:
        super().__init__(text, body)
        self.support_id = support_id


class LimitScope(StrEnum):
    MINUTE = "minute"  # all calls of the application together, 1000 a minute
    MESSAGE = "message"  # this call for this message, a day
    COMPANY = "company"  # this call for this CIF, a day
    USER = "user"  # this call for this certificate, a day


class RateLimited(AnafError):
    """A limit was reached. Daily counters start again at midnight in Romania.

    until        aware instant (UTC) from which asking again makes sense
    retry_after  the same, in seconds from the moment of the answer
    """

    def __init__(
        self,
        text: str,
        scope: LimitScope,
        until: datetime,
        *,
        answered_at: datetime | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(text, body)
        self.scope = scope
        self.until = until
        self.retry_after = (until - (answered_at or datetime.now(UTC))).total_seconds()


class NotFound(AnafError):
    """An unknown upload index or download id."""


class Missing(StrEnum):
    """Which right is missing."""

    COMPANY = "company"  # no right on this CIF
    MESSAGE = "message"  # no right on the company of this message
    ALL = "all"  # the certificate has no right on any CIF


class AccessDenied(AnafError):
    """`cif`: the company asked for; None when ANAF's sentence and the call name none."""

    def __init__(self, cif: str | None, text: str, missing: Missing = Missing.COMPANY, body: bytes = b"") -> None:
        super().__init__(text, body)
        self.cif = cif
        self.missing = missing


class Reauthorise(AnafError):
    """401 from the gateway, or the identity provider takes neither code nor refresh token.

    A 401 means: refresh once, ask once more; when it comes again, a person must authorise.
    """


class Misconfigured(AnafError):
    """Wrong client credentials, application not enrolled for the service, or a path ANAF does not have."""


class Expired(AnafError):
    """Past the 60 days in which ANAF gives a message."""


class Declined(AnafError):
    """A wrong parameter, or a sentence we do not know.

    `known` is False for a sentence that stands in no document or recording: show it to a person.
    """

    def __init__(self, text: str, *, known: bool = True, body: bytes = b"") -> None:
        super().__init__(text, body)
        self.known = known


class ClockAhead(Declined):
    """ANAF's clock is behind the end of the window asked for.

    `anaf_now`: aware, UTC, ANAF's clock as its sentence quotes it, to the second; None in the documented form.
    """

    def __init__(self, text: str, anaf_now: datetime | None, *, body: bytes = b"") -> None:
        super().__init__(text, body=body)
        self.anaf_now = anaf_now


class BadPackage(AnafError):
    """Not a ZIP, over the limits, or without exactly one document."""

"""What to do next: one pure function from where a submission stands and what came back to the step to take.

No database, no socket, no clock: `worker.py` carries the step out and writes it down. The table of tests is
tests/web/delivery/test_steps.py; why each arrow, docs/anaf/ (upload.md on the unknown outcome, limits.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from punte.anaf import errors
from punte.anaf.efactura import MessageState, Receipt
from punte.anaf.efactura import State as AnafState
from punte.anaf.package import ErrorLine
from punte.web.connection.client import NotConnected

from .models import State

#: pauses between two looks at a document in work; together far below ANAF's 100 a day (docs/anaf/limits.md)
WATCH = tuple(timedelta(seconds=s) for s in (30, 60, 120, 300, 900, 1800, 3600))
#: pauses between two lists: ANAF lists up to 15 minutes late
LISTING = tuple(timedelta(seconds=s) for s in (120, 300, 600, 900, 1800, 3600))
#: pauses after nothing left this machine
RETRY = tuple(timedelta(seconds=s) for s in (10, 30, 60, 120, 300, 600, 900))
LISTING_LAG = timedelta(minutes=20)  # ANAF lists up to 15 minutes late
PROVED_ABSENT = timedelta(minutes=60)  # a listing this long after the attempt that shows nothing
UNREAD_AGAIN = timedelta(hours=4)  # for a candidate that could not be opened: far below ANAF's 10 downloads a day
UNREAD_SOON = 5  # looks of the state before that: what was cut on its way comes whole the next time
PACKAGE_AGAIN = timedelta(hours=3)  # the same for the package of an accepted one
PACKAGE_TRIES = 16  # two days of them
UNKNOWN_INDEX_IS_NORMAL = 6  # looks during which ANAF may not yet know an index that it gave us
ASK_LOCALLY = timedelta(seconds=30)  # a wait for something of ours costs no call at ANAF
NO_RIGHT = timedelta(hours=1)  # rights in SPV change within a day


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a submission stands. `pace` scales every pause: 1 with ANAF, less with a simulator."""

    state: State
    tries: int = 0
    uncertain_since: datetime | None = None
    adopting: bool = False  # ANAF called ours a duplicate; we look whether the earlier document is ours
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Died:
    """A worker took the submission to `sending` and was not heard of again."""


@dataclass(frozen=True, slots=True)
class Searched:
    """SPV was listed at `at` and every candidate compared: `upload_index` holds our bytes, or None does.

    unread    candidates that could not be opened and may be ours: they prove nothing absent
    compared  False: the index is a person's word, and ANAF gives out nothing to compare
    """

    upload_index: str | None
    at: datetime
    unread: int = 0
    compared: bool = True


@dataclass(frozen=True, slots=True)
class TooOld:
    """The upload left more than 60 days ago: ANAF no longer lists that time."""


@dataclass(frozen=True, slots=True)
class WrongIndex:
    """Under the index that a person gave ANAF holds another document, or none that it shows us: `text` says why."""

    upload_index: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """The firm's list has a row of it: accepted, or refused. `download_id`: "" where ANAF leaves it out."""

    accepted: bool
    download_id: str


@dataclass(frozen=True, slots=True)
class NotListed:
    """The firm's mailbox was listed, and has no row of it yet."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """ANAF said nok, and this is its error file."""

    download_id: str
    lines: tuple[ErrorLine, ...]
    package_id: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """The document ANAF holds under the earlier index is ours byte for byte, or another's."""

    ours: bool
    upload_index: str
    download_id: str


@dataclass(frozen=True, slots=True)
class Filed:
    """The package is in the archive, under this key; `seal`: a `SealVerdict`."""

    package_id: int
    seal: str


@dataclass(frozen=True, slots=True)
class StoodBack:
    """ANAF refused the certificate that served; another of the firm's goes on."""


Answer: TypeAlias = (
    Receipt
    | MessageState
    | Listed
    | NotListed
    | Rejected
    | Earlier
    | Filed
    | Searched
    | TooOld
    | WrongIndex
    | Died
    | StoodBack
    | NotConnected
    | errors.AnafError
)


@dataclass(frozen=True, slots=True)
class Step:
    """What to write: the new state (None: stay), when to look again (None: never), the line of history."""

    to: State | None
    due_at: datetime | None
    kind: str = ""  # a key of `words.WORDS`; "" writes no line
    text: str = ""  # ANAF's own words, or an index
    waiting_for: str = ""  # a key of `words.WORDS` too: why nothing moves; "" when all goes its way
    facts: dict[str, Any] = field(default_factory=dict)


def next_step(here: Situation, answer: Answer, now: datetime) -> Step:
    """The step after `answer`. Every state accepts every answer: what makes no sense there is looked at later."""

    def later(pause: timedelta) -> datetime:
        return now + pause * here.pace

    def stay(pause: timedelta, kind: str = "") -> Step:
        return Step(None, later(pause), kind, str(answer) if kind else "", waiting_for=kind)

    def requeue(kind: str, pause: timedelta, text: str = "") -> Step:
        """Nothing was filed: wait in `queued`, or where we are when no upload was at stake. `kind` says for what."""
        to = State.QUEUED if here.state is State.SENDING else None
        return Step(to, later(pause), kind, text, waiting_for=kind)

    def refuse(lines: Sequence[str]) -> Step:
        """ANAF did not take the document over: it never was in SPV."""
        findings = [{"text": text, "rule": None} for text in lines]
        return Step(State.REFUSED, None, "refused", next(iter(lines), ""), facts={"findings": findings})

    retry = RETRY[min(here.tries, len(RETRY) - 1)]
    watch = WATCH[min(here.tries, len(WATCH) - 1)]

    listing = LISTING[min(here.tries, len(LISTING) - 1)]

    match here.state, answer:
        # --- what the upload brought ---
        case State.SENDING, Receipt(upload_index=str() as index):
            return Step(State.PROCESSING, later(WATCH[0]), "sent", index, facts={"upload_index": index})
        case State.SENDING, Receipt(refusals=refusals) if refusals:
            return refuse(refusals)
        case State.SENDING, errors.Declined():
            return refuse((str(answer),))

        # --- is it in SPV? ---
        case State.UNCERTAIN, Searched(upload_index=str() as index, compared=compared):
            facts = {"upload_index": index, "duplicate_of": ""}
            return Step(State.PROCESSING, now, "found" if compared else "believed", index, facts=facts)
        case State.UNCERTAIN, Searched(upload_index=None, at=at, unread=unread):
            proof = (here.uncertain_since or at) + PROVED_ABSENT * here.pace
            if at < proof:
                return Step(None, max(now, min(later(LISTING_LAG), proof)))
            if unread:
                pause = LISTING_LAG if here.tries < UNREAD_SOON else UNREAD_AGAIN
                return Step(None, later(pause), "unreadable", waiting_for="unreadable")
            return Step(State.QUEUED, now, "absent", facts={"uncertain_since": None})
        case State.UNCERTAIN, TooOld():
            return Step(None, None, "too-old", waiting_for="too-old")
        case State.UNCERTAIN, WrongIndex(upload_index=index, text=said):
            return Step(None, None, "wrong-index", said or index, waiting_for="wrong-index", facts={"duplicate_of": ""})

        # --- what became of it ---
        case State.PROCESSING, Listed(accepted=True, download_id=str() as id) if id and not here.adopting:
            return Step(State.ACCEPTED, now, "accepted", facts={"download_id": id})
        case State.PROCESSING, Listed():
            return Step(None, now)  # its error file, or the id that the list left out, is a question of its own
        case State.PROCESSING, NotListed():
            return stay(listing)
        case State.PROCESSING, MessageState(state=AnafState.OK, download_id=str() as id) if not here.adopting:
            return Step(State.ACCEPTED, now, "accepted", facts={"download_id": id})
        case State.PROCESSING, MessageState(state=AnafState.NOT_TAKEN, errors=lines):
            return refuse(lines)
        case State.PROCESSING, Rejected(lines=lines, download_id=id, package_id=package_id):
            earlier = next((line.duplicate_of for line in lines if line.duplicate_of), None)
            if earlier and not here.adopting:
                return Step(None, now, "duplicate", earlier, facts={"duplicate_of": earlier})
            findings = [{"text": line.text, "rule": line.rule} for line in lines]
            kept = {"findings": findings, "download_id": id, "package_id": package_id}
            return Step(State.REJECTED, None, "rejected", facts=kept)
        case State.PROCESSING, Earlier(ours=True, upload_index=index, download_id=id):
            return Step(State.ACCEPTED, now, "adopted", index, facts={"upload_index": index, "download_id": id})
        case State.PROCESSING, Earlier(ours=False, upload_index=index):
            return Step(State.REJECTED, None, "other-duplicate", index)
        case State.ACCEPTED, Filed(package_id=package_id, seal=seal):
            return Step(None, None, "archived", seal, facts={"package_id": package_id})
        case State.ACCEPTED, errors.BadPackage() if here.tries < PACKAGE_TRIES:
            return stay(watch if here.tries < 3 else PACKAGE_AGAIN, "broken-package")  # the next one may come whole
        case State.ACCEPTED, errors.Expired() | errors.BadPackage():
            return Step(None, None, "no-package", str(answer), waiting_for="no-package")

        # --- why it could not be sent or asked ---
        case _, NotConnected():
            return requeue(answer.kind, ASK_LOCALLY)  # our own words: `words` says them, in the reader's language
        case _, StoodBack():
            return requeue("reserve", ASK_LOCALLY)
        case _, errors.Reauthorise():
            return requeue("reauthorise", ASK_LOCALLY, str(answer))
        case _, errors.NotSent():
            return requeue("anaf-down", retry, str(answer))
        case _, errors.AccessDenied():
            return requeue("no-right", NO_RIGHT, str(answer))
        case _, errors.Misconfigured():
            return requeue("misconfigured", NO_RIGHT, str(answer))
        case _, errors.RateLimited(until=until):
            return replace(requeue("limited", NO_RIGHT, str(answer)), due_at=until)

        # --- nothing certain came back ---
        case State.SENDING, _:  # ReplyLost, Unwell, Died, an acceptance without index
            text = str(answer) if isinstance(answer, errors.AnafError) else ""
            return Step(State.UNCERTAIN, later(LISTING_LAG), "uncertain", text, facts={"uncertain_since": now})
        case _, errors.NotFound() if here.tries < UNKNOWN_INDEX_IS_NORMAL:
            return stay(watch)
        case _, errors.NotFound() | errors.Expired() | errors.Declined() | errors.BadPackage():
            return stay(timedelta(hours=1), "strange-answer")
        case _, errors.AnafError():
            return stay(watch, "anaf-down")
    return stay(watch)

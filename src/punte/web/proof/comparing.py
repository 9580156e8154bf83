"""What SPV lists against what we hold, both ways. Reads tables alone; the list was asked for afresh before.

Matched by upload index, over everything we ever sent or were listed; the period says only what is looked at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db.models import Q

from punte.anaf.errors import BadPackage
from punte.anaf.messages import MessageKind
from punte.anaf.package import open_package
from punte.web.delivery.models import State, Submission
from punte.web.delivery.steps import LISTING_LAG
from punte.web.firms.models import Firm
from punte.web.inbox.models import Document
from punte.web.invoices.models import Frozen
from punte.web.spv.models import Keeping, Message

from .models import Difference, Kind

T = TypeVar("T")
PART = 100  # packages opened between two tellings of progress
SETTLED = {State.ACCEPTED, State.REJECTED, State.REFUSED}


@dataclass(slots=True)
class Found:
    """What came of it: the counts of `models.Check`, and the differences, not yet saved."""

    ours: int = 0
    listed: int = 0
    rejected: int = 0
    came: int = 0
    here: int = 0
    differences: list[Difference] = field(default_factory=list)

    def differs(self, kind: Kind, **facts: object) -> None:
        one = Difference(kind=kind, **facts)
        if one.message:
            one.upload_index = one.message.upload_index
        elif one.submission:
            one.upload_index = one.submission.watched_index
        self.differences.append(one)


def compare(
    firm: Firm, start: datetime, end: datetime, now: datetime, progress: Callable[[int, int], None] = lambda *_: None
) -> Found:
    """Both ways, for what was sent, or listed, in [start, end)."""
    found = Found()
    rows = list(
        Message.objects.filter(firm=firm, created_at__gte=start, created_at__lt=end)
        .exclude(kind="")
        .order_by("created_at", "pk")
    )
    sent, errors, received = _sorted(firm, rows)
    ours = _ours(firm, start, end, {*sent, *errors})
    told = _told(firm, ours)
    for done, submission in enumerate(_with_equality(ours), 1):
        _one_of_ours(found, submission, told.get(submission.upload_index, {}), now)
        if done % PART == 0:
            progress(done, len(ours))
    _unknown(found, firm, sent, errors)
    _received(found, firm, received)
    order = list(Kind)
    found.differences.sort(key=lambda one: order.index(Kind(one.kind)))
    return found


Rows = dict[str, Message]


def _sorted(firm: Firm, rows: list[Message]) -> tuple[Rows, Rows, list[Message]]:
    """By index: what the firm sent, the errors; and all that came to it, self-billed expenses too."""
    sent: Rows = {}
    errors: Rows = {}
    received: list[Message] = []
    for row in rows:
        if row.kind == str(MessageKind.SENT):
            sent[row.upload_index] = row
            if row.buyer_cif == firm.cui and row.seller_cif != firm.cui:
                received.append(row)
        elif row.kind == str(MessageKind.ERRORS):
            errors[row.upload_index] = row
        elif row.kind == str(MessageKind.RECEIVED):
            received.append(row)
    return sent, errors, received


def _ours(firm: Firm, start: datetime, end: datetime, indexes: set[str]) -> list[int]:
    """Keys of what was tried in the period, and of what is listed in it."""
    tried = Q(attempts__started_at__gte=start, attempts__started_at__lt=end)
    keys = set(Submission.objects.filter(tried, firm=firm).values_list("pk", flat=True))
    held = Submission.objects.filter(firm=firm).exclude(upload_index="").values_list("pk", "upload_index")
    return sorted(keys | {pk for pk, index in held if index in indexes})


def _told(firm: Firm, keys: list[int]) -> dict[str, dict[str, Message]]:
    """What was ever listed of them, whenever: by index and kind."""
    told: dict[str, dict[str, Message]] = {}
    for part in _parts(keys):
        indexes = Submission.objects.filter(pk__in=part).exclude(upload_index="").values("upload_index")
        wanted = [str(MessageKind.SENT), str(MessageKind.ERRORS)]
        for row in Message.objects.filter(firm=firm, upload_index__in=indexes, kind__in=wanted):
            told.setdefault(row.upload_index, {})[row.kind] = row
    return told


def _with_equality(keys: list[int]) -> Iterator[Submission]:
    """The submissions, each with `same`: whether the archived document is the one sent; None where there is none."""
    for part in _parts(keys):
        for submission in Submission.objects.filter(pk__in=part).select_related("package", "invoice").order_by("pk"):
            submission.same = _same(submission)  # type: ignore[attr-defined]
            yield submission


def _same(submission: Submission) -> bool | None:
    if submission.package is None or submission.state != State.ACCEPTED:
        return None
    try:
        document = open_package(bytes(submission.package.content)).document
    except BadPackage:
        return False
    return hashlib.sha256(document).hexdigest() == submission.sha256


def _one_of_ours(found: Found, submission: Submission, told: dict[str, Message], now: datetime) -> None:
    state = State(submission.state)
    good, bad = told.get(str(MessageKind.SENT)), told.get(str(MessageKind.ERRORS))
    facts = {"submission": submission, "message": good or bad}
    if state is State.QUEUED and not submission.upload_index:
        return  # nothing has left, and nothing is said of it
    if state in {State.REJECTED, State.REFUSED} and not good:
        found.rejected += 1
        if submission.duplicate_of and state is State.REJECTED:
            found.differs(Kind.NUMBER, submission=submission)
        return
    found.ours += 1
    if state in {State.SENDING, State.UNCERTAIN}:
        found.differs(Kind.UNCERTAIN, submission=submission, known_at=submission.due_at, text=submission.anaf_text)
    elif (good and state is not State.ACCEPTED) or (bad and not good and state is not State.REJECTED):
        found.differs(Kind.STATE, **facts)
    elif not good:
        known_at = submission.changed_at + LISTING_LAG * settings.DELIVERY_PACE
        if state is State.PROCESSING or known_at > now:
            found.differs(Kind.LATE, submission=submission, known_at=max(known_at, submission.due_at or known_at))
        else:
            found.differs(Kind.NOT_LISTED, submission=submission)
    elif submission.same is None:  # type: ignore[attr-defined]
        found.differs(Kind.EXPIRED if submission.waiting_for == "no-package" else Kind.PACKAGE, **facts)
    elif not submission.same:  # type: ignore[attr-defined]
        found.differs(Kind.CONTENT, **facts)
    else:
        found.listed += 1


def _unknown(found: Found, firm: Firm, sent: Rows, errors: Rows) -> None:
    """Listed, and neither sent by us nor brought in as history."""
    indexes = [*sent, *errors]
    ours, history, taken = set[str](), set[str](), set[str]()
    for part in _parts(indexes):
        mine = Submission.objects.filter(firm=firm)
        ours.update(mine.filter(upload_index__in=part).values_list("upload_index", flat=True))
        taken.update(mine.filter(duplicate_of__in=part).values_list("duplicate_of", flat=True))
        kept = Frozen.objects.filter(invoice__firm=firm, upload_index__in=part)
        history.update(kept.values_list("upload_index", flat=True))
    for index, row in sent.items():
        expense = row.buyer_cif == firm.cui and row.seller_cif != firm.cui
        if index in ours or index in history or index in taken or expense:
            continue
        found.differs(Kind.EXPIRED if row.keeping == Keeping.EXPIRED else Kind.UNKNOWN, message=row)
    for index, row in errors.items():
        if index not in ours and index not in sent and row.keeping != Keeping.FILED:
            found.differs(Kind.EXPIRED if row.keeping == Keeping.EXPIRED else Kind.UNKNOWN_ERROR, message=row)


def _received(found: Found, firm: Firm, received: list[Message]) -> None:
    found.came = len(received)
    here = set[int]()
    for part in _parts([row.pk for row in received]):
        here.update(Document.objects.filter(firm=firm, message__in=part).values_list("message_id", flat=True))
    for row in received:
        if row.keeping == Keeping.EXPIRED:
            found.differs(Kind.EXPIRED, message=row, text=row.anaf_text)
        elif row.keeping == Keeping.STRANGE:
            found.differs(Kind.STRANGE, message=row, text=row.anaf_text)
        elif row.pk in here:
            found.here += 1
        else:
            found.differs(Kind.RECEIVED, message=row)


def _parts(keys: list[T], size: int = 500) -> Iterator[list[T]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]

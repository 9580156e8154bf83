"""Is it in SPV? What left without an answer is looked for among what the firm sent, by content.

One list serves all the doubts of a firm that are due, and each candidate is downloaded once: it stays in the archive.
Never sent again before a list of an hour later has been read to the last document (docs/anaf/upload.md, "Unknown
outcome"); what can neither be found nor excluded waits for a person, whose word is written down (`tell_found`).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings

from punte.anaf.efactura import EFactura, MessageKind
from punte.anaf.efactura import State as AnafState
from punte.anaf.errors import (
    AccessDenied,
    AnafError,
    BadPackage,
    Declined,
    Expired,
    LimitScope,
    Missing,
    NotFound,
    RateLimited,
)
from punte.anaf.messages import LIST_AGE
from punte.anaf.package import Package
from punte.web.accounts.models import User
from punte.web.invoices.undecided import DECIDABLE
from punte.web.limits.clock import Clock
from punte.web.spv import listing
from punte.web.spv.models import Keeping, Message

from . import claims
from .models import Attempt, Lost, State, Submission
from .packages import fetch, is_ours
from .steps import Answer, Searched, TooOld, WrongIndex, next_step
from .writing import situation, write

SOON = timedelta(minutes=1)  # a doubt that would be looked at within it shares the list
#: outcomes of an attempt after which the document is surely not in SPV
NOT_FILED = ("NotSent", "StoodBack", "AccessDenied", "Reauthorise", "Misconfigured", "RateLimited", "NotConnected")


def companions(submission: Submission, now: datetime) -> list[Submission]:
    """The firm's other doubts that are due as well, claimed: the same list answers them."""
    if submission.duplicate_of:
        return []
    doubts = Submission.objects.filter(firm_id=submission.firm_id, state=State.UNCERTAIN, duplicate_of="")
    soon = now + SOON * settings.DELIVERY_PACE
    return claims.lease((claims.free(now) & doubts).filter(due_at__lte=soon).exclude(pk=submission.pk), now)


def settle(held: list[Submission], efactura: EFactura, clock: Clock) -> Answer:
    """Answer every doubt of `held`: the companions are written and leave it, the answer is for its first, the leader.

    Raises what `EFactura.messages` and `EFactura.download` raise of ANAF as a whole; then nothing is written.
    """
    leader, now = held[0], clock()
    if leader.duplicate_of:
        return told_index(leader, efactura, clock)
    answers: dict[int, Answer] = {}
    sought, first = [], now
    for one in held:
        began, ended = span(one)
        if ended < now - LIST_AGE:
            answers[one.pk] = TooOld()
        else:
            sought.append(one)
            first = min(first, began)
    if sought:
        since = first - listing.CLOCKS_DIFFER  # rows from before the attempt are compared too
        listing.sync(leader.firm, efactura, clock, since=since)
        answers |= compare(sought, since, now, efactura, clock)
    for one in held[1:]:
        with suppress(Lost):  # whoever has it now looks for itself
            write(one, next_step(situation(one), answers[one.pk], now), now)
    del held[1:]
    return answers[leader.pk]


def span(submission: Submission) -> tuple[datetime, datetime]:
    """Between which instants the uploads began that may have arrived: the first of them and the last."""
    attempts = Attempt.objects.filter(submission=submission).exclude(outcome__in=NOT_FILED)
    began = list(attempts.order_by("number").values_list("started_at", flat=True)) or [submission.created_at]
    return began[0], began[-1]


def compare(
    sought: Iterable[Submission], since: datetime, at: datetime, efactura: EFactura, clock: Clock
) -> dict[int, Answer]:
    """Read what the firm sent since then and we do not know, until each of `sought` is found or all is read."""
    missing = {one.pk: one for one in sought}
    answers: dict[int, Answer] = {}
    unread: list[Message] = []
    for message in candidates(next(iter(missing.values())).firm_id, since):
        try:
            package = read(message, efactura, clock)
        except UNREADABLE as exc:
            if not of_message(exc):
                raise
            unread.append(message)
            continue
        for one in list(missing.values()):
            if is_ours(one, package):
                answers[one.pk] = Searched(message.upload_index, at)
                del missing[one.pk]
        if not missing:
            break
    for one in missing.values():
        answers[one.pk] = Searched(None, at, unread=sum(may_be(one, message) for message in unread))
    return answers


def candidates(firm_id: int, since: datetime) -> list[Message]:
    """Listed as sent by the firm, under an index that none of its submissions holds."""
    known = Submission.objects.filter(firm_id=firm_id).exclude(upload_index="").values("upload_index")
    sent = Message.objects.filter(firm_id=firm_id, kind=str(MessageKind.SENT), created_at__gte=since)
    return list(sent.exclude(upload_index__in=known).select_related("firm").order_by("-created_at", "-pk"))


#: what one candidate may answer without saying anything of the others
UNREADABLE = (BadPackage, Expired, NotFound, Declined, RateLimited, AccessDenied)


def of_message(error: AnafError) -> bool:
    """Whether the error is of this candidate alone; else ANAF answers nobody, or not for this firm."""
    if isinstance(error, RateLimited):
        return error.scope is LimitScope.MESSAGE
    return not isinstance(error, AccessDenied) or error.missing is Missing.MESSAGE


def read(message: Message, efactura: EFactura, clock: Clock) -> Package:
    """The candidate's package, in the archive from now on. Raises what `EFactura` raises, BadPackage too."""
    if not message.download_id:  # the list left it out: the state tells it
        found = efactura.state(message.upload_index)
        if not found.download_id:
            raise NotFound(f"stareMesaj {message.upload_index}: {found.state}")
        message.download_id = found.download_id
    package, stored = fetch(message.firm, message.download_id, efactura, clock)
    if message.keeping == Keeping.NOT_WANTED:
        Message.objects.filter(pk=message.pk, keeping=Keeping.NOT_WANTED).update(
            keeping=Keeping.FILED, package=stored, download_id=message.download_id
        )
    return package


def may_be(submission: Submission, message: Message) -> bool:
    """Whether a document that cannot be read could be ours: not when the list names a buyer whom ours does not."""
    return message.buyer_cif.encode() in bytes(submission.document)


# --- what only a person can know ---


def is_decidable(submission: Submission) -> bool:
    return submission.state == State.UNCERTAIN and submission.waiting_for in DECIDABLE


def tell_found(submission: Submission, index: str, user: User, now: datetime) -> None:
    """The person saw it in SPV under `index`; ANAF is asked whether that is so. Raises Lost: a worker has it now."""
    submission.write(
        now,
        kind="told-found",
        text=index,
        by=user,
        duplicate_of=index,
        due_at=now,
        waiting_for="",
        anaf_text="",
        tries=0,
    )


def tell_absent(submission: Submission, user: User, now: datetime) -> None:
    """The person looked, and it is not in SPV: the same bytes are sent again. Raises Lost: a worker has it now."""
    submission.write(
        now,
        to=State.QUEUED,
        kind="told-absent",
        by=user,
        due_at=now,
        waiting_for="",
        anaf_text="",
        tries=0,
        uncertain_since=None,
    )


def told_index(submission: Submission, efactura: EFactura, clock: Clock) -> Answer:
    """What ANAF holds under the index that the person gave: our bytes, others, or nothing that can be compared."""
    index = submission.duplicate_of
    try:
        found = efactura.state(index)
        if found.state is AnafState.PROCESSING:
            return found
        if found.state is AnafState.OK and found.download_id:
            package, _ = fetch(submission.firm, found.download_id, efactura, clock)
            return Searched(index, clock()) if is_ours(submission, package) else WrongIndex(index)
        return Searched(index, clock(), compared=False)  # refused: its reasons are read next
    except Expired:
        return Searched(index, clock(), compared=False)  # ANAF gives it no more: the person's word stands
    except (NotFound, Declined, AccessDenied) as exc:
        if not of_message(exc):
            raise
        return WrongIndex(index, exc.text)

"""One list of a firm's mailbox tells what became of many submissions: two calls an invoice, where each asked for by
itself takes four or more.

A few are still asked for one by one: ANAF lists up to 15 minutes late, and who sends one invoice looks at the screen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min

from punte.anaf.efactura import EFactura
from punte.anaf.messages import MessageKind
from punte.web.limits.clock import Clock
from punte.web.spv import listing
from punte.web.spv.models import Message

from . import claims, outages
from .models import Attempt, Lost, State, Submission
from .steps import Listed, NotListed, next_step
from .writing import situation, write

MANY = 4  # so many of a firm in work are listed together
SOON = timedelta(minutes=1)  # what would be asked for within it is asked for along with the others
AT_ONCE = 500  # written in one step; the others find their row in their own turn, without a call


def listable(submission: Submission) -> bool:
    """Whether the firm's list says of it all that its state would. Which index a duplicate is, only the state tells."""
    return submission.state == State.PROCESSING and not submission.duplicate_of and not submission.autofactura


def told(submissions: list[Submission]) -> dict[str, Listed]:
    """What the lists written down so far say, by upload index."""
    indexes = [one.upload_index for one in submissions]
    rows = Message.objects.filter(
        firm_id=submissions[0].firm_id,
        upload_index__in=indexes,
        kind__in=[str(MessageKind.SENT), str(MessageKind.ERRORS)],
    )
    return {
        row.upload_index: Listed(row.kind == str(MessageKind.SENT), row.download_id)
        for row in rows.only("upload_index", "kind", "download_id")
    }


def companions(submission: Submission, now: datetime) -> list[Submission]:
    """The firm's other submissions to be settled by the same list, claimed; none where too few are in work."""
    in_work = Submission.objects.filter(
        firm_id=submission.firm_id, state=State.PROCESSING, duplicate_of="", autofactura=False
    )
    if in_work.count() < MANY:
        return []
    soon = now + SOON * settings.DELIVERY_PACE
    return claims.lease((claims.free(now) & in_work).filter(due_at__lte=soon).exclude(pk=submission.pk), now)


def settle(held: list[Submission], efactura: EFactura, clock: Clock) -> Listed | NotListed:
    """List the mailbox once, take every companion its step; the answer is for the first of `held`, its leader.

    What is written leaves `held`. Raises what `EFactura.messages` raises.
    """
    leader = held[0]
    first = Attempt.objects.filter(submission__in=[one.pk for one in held]).aggregate(at=Min("started_at"))["at"]
    listing.sync(leader.firm, efactura, clock, since=(first or leader.created_at) - listing.CLOCKS_DIFFER)
    rows, now = told(held), clock()
    heard = outages.listed(now)
    listed = [one for one in held[1:] if one.upload_index in rows][:AT_ONCE]
    for one in listed:
        with suppress(Lost):  # whoever has it now finds the row as well
            write(one, next_step(situation(one), rows[one.upload_index], now), now, heard)
    unlisted = [one for one in held[1:] if one.upload_index not in rows]
    wait(unlisted, now)
    written = {one.pk for one in (*listed, *unlisted)}
    held[:] = [one for one in held if one.pk not in written]
    return rows.get(leader.upload_index, NotListed())


def wait(unlisted: Iterable[Submission], now: datetime) -> None:
    """There may be thousands, and nothing to tell of them: one write for all that stand alike."""
    groups: dict[tuple[int, int], list[Submission]] = defaultdict(list)
    for one in unlisted:
        groups[one.tries, one.lease].append(one)
    for (tries, lease), alike in groups.items():
        step = next_step(situation(alike[0]), NotListed(), now)
        same = Submission.objects.filter(pk__in=[one.pk for one in alike], lease=lease, state=State.PROCESSING)
        same.update(due_at=step.due_at, leased_until=None, waiting_for="", anaf_text="", tries=tries + 1)


def let_go(held: list[Submission]) -> None:
    """Give back what is still held, unchanged: each is due as it was. Of thousands, `AT_ONCE` were written."""
    groups: dict[int, list[int]] = defaultdict(list)
    for one in held:
        groups[one.lease].append(one.pk)
    for lease, alike in groups.items():
        Submission.objects.filter(pk__in=alike, lease=lease).update(leased_until=None)

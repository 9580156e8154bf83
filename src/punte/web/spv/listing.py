"""Ask ANAF what stands in a firm's mailbox, and write every row once.

A firm's first listing takes all that ANAF still shows, 60 days; the next ones begin a day before the last ended,
because ANAF indexes late, and on bad days very late (docs/anaf/state-list-download.md, "List").
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice

import structlog
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from punte.anaf import messages as anaf
from punte.anaf.efactura import EFactura
from punte.anaf.messages import CLOCK_MARGIN, LIST_AGE, MOST_SKEW, MessageKind
from punte.web.connection.models import Right, RightState
from punte.web.firms.models import Firm

from .asking import Clock, Pause, ask, connected
from .models import Keeping, Mailbox, Message

log = structlog.get_logger("punte.spv")

OVERLAP = timedelta(days=1)
#: Who looks for what was sent at an instant of ours begins so much earlier: ANAF's clock may be as far behind ours as
#: a list still works, and it writes whole minutes.
CLOCKS_DIFFER = MOST_SKEW + timedelta(minutes=5)
EVERY = timedelta(minutes=54)  # with the two below, an hour at most
NOT_SOONER = timedelta(minutes=3)
JITTER = timedelta(minutes=3)  # at most, and later: firms of one second do not stay together
LOOK_ROUND = timedelta(minutes=1)  # for firms that can be asked for again, though nobody said so
LEASE = timedelta(minutes=10)  # longer than a first listing of 100,000 messages
PART = 500  # rows written in one transaction: a page of ANAF's
WANTED = (MessageKind.RECEIVED, MessageKind.BUYER_MESSAGE_SENT, MessageKind.BUYER_MESSAGE_RECEIVED)


def sync(firm: Firm, efactura: EFactura, clock: Clock, *, since: datetime | None = None) -> int:
    """List what is new in the firm's mailbox and write it down; how many rows were not known before.

    since  list from here on, at least. What follows the last whole listing is always listed too, so that one call
           serves everybody; only before the firm's first listing are 60 days not asked for by the way.
    Several at once do no harm: a row is written once, and `listed_until` only goes forward.
    Raises what `EFactura.messages` raises; the rows of the pages before are written by then.
    """
    mailbox, _ = Mailbox.objects.get_or_create(firm=firm)
    now = clock()
    start, whole = _start(mailbox, now, since)
    anafs_now = now + CLOCK_MARGIN - timedelta(seconds=settings.ANAF_CLOCK_MARGIN)
    new = 0
    rows = efactura.messages(firm.cui, start, now, now=anafs_now)
    while part := list(islice(rows, PART)):
        new += _write(firm, part, clock())
    if whole:
        _move(firm, start, anafs_now - CLOCK_MARGIN, clock())
    return new


def _start(mailbox: Mailbox, now: datetime, since: datetime | None) -> tuple[datetime, bool]:
    """Where the window begins, and whether it joins what was listed before."""
    oldest = now - LIST_AGE
    if mailbox.listed_until is None:
        return max(since or oldest, oldest), since is None or since <= oldest
    usual = mailbox.listed_until - OVERLAP
    return max(min(since or usual, usual), oldest), True


def _write(firm: Firm, rows: Iterable[anaf.Message], now: datetime) -> int:
    """Rows of one page: the new ones added, a download id that ANAF had left out filled in."""
    wanted = {(row.upload_index, str(row.kind), row.id or ""): row for row in rows}
    with transaction.atomic():
        known: dict[tuple[str, str], set[str]] = {}
        found = Message.objects.filter(firm=firm, upload_index__in={key[0] for key in wanted})
        for index, kind, id_ in found.values_list("upload_index", "kind", "download_id"):
            known.setdefault((index, kind), set()).add(id_)
        new = []
        for (index, kind, id_), row in wanted.items():
            ids = known.setdefault((index, kind), set())
            if id_ in ids or (not id_ and ids):
                continue
            if "" in ids:
                late = Message.objects.filter(firm=firm, upload_index=index, kind=kind, download_id="")
                late.update(download_id=id_)
                ids.discard("")
            else:
                new.append(_message(firm, row, now))
            ids.add(id_)
        Message.objects.bulk_create(new, ignore_conflicts=True)  # another worker may list the same page now
    return len(new)


def _message(firm: Firm, row: anaf.Message, now: datetime) -> Message:
    seller, buyer = row.seller_cif or "", row.buyer_cif or ""
    # A self-billed invoice that the firm itself uploaded is listed to it as sent, and is an expense all the same.
    ours = row.kind is MessageKind.SENT and buyer == firm.cui and seller != firm.cui
    due = row.kind in WANTED or ours
    return Message(
        firm=firm,
        download_id=row.id or "",
        upload_index=row.upload_index,
        kind=str(row.kind),
        kind_text=row.kind_text[:100],
        details=row.details,
        seller_cif=seller[:20],
        buyer_cif=buyer[:20],
        created_at=row.created_at,
        listed_at=now,
        keeping=Keeping.DUE if due else Keeping.NOT_WANTED,
        due_at=now if due else None,
    )


def _move(firm: Firm, start: datetime, end: datetime, now: datetime) -> None:
    """A whole window was listed: the next follows within the hour, whoever listed."""
    mine = Mailbox.objects.filter(firm=firm)
    mine.filter(models.Q(listed_until=None) | models.Q(listed_until__lt=end)).update(listed_until=end)
    mine.filter(listed_from=None).update(listed_from=start)
    mine.filter(due_at__isnull=False).update(due_at=next_due(firm.pk, now), waiting_for="", anaf_text="", tries=0)


def next_due(firm_id: int, now: datetime) -> datetime:
    """The firm's own second of every 54 minutes: within an hour, and firms are spread over it, also after an outage."""
    seconds = EVERY.total_seconds()
    own = (firm_id * 2_654_435_761) % int(seconds)  # Knuth's multiplier: neighbours in number are far apart in time
    first = (now + NOT_SOONER).timestamp()
    due = first + (own - first) % seconds
    return datetime.fromtimestamp(due, UTC) + JITTER * random.random()  # noqa: S311 - no secret


# --- turns ---


class Listings:
    """Steps of one kind, for `work.turns`: the listing of one firm's mailbox."""

    name = "spv.listing"
    _woken: datetime | None = None

    def firms(self, now: datetime) -> Iterable[int]:
        if self._woken is None or not timedelta(0) <= now - self._woken < LOOK_ROUND:
            self._woken = now
            wake(now)
        return list(_free(now).order_by("due_at").values_list("firm_id", flat=True))

    def take(self, firm_id: int, now: datetime) -> Callable[[Clock], None] | None:
        found = _free(now).filter(firm_id=firm_id).first()
        if found is None:
            return None
        same = Mailbox.objects.filter(pk=found.pk, lease=found.lease)
        if same.update(lease=found.lease + 1, leased_until=now + LEASE) != 1:
            return None
        found.lease += 1
        return lambda clock: _list(found, clock)


SOURCE = Listings()


def on_right(sender: type[Right], *, instance: Right, **_: object) -> None:
    """A right was granted: the firm is due now, its whole history first."""
    if instance.state == RightState.GRANTED:
        Mailbox.objects.get_or_create(firm_id=instance.firm_id)
        asleep = Mailbox.objects.filter(firm_id=instance.firm_id, due_at=None)
        asleep.update(due_at=timezone.now(), tries=0, waiting_for="", anaf_text="")


def wake(now: datetime) -> int:
    """Firms that can be asked for now and could not before are due at once; how many there were.

    `on_right` sees most of them first; a refresh that works again, or a holder who writes again, is seen here.
    """
    rights = connected()
    asleep = Mailbox.objects.filter(due_at=None, firm__in=rights.values("firm"))
    woken = asleep.update(due_at=now, tries=0, waiting_for="", anaf_text="")
    newcomers = list(rights.filter(firm__mailbox=None).values_list("firm_id", flat=True).distinct())
    Mailbox.objects.bulk_create([Mailbox(firm_id=pk, due_at=now) for pk in newcomers], ignore_conflicts=True)
    return woken + len(newcomers)


def _free(now: datetime) -> models.QuerySet[Mailbox]:
    free = models.Q(leased_until=None) | models.Q(leased_until__lte=now)
    return Mailbox.objects.filter(free, due_at__lte=now)


def _list(mailbox: Mailbox, clock: Clock) -> None:
    """Carry a claimed step out: list, or write down why not and when again."""
    firm = mailbox.firm
    answer = ask(firm, lambda efactura: sync(firm, efactura, clock), clock, mailbox.tries)
    mine = Mailbox.objects.filter(pk=mailbox.pk, lease=mailbox.lease)
    if isinstance(answer, Pause):
        mine.update(
            leased_until=None,
            due_at=answer.due_at,
            waiting_for=answer.waiting_for,
            anaf_text=answer.text,
            tries=models.F("tries") + 1,
        )
        log.info("not listed", firm=firm.pk, waiting_for=answer.waiting_for)
    else:
        mine.update(leased_until=None)
        log.info("listed", firm=firm.pk, new=answer)

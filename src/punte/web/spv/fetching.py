"""Download what was listed for the firm to keep, and file it: once, oldest first, since that is lost first.

The package, the message's new state and what `signals.filed` writes are one transaction: a worker that dies between
download and filing leaves the message due, and it is downloaded once more (ANAF allows ten times a day).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import models, transaction

from punte.anaf.efactura import EFactura
from punte.anaf.errors import BadPackage, Expired, NotFound
from punte.anaf.messages import LIST_AGE
from punte.anaf.package import Package, open_package
from punte.web.archive.filing import file_package
from punte.web.archive.models import SealedPackage

from .asking import Clock, Pause, after, ask
from .models import Keeping, Mailbox, Message
from .signals import ended, filed

log = structlog.get_logger("punte.spv")

BROKEN_TIMES = 3  # an answer cut on its way comes whole the next time; what stays broken is kept as it is
PATIENCE = LIST_AGE + timedelta(days=2)  # after ANAF's 60 days, „nu exista” means that it will not exist again


class Fetchings:
    """Steps of one kind, for `work.turns`: the download of one message."""

    name = "spv.fetching"

    def firms(self, now: datetime) -> Iterable[int]:
        return list(_free(now).values_list("firm_id", flat=True).distinct())

    def take(self, firm_id: int, now: datetime) -> Callable[[Clock], None] | None:
        while found := _free(now).filter(firm_id=firm_id).order_by("created_at", "pk").first():
            until = now + timedelta(seconds=settings.DELIVERY_LEASE)
            same = Message.objects.filter(pk=found.pk, lease=found.lease)
            if same.update(lease=found.lease + 1, leased_until=until) == 1:
                claimed = found
                claimed.lease += 1
                return lambda clock: fetch(claimed, clock)
        return None


SOURCE = Fetchings()


def _free(now: datetime) -> models.QuerySet[Message]:
    """What may be claimed; of a firm that is not connected nothing, until `listing.wake` finds it again."""
    free = models.Q(leased_until=None) | models.Q(leased_until__lte=now)
    return Message.objects.filter(free, due_at__lte=now, firm__mailbox__due_at__isnull=False)


def fetch(message: Message, clock: Clock) -> None:
    """Carry a claimed download out, to its end or to a pause that is written down."""
    held: list[tuple[str, bytes]] = []

    def bring(efactura: EFactura) -> Package:
        download_id = message.download_id or _id_by_state(message, efactura)
        stored = SealedPackage.objects.filter(firm=message.firm, download_id=download_id).first()
        content = bytes(stored.content) if stored else efactura.download(download_id)
        held.append((download_id, content))
        return open_package(content)

    try:
        answer = ask(message.firm, bring, clock, message.tries)
    except Expired as exc:
        _expired(message, exc.text, clock())
        return
    except BadPackage as exc:
        if message.tries + 1 < BROKEN_TIMES:
            _pause(message, Pause(clock() + after(message.tries), "strange-answer", exc.text, of_firm=False))
            return
        download_id, content = held[0]
        _file(message, download_id, content, Package(message.upload_index, content, None), clock, strange=exc.text)
        return
    if isinstance(answer, Package):
        _file(message, *held[0], answer, clock)
    elif answer.waiting_for == "strange-answer" and clock() - message.created_at > PATIENCE:
        _expired(message, answer.text, clock())
    else:
        _pause(message, answer)


def _id_by_state(message: Message, efactura: EFactura) -> str:
    """The download id that the list left out, by the state of the upload. Raises NotFound when that has none."""
    found = efactura.state(message.upload_index)
    if not found.download_id:
        raise NotFound(f"stareMesaj {message.upload_index}: {found.state}")
    return found.download_id


def _file(
    message: Message, download_id: str, content: bytes, package: Package, clock: Clock, *, strange: str = ""
) -> None:
    """Package, state and whatever hangs on them, or nothing of it."""
    now = clock()
    try:
        with transaction.atomic():
            stored = file_package(message.firm, download_id, content, package, at=message.created_at, now=now)
            facts = {"keeping": Keeping.STRANGE if strange else Keeping.FILED, "package": stored}
            mine = Message.objects.filter(pk=message.pk, lease=message.lease, keeping=Keeping.DUE)
            if mine.update(due_at=None, leased_until=None, anaf_text=strange, **facts) != 1:
                transaction.set_rollback(True)
                log.warning("another worker took over", message=message.pk)
                return
            for name, value in facts.items():
                setattr(message, name, value)
            if strange:
                ended.send(sender=Message, message=message, now=now)
            else:
                filed.send(sender=Message, message=message, package=package, now=now)
    except Exception:
        _pause(message, Pause(now + after(message.tries), "strange-answer", of_firm=False))
        raise  # a fault of ours: whoever called writes it to the log
    log.info("filed", message=message.pk, strange=bool(strange))


def _expired(message: Message, text: str, now: datetime) -> None:
    """For ever: ANAF gives it no more, and is not asked again."""
    with transaction.atomic():
        mine = Message.objects.filter(pk=message.pk, lease=message.lease, keeping=Keeping.DUE)
        if mine.update(keeping=Keeping.EXPIRED, due_at=None, leased_until=None, anaf_text=text) == 1:
            message.keeping = Keeping.EXPIRED
            ended.send(sender=Message, message=message, now=now)
    log.info("expired", message=message.pk)


def _pause(message: Message, pause: Pause) -> None:
    """Let the message be; where the whole firm would fare alike, all that is due of it."""
    mine = Message.objects.filter(pk=message.pk, lease=message.lease)
    if pause.due_at is None:  # not connected: the mailbox sleeps, and with it all that is due
        mine.update(leased_until=None)
        Mailbox.objects.filter(firm=message.firm_id).update(due_at=None, waiting_for=pause.waiting_for)
        return
    facts = {"due_at": pause.due_at, "tries": models.F("tries") + 1}
    mine.update(leased_until=None, anaf_text=pause.text, **facts)
    if pause.of_firm:
        others = Message.objects.filter(firm=message.firm_id, due_at__lt=pause.due_at, keeping=Keeping.DUE)
        others.exclude(pk=message.pk).update(**facts)
    log.info("not fetched", message=message.pk, waiting_for=pause.waiting_for)

"""When an invoice leaves: now, after the firm's delay, or at a chosen hour; and by when it must.

A scheduled invoice has its number and no submission yet: until it leaves it can be stopped. What leaves is judged by
the rules of that moment.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from punte.romania import calendar
from punte.web.accounts.models import User
from punte.web.design import formats

from . import duty, numbering
from .judge import judge
from .models import EDITABLE, Invoice, Kind, Stage
from .signals import AlreadySent, NotReady, issue_requested, schedule_requested

SAFE_UNTIL = time(17)  # on the working day before the last one: a whole day is left for an outage or a refusal
SETTLED = (Stage.ACCEPTED, Stage.NOT_SENT)


class TooLate(Exception):
    """The chosen hour is past the latest safe one: `safe`."""

    def __init__(self, safe: datetime) -> None:
        super().__init__(f"{safe:%F %R}")
        self.safe = safe


# --- by when ---


def last_day(invoice: Invoice) -> date | None:
    """The last day on which ANAF may take it; None where there is no duty, or nothing more to send.

    Counted from the issue date, and at the latest from the 15th of the month after the supply, where its day is known.
    """
    if invoice.kind != Kind.INVOICE or invoice.stage in SETTLED or duty.of(invoice).kind != "must":
        return None
    try:
        return calendar.deadline(invoice.issue_date, invoice.supply_date)
    except ValueError:  # issued before there was a term
        return None


def latest_safe(invoice: Invoice) -> datetime | None:
    """The last moment to send that still leaves a working day for what may go wrong; None as of `last_day`."""
    last = last_day(invoice)
    if last is None:
        return None
    return timezone.make_aware(datetime.combine(calendar.working_day_before(last), SAFE_UNTIL))


def countdown(invoice: Invoice, today: date) -> str:
    """`mai sunt 2 zile lucrătoare`, `azi este ultima zi`, `termenul a trecut pe 27 noiembrie 2026`; else nothing."""
    last = last_day(invoice)
    if last is None:
        return ""
    if last < today:
        return _("termenul a trecut pe %(day)s") % {"day": formats.long_date(last)}
    if last == today:
        return _("azi este ultima zi")
    left = calendar.working_days_between(today, last)
    if left == 1:
        return _("mai este o zi lucrătoare")
    return _("mai sunt %(days)s") % {"days": formats.plural(left, _("zi lucrătoare"), _("zile lucrătoare"))}


# --- „Trimite” ---


def send(invoice: Invoice, user: User, now: datetime, *, at: datetime | None = None, at_once: bool = False) -> None:
    """„Trimite”: at the hour `at`, at once, or as the firm's delay says.

    The firm's delay never carries an invoice past its latest safe moment: then it leaves at once.
    Raises AlreadySent, NotReady, Withheld; TooLate for an hour that was chosen.
    """
    if at is None and not at_once and invoice.firm.send_delay and duty.of(invoice).kind != "not":
        later, safe = now + timedelta(minutes=invoice.firm.send_delay), latest_safe(invoice)
        at = later if safe is None or later <= safe else None
    elif at is not None and at <= now:
        at = None
    if at is None:
        issue_requested.send(sender=Invoice, invoice=invoice, user=user)
    else:
        schedule(invoice, user, at, now=now)


def schedule(invoice: Invoice, user: User, at: datetime, *, now: datetime | None = None) -> None:
    """Number `invoice` and let it leave at `at`. Also moves the hour of one already scheduled.

    Raises AlreadySent, NotReady, Withheld, TooLate; then nothing was written.
    """
    now = now or timezone.now()
    if (safe := latest_safe(invoice)) and at > safe:
        raise TooLate(safe)
    with transaction.atomic():
        free = Invoice.objects.filter(pk=invoice.pk, kind=Kind.INVOICE, stage__in=[*EDITABLE, Stage.SCHEDULED])
        if free.update(stage=Stage.SCHEDULED, send_at=at, changed_at=now) != 1:
            raise AlreadySent(str(invoice))
        invoice.refresh_from_db()
        if invoice.number is None:
            schedule_requested.send(sender=Invoice, invoice=invoice, now=now)
        if problems := judge(invoice, today=timezone.localdate(now)).problems:
            raise NotReady(", ".join(problem.title for problem in problems))
        numbering.give(invoice)


def stop(invoice: Invoice, user: User) -> bool:
    """Keep a scheduled invoice from leaving: „Emisă”, with its number. False where it has left."""
    waiting = Invoice.objects.filter(pk=invoice.pk, stage=Stage.SCHEDULED)
    stopped = waiting.update(stage=Stage.ISSUED, send_at=None, changed_at=timezone.now()) == 1
    invoice.refresh_from_db()
    return stopped


def due(now: datetime) -> list[Invoice]:
    """The scheduled invoices whose hour has come, longest waiting first; at most a hundred a round."""
    waiting = Invoice.objects.filter(stage=Stage.SCHEDULED, send_at__lte=now).order_by("send_at", "pk")
    return list(waiting.select_related("firm", "client", "series", "preceding", "created_by")[:100])


def leave(invoice: Invoice, now: datetime) -> str:
    """Let a scheduled invoice go; „” when it went. What would be refused by now is stopped, and the answer says why."""
    try:
        issue_requested.send(sender=Invoice, invoice=invoice, user=invoice.created_by)
    except AlreadySent:
        return ""
    except NotReady as refusal:
        stop(invoice, invoice.created_by)
        return str(refusal)
    return ""

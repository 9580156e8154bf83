"""What is written by itself: a template, a calendar, and a worker that makes the document of the day.

The next document is judged by the rules of its own day: a rate that changes, a reverse charge that ends, a ceiling
that is crossed show in the preview, weeks before. What those rules would refuse stays a draft, and the people of the
firm are told.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from punte.en16931 import model as en
from punte.web.accounts.models import User

from . import copies, firm_mail, scheduling
from .findings import Verdict
from .judge import judge
from .models import Invoice, Recurrence
from .signals import NotReady, Withheld

log = structlog.get_logger("punte.invoices")
INTERVALS = (1, 2, 3, 6, 12)  # months
AHEAD = 6  # dates shown


@dataclass(frozen=True, slots=True)
class Preview:
    """The document of `day` as it would be: its verdicts by the rules of that day, and the document itself."""

    day: date
    verdicts: tuple[Verdict, ...]
    document: en.Invoice | None

    @property
    def problems(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.tone == "bad")


def start(
    template: Invoice,
    user: User,
    first: date,
    *,
    months: int = 1,
    day_of_month: int | None = None,
    last: date | None = None,
    sends: bool = False,
    mails: bool = False,
) -> Recurrence:
    """Begin with the document of the day `first`, then one every so many `months`.

    day_of_month  1 to 31, 31 for the last one; by default that of `first`
    """
    return Recurrence.objects.create(
        firm=template.firm,
        template=template,
        months=months,
        day_of_month=day_of_month or first.day,
        next_day=first,
        last_day=last,
        sends=sends,
        mails=mails,
        created_by=user,
    )


def following(day: date, months: int, day_of_month: int) -> date:
    """So many months after `day`, on that day of the month; on the last one where the month is shorter.

    >>> following(date(2027, 1, 31), 1, 31), following(date(2027, 2, 28), 1, 31)
    (datetime.date(2027, 2, 28), datetime.date(2027, 3, 31))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day_of_month, calendar.monthrange(year, month + 1)[1]))


def dates(recurrence: Recurrence, count: int = AHEAD) -> list[date]:
    """The next days on which a document is made; fewer where it ends before, none of one that has ended."""

    def days() -> Iterator[date]:
        day = recurrence.next_day
        while recurrence.last_day is None or day <= recurrence.last_day:
            yield day
            day = following(day, recurrence.months, recurrence.day_of_month)

    return [day for day, _place in zip(days(), range(count), strict=False)]


def has_ended(recurrence: Recurrence) -> bool:
    return recurrence.last_day is not None and recurrence.next_day > recurrence.last_day


def preview(recurrence: Recurrence, on: date | None = None) -> Preview:
    """The next document, or that of the day `on`, judged as if it were that day. Nothing is written."""
    template, day = recurrence.template, on or recurrence.next_day
    draft = copies.unsaved_from(template, day)
    found = judge(draft, template.lines.all(), today=day, adjustments=template.adjustments.all())
    return Preview(day, found.verdicts, found.document)


def end(recurrence: Recurrence, today: date) -> None:
    """No more documents; what was made stays, and so does the template."""
    before = min(recurrence.next_day, today) - timedelta(days=1)
    Recurrence.objects.filter(pk=recurrence.pk).update(last_day=before)
    recurrence.refresh_from_db()


# --- by the worker ---


def make_due(now: datetime) -> int:
    """Make what is due by today, one document a recurrence and round; how many were made."""
    today, made = timezone.localdate(now), 0
    due = Recurrence.objects.filter(next_day__lte=today, paused=False).order_by("next_day", "pk")
    for recurrence in due.select_related("firm", "template__client", "template__series", "created_by")[:100]:
        if not has_ended(recurrence):
            made += _make(recurrence, now)
    return made


def _make(recurrence: Recurrence, now: datetime) -> bool:
    """The document of `next_day`. The calendar moves on in the transaction that writes the draft: it is made once.

    It bears its own day; a worker that was off for longer than that dates it today, for issuing late is not issuing
    in the past.
    """
    day = recurrence.next_day
    after = following(day, recurrence.months, recurrence.day_of_month)
    recurrence.template.firm = recurrence.firm
    with transaction.atomic():
        mine = Recurrence.objects.filter(pk=recurrence.pk, next_day=day, paused=False)
        if mine.update(next_day=after, trouble="") != 1:
            return False  # another worker was first
        draft = copies.draft_from(recurrence.template, recurrence.created_by, timezone.localdate(now))
        Invoice.objects.filter(pk=draft.pk).update(recurrence_of=recurrence)
        draft.recurrence_of = recurrence
    log.info("recurrence made", recurrence=recurrence.pk, invoice=draft.pk)
    if recurrence.sends and (trouble := _send(draft, now)):
        Recurrence.objects.filter(pk=recurrence.pk).update(trouble=trouble[:300])
        firm_mail.recurrence_stuck(draft, recurrence, trouble)
    elif not recurrence.sends:
        firm_mail.recurrence_waits(draft, recurrence)
    return True


def _send(draft: Invoice, now: datetime) -> str:
    """Why it did not go; empty when it went, or will at its hour."""
    problems = judge(draft, today=draft.issue_date).problems
    if problems:
        return " ".join(_("%(title)s: %(text)s") % {"title": p.title, "text": p.text} for p in problems[:3])
    try:
        scheduling.send(draft, draft.created_by, now)
    except Withheld as withheld:
        return strip_tags(withheld.text)
    except NotReady as refusal:
        return str(refusal)
    return ""

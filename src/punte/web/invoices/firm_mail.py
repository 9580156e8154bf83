"""Mail to the people of the firm: a deadline that comes near, a document that did not leave, one that waits for them.

Each text is a template whose first line is the subject, as in `plans.letters`.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from punte.romania.calendar import working_day_before
from punte.web.firms.access import WRITERS
from punte.web.firms.models import Firm

from . import scheduling
from .models import Invoice, Kind, Recurrence, Stage
from .signals import deadline_told

log = structlog.get_logger("punte.invoices")
#: What a person can still do something about; the others are on their way, or done.
WAITING = (Stage.ISSUED, Stage.REJECTED, Stage.REFUSED, Stage.QUEUED)
FROM = time(8)  # nobody is told at night


def warn(now: datetime) -> int:
    """Tell the people of each firm, once, of what ANAF must have by the next working day; how many were told of.

    A draft counts where the day of supply is known: it is by that day that it must be there, whenever it is issued.
    """
    local, told = timezone.localtime(now), 0
    if local.time() < FROM:
        return 0
    horizon = local.date().replace(day=1)
    pressing = Invoice.objects.filter(kind=Kind.INVOICE, warned_at=None, stage__in=[*WAITING, Stage.DRAFT])
    pressing = pressing.exclude(stage=Stage.DRAFT, supply_date=None)
    recent = pressing.filter(issue_date__gte=horizon.replace(year=horizon.year - 1))
    for invoice in recent.select_related("firm", "client", "series").iterator():
        last = scheduling.last_day(invoice)
        if last is None or local.date() < working_day_before(last):
            continue
        if _told(invoice, now, {"last": last, "today": local.date()}):
            told += 1
    return told


def _told(invoice: Invoice, now: datetime, facts: dict[str, Any]) -> bool:
    """Noted in the transaction that hands the mail over: what cannot be is tried again later."""
    try:
        with transaction.atomic():
            if Invoice.objects.filter(pk=invoice.pk, warned_at=None).update(warned_at=now) != 1:
                return False
            _send("deadline", invoice, facts)
            told = {"invoice_id": invoice.pk, "last": facts["last"], "now": now}
            transaction.on_commit(lambda: deadline_told.send(sender=Invoice, **told))
    except OSError as error:  # smtplib's are among these
        log.warning("deadline mail not sent", invoice=invoice.pk, error=type(error).__name__)
        return False
    return True


def not_left(invoice: Invoice, why: str) -> None:
    """A scheduled invoice was stopped, for ANAF would have refused it."""
    _try("not_left", invoice, {"why": why})


def recurrence_stuck(invoice: Invoice, recurrence: Recurrence, why: str) -> None:
    """The document was made, and stays a draft."""
    _try("recurrence_stuck", invoice, {"why": why, "recurrence": recurrence})


def recurrence_waits(invoice: Invoice, recurrence: Recurrence) -> None:
    """The document was made as a draft, as the person wished."""
    _try("recurrence_waits", invoice, {"recurrence": recurrence})


def people_of(firm: Firm) -> list[tuple[str, str]]:
    """The address and language of those who write for the firm."""
    members = firm.memberships.filter(role__in=WRITERS, user__is_active=True).select_related("user").order_by("pk")
    return [(member.user.email, member.user.language or "ro") for member in members]


def _try(name: str, invoice: Invoice, facts: dict[str, Any]) -> None:
    """The page says it too: a mail server that is down stops nothing."""
    try:
        _send(name, invoice, facts)
    except OSError as error:
        log.warning("mail not sent", mail=name, invoice=invoice.pk, error=type(error).__name__)


def _send(name: str, invoice: Invoice, facts: dict[str, Any]) -> None:
    link = settings.BASE_URL + reverse("invoices:detail", args=[invoice.pk])
    about: dict[str, Any] = {"invoice": invoice, "firm": invoice.firm, "link": link}
    for address, language in people_of(invoice.firm):  # one letter each: nobody learns another's address
        with translation.override(language):
            if "last" in facts:
                about["left"] = scheduling.countdown(invoice, facts["today"])
            subject, _, body = render_to_string(f"invoices/mail/{name}.txt", about | facts).partition("\n")
            send_mail(f"Punte: {subject.strip()}", body.strip() + "\n", None, [address])

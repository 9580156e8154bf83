"""„Trimite”: give the number, freeze the document, queue it. Nothing leaves here; the worker sends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from punte.romania import check
from punte.web.accounts.models import User
from punte.web.firms.models import Firm
from punte.web.invoices import document, duty, issuing, numbering
from punte.web.invoices.judge import judge
from punte.web.invoices.models import EDITABLE, Invoice, Kind, Stage
from punte.web.invoices.signals import AlreadySent, NotReady, Withheld
from punte.web.plans.catalog import Feature
from punte.web.plans.gate import Refusal, allows

from . import restored
from .freezing import freeze
from .models import Submission


def send(invoice: Invoice, user: User, now: datetime) -> Submission | None:
    """Queue `invoice` for SPV, in one transaction: number, frozen bytes, state and the first line of its history.

    What need not go there is numbered and frozen without (None). An invoice that has its number was let through
    before: its correction asks the plan nothing.
    Raises AlreadySent, NotReady, Withheld.
    """
    if restored.holds(invoice.firm_id):
        raise Withheld(restored.why_held())
    send_at = invoice.send_at
    with transaction.atomic():
        free = Invoice.objects.filter(pk=invoice.pk, kind=Kind.INVOICE, stage__in=[*EDITABLE, Stage.SCHEDULED])
        if (owed := duty.of(invoice)).kind == "not":
            if problems := judge(invoice, today=timezone.localdate(now)).problems:
                raise NotReady(", ".join(problem.title for problem in problems))
            issuing.issue_unsent(invoice, owed.key, now)
            return None
        if free.update(stage=Stage.QUEUED, send_at=None, changed_at=now) != 1:
            raise AlreadySent(str(invoice))
        invoice.refresh_from_db()
        if invoice.number is None:
            let_through(invoice, now)
        if problems := judge(invoice, today=timezone.localdate(now)).problems:
            raise NotReady(", ".join(problem.title for problem in problems))
        label = numbering.give(invoice)
        xml = document.ubl(invoice, label)
        if fatal := check(xml).fatal:  # once more, on the very bytes that leave
            raise NotReady(", ".join(finding.rule for finding in fatal))
        return freeze(invoice, xml, now, sent_by=user, text=label, send_at=send_at)


def let_through(invoice: Invoice, now: datetime) -> None:
    """Ask the firm's plan. What is numbered and waits for its hour counts as sent. Raises Withheld."""
    firm = invoice.firm
    waiting = Invoice.objects.filter(firm=firm, kind=Kind.INVOICE, stage__in=[Stage.SCHEDULED, Stage.ISSUED])
    numbered = waiting.filter(number__isnull=False, submissions=None).exclude(pk=invoice.pk).count()
    allowed = allows(firm, Feature.SEND, now, used=sent_this_month(firm, now) + numbered)
    if isinstance(allowed, Refusal):
        raise Withheld(allowed.html)


def sent_this_month(firm: Firm, now: datetime) -> int:
    """Invoices of `firm` that left for the first time in this calendar month; those ANAF never took over left out."""
    first = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    left = Invoice.objects.filter(firm=firm).exclude(stage=Stage.REFUSED)
    before = Submission.objects.filter(invoice=OuterRef("pk"), created_at__lt=first)
    since = Submission.objects.filter(invoice=OuterRef("pk"), created_at__gte=first)
    return left.filter(Exists(since), ~Exists(before)).count()


def answer(sender: type[Invoice], *, invoice: Invoice, user: User, **_: Any) -> None:
    """`invoices.signals.issue_requested`: the editor's „Trimite”, an hour that has come, a recurrence."""
    send(invoice, user, timezone.now())


def schedule_answer(sender: type[Invoice], *, invoice: Invoice, now: datetime, **_: Any) -> None:
    """`invoices.signals.schedule_requested`."""
    let_through(invoice, now)

"""„Trimite”: give the number, freeze the document, queue it. Nothing leaves here; the worker sends."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from punte.en16931.model import InvoiceType
from punte.romania import check
from punte.web.accounts.models import User
from punte.web.firms.models import Firm
from punte.web.invoices import document, numbering
from punte.web.invoices.judge import judge
from punte.web.invoices.models import EDITABLE, Invoice, Stage
from punte.web.invoices.signals import Withheld
from punte.web.plans.catalog import Feature
from punte.web.plans.gate import Refusal, allows

from .models import State, Submission


class AlreadySent(Exception):
    """The invoice is on its way or has arrived; pressing „Trimite” twice sends it once."""


class NotReady(Exception):
    """ANAF or the law would refuse the document: the text says by which rules. Nothing was numbered or written."""


def send(invoice: Invoice, user: User, now: datetime) -> Submission:
    """Queue `invoice` for SPV, in one transaction: number, frozen bytes, state and the first line of its history.

    An invoice that has its number was let through before: its correction asks the plan nothing.
    Raises AlreadySent, NotReady, Withheld.
    """
    with transaction.atomic():
        taken = Invoice.objects.filter(pk=invoice.pk, stage__in=EDITABLE).update(stage=Stage.QUEUED, changed_at=now)
        if taken != 1:
            raise AlreadySent(str(invoice))
        invoice.refresh_from_db()
        if invoice.number is None:
            allowed = allows(invoice.firm, Feature.SEND, now, used=sent_this_month(invoice.firm, now))
            if isinstance(allowed, Refusal):
                raise Withheld(allowed.html)
        if problems := judge(invoice, today=timezone.localdate(now)).problems:
            raise NotReady(", ".join(problem.title for problem in problems))
        label = numbering.give(invoice)
        xml = document.ubl(invoice, label)
        if fatal := check(xml).fatal:  # once more, on the very bytes that leave
            raise NotReady(", ".join(finding.rule for finding in fatal))
        submission = Submission.objects.create(
            firm=invoice.firm,
            invoice=invoice,
            document=xml,
            sha256=hashlib.sha256(xml).hexdigest(),
            standard="CN" if invoice.type_code == InvoiceType.CREDIT_NOTE else "UBL",
            due_at=now,
            created_by=user,
            created_at=now,
            changed_at=now,
        )
        submission.events.create(at=now, kind="queued", state=State.QUEUED, text=label)
    return submission


def sent_this_month(firm: Firm, now: datetime) -> int:
    """Invoices of `firm` that left for the first time in this calendar month; those ANAF never took over left out."""
    first = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    left = Invoice.objects.filter(firm=firm).exclude(stage=Stage.REFUSED)
    before = Submission.objects.filter(invoice=OuterRef("pk"), created_at__lt=first)
    since = Submission.objects.filter(invoice=OuterRef("pk"), created_at__gte=first)
    return left.filter(Exists(since), ~Exists(before)).count()


def answer(sender: type[Invoice], *, invoice: Invoice, user: User, **_: Any) -> None:
    """`invoices.signals.issue_requested`: the editor's „Trimite”."""
    send(invoice, user, timezone.now())

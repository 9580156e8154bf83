"""Giving a document its number without ANAF: a proforma, and an invoice that need not go there."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from . import document, letters, numbering
from .models import EDITABLE, Frozen, Invoice, Kind, Purpose, Stage
from .signals import AlreadySent


class NotADraft(Exception):
    """Only a draft without a number becomes a proforma."""


def to_proforma(invoice: Invoice) -> None:
    """Make of a draft invoice a draft proforma, in the proformas' series. Raises NotADraft."""
    with transaction.atomic():
        held = Invoice.objects.select_for_update().get(pk=invoice.pk)
        if held.stage != Stage.DRAFT or held.number is not None or held.kind != Kind.INVOICE or held.preceding_id:
            raise NotADraft
        series = numbering.series_for(invoice.firm, Purpose.PROFORMA)
        invoice.kind, invoice.series = Kind.PROFORMA, series
        invoice.save(update_fields=["kind", "series", "changed_at"])


def issue(proforma: Invoice, now: datetime) -> None:
    """Number a proforma: „Emisă”. It stays editable until it has its invoice. Raises AlreadySent where it has one."""
    with transaction.atomic():
        draft = Invoice.objects.filter(pk=proforma.pk, kind=Kind.PROFORMA, stage=Stage.DRAFT)
        if draft.update(stage=Stage.ISSUED, changed_at=now) != 1:
            raise AlreadySent(str(proforma))
        proforma.stage = Stage.ISSUED
        numbering.give(proforma)


def issue_unsent(invoice: Invoice, because: str, now: datetime) -> None:
    """Number and freeze an invoice that has no way to ANAF. `because`: a key of `duty`. Within a transaction.

    Raises AlreadySent.
    """
    free = Invoice.objects.filter(pk=invoice.pk, stage__in=[*EDITABLE, Stage.SCHEDULED])
    facts = {"stage": Stage.NOT_SENT, "not_sent_because": because, "send_at": None}
    if free.update(changed_at=now, **facts) != 1:
        raise AlreadySent(str(invoice))
    xml = document.ubl(invoice, numbering.give(invoice))
    Frozen.objects.create(invoice=invoice, document=xml, sha256=hashlib.sha256(xml).hexdigest(), at=now)
    for name, value in facts.items():
        setattr(invoice, name, value)
    letters.on_accepted(Invoice, invoice_id=invoice.pk)

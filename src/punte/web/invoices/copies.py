"""New drafts from an invoice: the same again, or its storno."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from punte.en16931 import model as en
from punte.web.accounts.models import User

from .editor import USUAL_TERM, keep
from .models import Invoice


def copy_of(invoice: Invoice, user: User, today: date) -> Invoice:
    """A draft for the same client with the same rows."""
    draft = _draft_like(invoice, today)
    draft.due_date, draft.note = today + USUAL_TERM, invoice.note
    with transaction.atomic():
        keep(draft, invoice.lines.all(), user)
    return draft


def storno_of(invoice: Invoice, user: User, today: date) -> Invoice:
    """A draft that takes `invoice` back: type 380, the same prices, quantities with the sign turned, and BG-3.

    ANAF's guide of January 2025 names this form for „factură de stornare” (docs/anaf/document.md).
    The rows are those of `invoice`, which cannot have changed since it was accepted.
    """
    draft = _draft_like(invoice, today)
    draft.preceding = invoice
    rows = list(invoice.lines.all())
    for row in rows:
        row.quantity = -row.quantity
    with transaction.atomic():
        keep(draft, rows, user)
    return draft


def _draft_like(invoice: Invoice, today: date) -> Invoice:
    return Invoice(
        firm=invoice.firm,
        client=invoice.client,
        series=invoice.series,
        currency=invoice.currency,
        type_code=en.InvoiceType.INVOICE,
        issue_date=today,
    )

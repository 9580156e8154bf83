"""What is waited for: the documents of a firm that are issued and not received whole, less what stornos took off.

`payments.left` says it of one document; here it is asked of all at once. A storno is never waited for itself: its money
is counted at the document that it takes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, When

from punte.en16931.model import InvoiceType
from punte.web.firms.models import Firm

from .copies import CENT, ISSUED
from .models import Invoice, Stage

WAITED = ~Q(stage=Stage.DRAFT) & Q(payable__gt=F("paid"))  # before stornos, by the row alone
CREDIT = Q(type_code=InvoiceType.CREDIT_NOTE)
TAKES_BACK = Q(CREDIT, payable__gt=0) | Q(~CREDIT, payable__lt=0)


def unpaid(firm: Firm) -> Q:
    """Of `firm`, what is waited for."""
    return WAITED & ~CREDIT & ~Q(pk__in=_settled(firm))


def _settled(firm: Firm) -> QuerySet[Invoice, Any]:
    """The keys of the documents of which stornos leave nothing to be received."""
    rest = F("preceding__payable") - F("preceding__paid") - Sum(_TAKEN)
    groups = _stornos(firm).values("preceding_id", "preceding__payable", "preceding__paid").annotate(rest=rest)
    return groups.filter(rest__lt=CENT / 2).values("preceding_id")  # SQLite sums in floats


def _stornos(firm: Firm) -> QuerySet[Invoice]:
    return Invoice.objects.filter(TAKES_BACK, firm=firm, preceding__isnull=False, stage__in=ISSUED).order_by()


#: What a storno takes off the document before it: what it says, less what was given back on it.
_TAKEN = Case(When(CREDIT, then=F("payable")), default=-F("payable")) + F("paid")


@dataclass(frozen=True, slots=True)
class Less:
    """How sums of `payable - paid` over WAITED are to be lowered for one document: by `amount`; `whole`: it is gone."""

    invoice: Invoice
    amount: Decimal
    whole: bool


def less(firm: Firm, waited: QuerySet[Invoice]) -> Iterator[Less]:
    """For each of `waited`, a part of the documents that WAITED finds, what stornos change in its sum."""
    corrections = Invoice.objects.filter(TAKES_BACK, firm=firm, preceding__isnull=False).order_by()
    taken: dict[int, Decimal] = {}
    credit_notes = set()
    for pk, preceding, stage, code, payable, paid in corrections.values_list(
        "pk", "preceding_id", "stage", "type_code", "payable", "paid"
    ):
        if code == InvoiceType.CREDIT_NOTE:
            credit_notes.add(pk)
        if stage in ISSUED and preceding:
            taken[preceding] = taken.get(preceding, Decimal(0)) + abs(payable) + paid
    columns = ("stage", "currency", "payable", "paid", "issue_date", "due_date")
    for invoice in waited.filter(pk__in=[*taken, *credit_notes]).only(*columns):
        rest = invoice.payable - invoice.paid
        off = rest if invoice.pk in credit_notes else min(rest, taken[invoice.pk])
        yield Less(invoice, off, off == rest)

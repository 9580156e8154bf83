"""What is still to be received for a document, as a list and a page say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from punte.en16931.model import InvoiceType
from punte.web.design import formats

from .models import Invoice, Stage

NEAR = 5  # days before the due date


@dataclass(frozen=True, slots=True)
class Due:
    """`word`, and `note` in small; `tone`: "late", "soon", "quiet" or ""."""

    word: str
    tone: str = ""
    note: str = ""


def due_of(invoice: Invoice, today: date) -> Due:
    """Of an invoice that `listing.with_way` brought, or whose corrections are few."""
    if invoice.stage == Stage.DRAFT or invoice.payable <= 0:
        return Due("—", "quiet")
    if is_taken_back(invoice):
        return Due(_("Stinsă prin storno"), "quiet")
    if invoice.paid >= invoice.payable:
        return Due(_("Încasată"), "quiet")
    rest = _("rest %(amount)s") % {"amount": formats.money(invoice.payable - invoice.paid, invoice.currency)}
    note = rest if invoice.paid else ""
    if invoice.due_date is None:
        return Due(_("fără scadență"), "quiet", note)
    days = (invoice.due_date - today).days
    if days < 0:
        late = _("Întârziată %(days)s") % {"days": formats.plural(-days, _("zi"), _("zile"))}
        return Due(late, "late", note)
    return Due(formats.short_date(invoice.due_date), "soon" if days <= NEAR else "", note)


def is_taken_back(invoice: Invoice) -> bool:
    """Whether a numbered storno took the whole of it back; `listing.taken_back` is the same for many."""
    return any(_takes_back(storno, invoice.payable) for storno in stornos(invoice))


def stornos(invoice: Invoice) -> list[Invoice]:
    """The numbered documents that correct it; those that a list brought with it, where it did."""
    brought: list[Invoice] | None = getattr(invoice, "stornos", None)
    return list(invoice.corrections.filter(number__isnull=False).order_by("pk")) if brought is None else brought


def _takes_back(storno: Invoice, whole: Decimal) -> bool:
    return storno.payable == (whole if storno.type_code == InvoiceType.CREDIT_NOTE else -whole)

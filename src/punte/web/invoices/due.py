"""What is still to be received for a document, as a list and a page say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from punte.web.design import formats

from .copies import is_taken_back
from .models import Invoice, Stage
from .payments import left as left_of

NEAR = 5  # days before the due date


@dataclass(frozen=True, slots=True)
class Due:
    """`word`, and `note` in small; `tone`: "late", "soon", "quiet" or ""."""

    word: str
    tone: str = ""
    note: str = ""


def due_of(invoice: Invoice, today: date) -> Due:
    """As `payments.left` counts; of what `listing.with_way` brought it asks the database nothing."""
    if invoice.stage == Stage.DRAFT or invoice.payable <= 0 or invoice.is_storno:
        return Due("—", "quiet")
    if is_taken_back(invoice):
        return Due(_("Stinsă prin storno"), "quiet")
    left = left_of(invoice)
    if left <= 0:
        return Due(_("Încasată"), "quiet")
    rest = _("rest %(amount)s") % {"amount": formats.money(left, invoice.currency)}
    note = rest if left != invoice.payable else ""
    if invoice.due_date is None:
        return Due(_("fără scadență"), "quiet", note)
    days = (invoice.due_date - today).days
    if days < 0:
        late = _("Întârziată %(days)s") % {"days": formats.plural(-days, _("zi"), _("zile"))}
        return Due(late, "late", note)
    return Due(formats.short_date(invoice.due_date), "soon" if days <= NEAR else "", note)

"""Another number for an invoice whose own SPV holds already, on another document of the firm."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from punte.web.accounts.models import User
from punte.web.invoices import gaps, numbering
from punte.web.invoices.models import Invoice, Stage
from punte.web.invoices.signals import AlreadySent

from .models import Submission
from .showing import latest


def is_taken(invoice: Invoice) -> bool:
    """Whether ANAF's last word was that the number belongs to another document."""
    submission = latest(invoice)
    if invoice.stage != Stage.REJECTED or submission is None:
        return False
    return max(submission.events.all(), key=lambda event: event.pk).kind == "other-duplicate"


def renumber(invoice: Invoice, user: User, now: datetime) -> str:
    """Give `invoice` the next number of its series and explain the one it leaves; the new label.

    What was refused keeps its bytes and its history. Raises AlreadySent where the number is not (or no longer) taken.
    """
    with transaction.atomic():
        held = Invoice.objects.select_for_update().select_related("series", "client").get(pk=invoice.pk)
        if not is_taken(held) or held.number is None:
            raise AlreadySent(str(invoice))
        series, year, number, label = held.series, held.year, held.number, held.label
        held.number, held.year = numbering.take(series, held.issue_date)
        held.label = series.label(held.number, held.year)
        held.save(update_fields=["number", "year", "label", "changed_at"])
        with translation.override("ro"):  # an inspector reads it
            reason = _("%(old)s este în SPV pe alt document al firmei; factura are acum numărul %(new)s.")
        gaps.explain(series, year, number, number, reason % {"old": label, "new": held.label}, user)
        Submission.objects.filter(invoice=held).latest("pk").write(
            now, kind="renumbered", text=f"{label} → {held.label}"
        )
    invoice.refresh_from_db()
    return held.label

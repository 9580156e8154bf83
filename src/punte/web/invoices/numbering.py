"""Numbers of invoices: in order, without gaps, given once (OMFP 2634/2015, annex 1)."""

from __future__ import annotations

import re

from django.db import connection
from django.db.models import F
from django.db.transaction import TransactionManagementError

from punte.web.firms.models import Firm

from .models import Invoice, Series, folded

LEGAL_FORMS = {"srl", "srld", "sa", "sca", "snc", "scs", "pfa", "ii", "if", "ra", "sc", "cabinet"}


def give(invoice: Invoice) -> str:
    """The invoice's label (BT-1); the first time, the next number of its series is taken for it.

    Runs inside the caller's transaction, so that a number and what it is for are written together or not at all.
    Raises TransactionManagementError outside one: a number taken for nothing is a gap.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("numbering.give needs the transaction of what the number is for")
    held = Invoice.objects.select_for_update().only("number", "label").get(pk=invoice.pk)
    if held.number is None:
        Series.objects.filter(pk=invoice.series_id).update(next_number=F("next_number") + 1)
        series = Series.objects.get(pk=invoice.series_id)
        held.number = series.next_number - 1
        held.label = series.label(held.number)
        held.save(update_fields=["number", "label"])
    invoice.number, invoice.label = held.number, held.label
    return invoice.label


def usual_prefix(name: str) -> str:
    """A series for a firm that has none yet: the initials of its name, legal form left out.

    >>> usual_prefix("Dobre Ilinca PFA"), usual_prefix("Brutăria Trei Spice S.R.L.")
    ('DI', 'BTS')
    """
    words = re.findall(r"[a-z0-9]+", folded(name.replace(".", "")))
    return "".join(word[0] for word in words if word not in LEGAL_FORMS)[:4].upper() or "F"


def is_unused(series: Series) -> bool:
    """Whether no number of it was given yet: until then its prefix and first number may be chosen."""
    return not series.pk or not series.invoices.filter(number__isnull=False).exists()


def keep_series(series: Series) -> None:
    """Write a new series, or the prefix and first number of one still unused; what is in use stays as it is."""
    if not series.pk:
        series.save()
        return
    unused = Series.objects.filter(pk=series.pk).exclude(invoices__number__isnull=False)
    unused.update(prefix=series.prefix, next_number=series.next_number)
    series.refresh_from_db()


def series_of(firm: Firm) -> list[Series]:
    """The firm's series; where it has none, the usual one, not saved yet."""
    return list(firm.series.order_by("pk")) or [Series(firm=firm, prefix=usual_prefix(firm.name))]

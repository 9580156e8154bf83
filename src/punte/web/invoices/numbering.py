"""Numbers of invoices: in order, without gaps, given once (OMFP 2634/2015, annex 1)."""

from __future__ import annotations

import re
from datetime import date

from django.db import connection, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError

from punte.web.firms.models import Firm

from .models import Counter, Invoice, Purpose, Series, folded
from .models.numbering import NO_YEAR

#: What follows the usual prefix of a series that is not for invoices.
SUFFIXES = {
    Purpose.INVOICE: "",
    Purpose.STORNO: "-S",
    Purpose.PROFORMA: "-P",
    Purpose.RECEIPT: "-CH",
    Purpose.SELF_BILLED: "-AF",
}
LEGAL_FORMS = {"srl", "srld", "sa", "sca", "snc", "scs", "pfa", "ii", "if", "ra", "sc", "cabinet"}


def give(invoice: Invoice) -> str:
    """The invoice's label (BT-1); the first time, the next number of its series is taken for it.

    Runs inside the caller's transaction, so that a number and what it is for are written together or not at all.
    Raises TransactionManagementError outside one: a number taken for nothing is a gap.
    """
    held = Invoice.objects.select_for_update().only("number", "year", "label").get(pk=invoice.pk)
    if held.number is None:
        held.number, held.year = take(invoice.series, invoice.issue_date)
        held.label = invoice.series.label(held.number, held.year)
        held.save(update_fields=["number", "year", "label"])
    invoice.number, invoice.year, invoice.label = held.number, held.year, held.label
    return invoice.label


def take(series: Series, on: date) -> tuple[int, int]:
    """The next number of `series` and the year of its counter, for a document of the day `on`; see `give`."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("numbering.take needs the transaction of what the number is for")
    year = year_of(series, on)
    first = _first(series)
    Counter.objects.get_or_create(series=series, year=year, defaults={"next_number": first, "starts_at": first})
    Counter.objects.filter(series=series, year=year).update(next_number=F("next_number") + 1)
    return Counter.objects.get(series=series, year=year).next_number - 1, year


def upcoming(series: Series, on: date) -> int:
    """The number that a document of the day `on` would get now."""
    counter = series.counters.filter(year=year_of(series, on)).first() if series.pk else None
    return counter.next_number if counter else _first(series)


def upcoming_label(series: Series, on: date) -> str:
    return series.label(upcoming(series, on), year_of(series, on))


def year_of(series: Series, on: date) -> int:
    return on.year if series.yearly else NO_YEAR


def _first(series: Series) -> int:
    """Of a counter still to be made: the first of a series begins where the person said, a new year's at 1."""
    return series.first_number if is_unused(series) else 1


def usual_prefix(name: str) -> str:
    """A series for a firm that has none yet: the initials of its name, legal form left out.

    >>> usual_prefix("Dobre Ilinca PFA"), usual_prefix("Brutăria Trei Spice S.R.L.")
    ('DI', 'BTS')
    """
    words = re.findall(r"[a-z0-9]+", folded(name.replace(".", "")))
    return "".join(word[0] for word in words if word not in LEGAL_FORMS)[:4].upper() or "F"


def is_unused(series: Series) -> bool:
    """Whether no number of it was given yet: until then its prefix and first number may be chosen."""
    return not series.pk or not series.counters.exists()


def keep_series(series: Series) -> None:
    """Write a new series, or the prefix and first number of one still unused; what is in use stays as it is."""
    if not series.pk:
        series.save()
        return
    unused = Series.objects.filter(pk=series.pk, counters=None)
    unused.update(prefix=series.prefix, first_number=series.first_number)
    series.refresh_from_db()


def series_of(firm: Firm, purpose: Purpose = Purpose.INVOICE) -> list[Series]:
    """The firm's series for `purpose`; where it has none, the usual one, not saved yet."""
    known = list(firm.series.filter(purpose=purpose, archived=False).order_by("pk"))
    return known or [Series(firm=firm, purpose=purpose, prefix=_free_prefix(firm, purpose))]


def series_for(firm: Firm, purpose: Purpose) -> Series:
    """The first series for `purpose`, saved. A storno takes the invoices' where the firm keeps none apart for it."""
    if purpose == Purpose.STORNO and not firm.series.filter(purpose=purpose, archived=False).exists():
        purpose = Purpose.INVOICE
    with transaction.atomic():
        Firm.objects.select_for_update().get(pk=firm.pk)  # two that make the first one at once would make two
        series = series_of(firm, purpose)[0]
        keep_series(series)
    return series


def _free_prefix(firm: Firm, purpose: Purpose) -> str:
    """The usual one, with a figure after it where the firm has another series of that name."""
    usual = usual_prefix(firm.name) + SUFFIXES[purpose]
    taken = set(firm.series.filter(prefix__startswith=usual).values_list("prefix", flat=True)) if firm.pk else set()
    return next(name for name in (usual, *(f"{usual}{n}" for n in range(2, 1000))) if name not in taken)

"""Cheltuieli taken along as a table, streamed: what is filtered, or ticked."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from punte.web.transfer.tables import Cell, Sheet

from .listing import newest_first
from .models import Document
from .words import standing_of

PART = 500  # rows in memory at a time


def sheet(documents: QuerySet[Document]) -> Sheet:
    head = [
        _("Furnizor"), _("CUI"), _("Număr"), _("Tip"), _("Data emiterii"), _("Scadența"), _("Ajunsă în SPV"),
        _("Moneda"), _("Fără TVA"), _("TVA"), _("De plată"), _("Starea"), _("Se adună ca"), _("Corectează"),
        _("Notița"), _("Index de încărcare SPV"),
    ]  # fmt: skip
    return Sheet(_("Cheltuieli"), head, _rows(newest_first(documents)))


def _rows(documents: QuerySet[Document]) -> Iterator[list[Cell]]:
    for one in documents.iterator(PART):
        sign = -1 if one.is_credit and one.payable > 0 else 1  # a credit note takes off, in every column
        yield [
            one.seller_name or one.seller_cif, one.seller_cif, one.number, one.type_code, one.day, one.due_date,
            one.arrived_at.date(), one.currency, sign * one.net, sign * one.vat, one.effect,
            one.get_reading_display() if one.reading else one.get_mark_display(), standing_of(one),
            one.preceding_number, one.note, one.upload_index,
        ]  # fmt: skip

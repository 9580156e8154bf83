"""Keeping what is typed: the draft with its client, series, rows and discounts, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from punte.web.accounts.models import User
from punte.web.firms.models import Firm

from . import clients, document
from .models import Adjustment, Invoice, Line, Product
from .numbering import keep_series

if TYPE_CHECKING:  # the page, which stands above
    from .editor import Editor
    from .forms import LineForm


class NotEditable(Exception):
    """The invoice was sent in the meantime, perhaps by a colleague; nothing was written."""


class ChangedMeanwhile(Exception):
    """Somebody else saved the draft after this page was opened; nothing was written."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


@dataclass(frozen=True, slots=True)
class Kept:
    """The document as it was written; `made_client`: its client was not known before."""

    invoice: Invoice
    made_client: bool


def save(editor: Editor, user: User, now: datetime, *, over: bool = False) -> Kept:
    """Keep it as it stands, whatever ANAF would say.

    over  also over what somebody else saved after this page was opened
    Raises NotEditable, ChangedMeanwhile.
    """
    seen = editor.head.cleaned_data["seen"]
    invoice, rows, added = editor.typed()
    if editor.client.cleaned_data["found"]:
        invoice.client.looked_up_at = now
    with transaction.atomic():
        if invoice.pk:
            held = Invoice.objects.select_for_update().get(pk=invoice.pk)
            if not held.is_editable:
                raise NotEditable
            if seen and not over and held.changed_at.isoformat() != seen:
                raise ChangedMeanwhile(held.changed_at)
        made = not invoice.client.pk
        invoice.client.save()
        keep_series(invoice.series)
        invoice.client, invoice.series = invoice.client, invoice.series  # their keys, known only now
        keep(invoice, rows, user, added)
        born = clients.newborn(editor.firm, editor.client.cleaned_data["born"])
        if born and born.pk != invoice.client.pk and not born.invoices.exists():
            born.delete()  # the name was still being typed when it was kept
    return Kept(invoice, made)


def keep(invoice: Invoice, rows: Iterable[Line], user: User, adjustments: Iterable[Adjustment] | None = None) -> None:
    """Write `invoice` with these rows, numbered from 1, and with its totals. Within a transaction.

    adjustments  discounts and costs on the whole, instead of the saved ones; None leaves those
    """
    rows = list(rows)
    changes = list(invoice.adjustments.all()) if invoice.pk and adjustments is None else list(adjustments or ())
    document.settle(invoice, rows, changes)
    if not invoice.pk:
        invoice.created_by = user
    invoice.save()
    invoice.lines.all().delete()
    for position, row in enumerate(rows, 1):
        row.pk, row.invoice, row.position = None, invoice, position
    Line.objects.bulk_create(rows)
    if adjustments is not None:
        invoice.adjustments.all().delete()
        for position, one in enumerate(changes, 1):
            one.pk, one.invoice, one.position = None, invoice, position
        Adjustment.objects.bulk_create(changes)


def own(firm: Firm, rows: list[Line]) -> list[Line]:
    """`rows` without what they claim of another firm's: hidden fields can be written by anybody."""
    products = set(firm.products.filter(pk__in=[row.product_id for row in rows]).values_list("pk", flat=True))
    advances = firm.invoices.filter(pk__in=[row.advance_id for row in rows]).values_list("pk", flat=True)
    corrected = Line.objects.filter(invoice__firm=firm, pk__in=[row.corrects_id for row in rows])
    lines = set(corrected.values_list("pk", flat=True)) if any(row.corrects_id for row in rows) else set()
    for row in rows:
        row.product_id = row.product_id if row.product_id in products else None
        row.advance_id = row.advance_id if row.advance_id in set(advances) else None
        row.corrects_id = row.corrects_id if row.corrects_id in lines else None
    return rows


def remember(editor: Editor, row: LineForm) -> Product:
    """Keep the row as a product: the one of its name, or a new one. For a row that is valid."""
    line = row.line()
    product = editor.firm.products.filter(name__iexact=line.name).first() or Product(firm=editor.firm)
    for name in ("name", "description", "unit", "price", "nc_code", "cpv_code"):
        setattr(product, name, getattr(line, name))
    if not editor.firm.products.filter(code=line.code).exclude(pk=product.pk).exists():
        product.code = line.code
    product.currency, product.archived = editor.currency, False
    product.vat_case = "" if line.vat_case == editor.usual.slug else line.vat_case
    product.save()
    return product

"""What other documents leave to this one: advances to deduct, quantities and sums to take back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from punte.en16931 import model as en
from punte.web.design import formats

from ..amounts import reckon
from ..findings import Verdict
from ..models import Invoice, Line
from .draft import Draft, bad, field_of


def advances(draft: Draft) -> Iterator[Verdict]:
    """What is deducted of an advance, here and elsewhere, is never more than it was."""
    here: dict[Invoice, Decimal] = {}
    first: dict[Invoice, Line] = {}
    for row, line in draft.pairs:
        if row.advance is not None:
            here[row.advance] = here.get(row.advance, Decimal(0)) - line.net_amount
            first.setdefault(row.advance, row)
    for advance, deducted in here.items():
        title, target = _("Avansul %(advance)s") % {"advance": advance}, field_of(first[advance], "price")
        if (advance.client_id, advance.currency) != (draft.invoice.client_id, draft.invoice.currency):
            yield bad(title, _("Avansul e al altui client sau în altă monedă. Ștergeți rândul."), target)
            continue
        if advance.number is None:
            yield bad(title, _("Avansul nu a fost încă emis. Emiteți-l întâi, apoi scădeți-l."), target)
            continue
        if first[advance].vat_category not in {row.vat_category for row in advance.lines.all()}:
            yield bad(title, _("Avansul a fost facturat altfel la TVA. Scădeți-l cu TVA-ul lui."), target)
        elsewhere = -_net(Line.objects.filter(advance=advance), but=draft.invoice)
        left = advance.net + _corrections(advance) - elsewhere
        if deducted > left:
            yield bad(
                title,
                _("Ați scăzut %(deducted)s, dar din avans au mai rămas %(left)s. Scădeți cel mult atât.")
                % {
                    "deducted": formats.money(deducted, draft.invoice.currency),
                    "left": formats.money(max(left, Decimal(0)), draft.invoice.currency),
                },
                target,
            )


def taken_back(draft: Draft) -> Iterator[Verdict]:
    """A storno or a credit note takes back no more than was sold: of each line, and of the whole."""
    invoice, first = draft.invoice, draft.invoice.preceding
    if first is None:
        return
    sign = -1 if invoice.type_code == en.InvoiceType.CREDIT_NOTE else 1
    for row in draft.rows:
        if row.corrects is None:
            continue
        others = Line.objects.filter(corrects=row.corrects).exclude(invoice=invoice.pk).select_related("invoice")
        taken = sum((_signed(other.invoice) * other.quantity for other in others), Decimal(0))
        left = row.corrects.quantity + taken
        if (left + sign * row.quantity) * row.corrects.quantity < 0:
            yield bad(
                _("Cantitatea, rândul %(row)s") % {"row": row.position},
                _("Luați înapoi mai mult decât a rămas din rândul facturii %(invoice)s: cel mult %(left)s.")
                % {"invoice": first, "left": formats.number(abs(left) if left * row.corrects.quantity > 0 else 0)},
                field_of(row, "quantity"),
            )
    if invoice.type_code != en.InvoiceType.CORRECTED:
        change = sign * draft.built.totals.without_vat
        left = first.net + _corrections(first, but=invoice)
        if change * first.net < 0 and (left + change) * first.net < 0:
            yield bad(
                _("Storno peste factură"),
                _("Din factura %(invoice)s mai sunt de luat înapoi %(left)s fără TVA. Micșorați cantitățile.")
                % {"invoice": first, "left": formats.money(abs(left), invoice.currency)},
            )


def _net(rows: QuerySet[Line], *, but: Invoice) -> Decimal:
    """What lines of other documents come to, credit notes with a minus."""
    found = rows.exclude(invoice=but.pk).select_related("invoice")
    return sum(
        (_signed(row.invoice) * line.net_amount for row in found for line in reckon([row], registered=True)[0]),
        Decimal(0),
    )


def _corrections(of: Invoice, *, but: Invoice | None = None) -> Decimal:
    """What the corrections of a document changed in its net amount; drafts count, so that two do not take it twice."""
    others = of.corrections.exclude(pk=but.pk) if but is not None and but.pk else of.corrections.all()
    return sum((_signed(one) * one.net for one in others), Decimal(0))


def _signed(invoice: Invoice) -> int:
    return -1 if invoice.type_code == en.InvoiceType.CREDIT_NOTE else 1

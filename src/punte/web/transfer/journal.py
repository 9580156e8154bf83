"""Jurnalul de vânzări: what a firm issued in a period, in lei, by VAT rate and category, with totals.

Reckoned from what each document says: the bytes that were sent where there are some, its rows otherwise. A credit note
(381) counts against. Self-billed documents are purchases and stand elsewhere. The period is that of the issue date; for
„TVA la încasare” the tax falls due when money comes: `exigible`.
Source: Norme metodologice la Codul fiscal (HG 1/2016), pct. 101: the contents are the law's, the form is free.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from punte.en16931 import model as en
from punte.en16931 import read_ubl, totals
from punte.web.firms.models import Firm
from punte.web.invoices import document
from punte.web.invoices.models import Invoice, Kind

from .exports import in_parts, plain
from .tables import Cell, Sheet

ZERO = Decimal(0)
PART = 200


@dataclass(slots=True)
class Entry:
    """One document, in lei. `rates`: per rate (base, VAT); `others`: base per column of journal_columns.tsv."""

    invoice: Invoice
    total: Decimal = ZERO
    rates: dict[Decimal, tuple[Decimal, Decimal]] = field(default_factory=dict)
    others: dict[str, Decimal] = field(default_factory=dict)
    without_rate: bool = False  # in another currency, and nobody said for how many lei


@dataclass(frozen=True, slots=True)
class Journal:
    first: date
    last: date
    entries: list[Entry]
    total: Entry  # of a document that does not exist: the sums

    @property
    def rates(self) -> list[Decimal]:
        return sorted(self.total.rates, reverse=True)

    @property
    def columns(self) -> list[str]:
        """Of the others, those in which something stands, in their order."""
        return [name for name in column_names() if any(name in entry.others for entry in self.entries)]


def journal(firm: Firm, first: date, last: date) -> Journal:
    """The documents issued from `first` to `last`, both included."""
    found = firm.invoices.filter(kind=Kind.INVOICE, self_billed=False, issue_date__range=(first, last)).exclude(
        label=""
    )
    found = found.select_related("client", "series", "firm", "preceding", "frozen").prefetch_related("lines")
    total = Entry(Invoice(firm=firm))
    entries = []
    for part in in_parts(found.order_by("issue_date", "series__prefix", "number", "pk"), PART):
        sent = sent_documents(part)
        for invoice in part:
            entry = _entry(invoice, sent.get(invoice.pk))
            entries.append(entry)
            _add(total, entry)
    return Journal(first, last, entries, total)


def sent_documents(part: list[Invoice]) -> dict[int, bytes]:
    """The bytes of each that went to ANAF, was issued without, or was brought in as UBL; of several the last."""
    model: Any = Invoice._meta.get_field("submissions").related_model  # delivery's, which stands above this room
    found = {one.pk: bytes(one.frozen.document) for one in part if hasattr(one, "frozen")}
    sent = model._default_manager.filter(invoice__in=[one.pk for one in part]).order_by("pk")
    return found | {pk: bytes(content) for pk, content in sent.values_list("invoice_id", "document")}


def _entry(invoice: Invoice, sent: bytes | None) -> Entry:
    lei = Decimal(1) if invoice.currency == "RON" else invoice.exchange_rate
    if lei is None and invoice.vat and invoice.vat_lei:
        lei = invoice.vat_lei / invoice.vat
    entry = Entry(invoice, without_rate=lei is None)
    sign = -1 if invoice.type_code == en.InvoiceType.CREDIT_NOTE else 1
    for group in breakdown(invoice, sent):
        base, tax = (totals.rounded(one * (lei or 0)) * sign for one in (group.taxable_amount, group.tax_amount))
        if group.category == en.VatCategory.STANDARD:
            rate = plain(group.rate or ZERO)
            before = entry.rates.get(rate, (ZERO, ZERO))
            entry.rates[rate] = (before[0] + base, before[1] + tax)
        else:
            name = column(group.category, group.exemption_reason_code or "")
            entry.others[name] = entry.others.get(name, ZERO) + base
        entry.total += base + tax
    return entry


def breakdown(invoice: Invoice, sent: bytes | None) -> tuple[en.VatBreakdown, ...]:
    """BG-23 of the document: as it was sent; of one brought in from a table, by the codes on its rows."""
    if sent:
        return read_ubl(sent).vat_breakdown
    if not invoice.imported_by:
        return document.build(invoice).vat_breakdown
    rows = [
        en.Line(
            identifier=str(row.position),
            quantity=row.quantity,
            unit=row.unit,
            net_amount=totals.line_net_amount(row.quantity, row.price, allowances=row.discount),
            price=en.Price(net=row.price),
            vat_category=row.vat_category,
            vat_rate=row.vat_rate,
            item=en.Item(name=row.name),
        )
        for row in invoice.lines.all()
    ]
    return totals.compute(rows)[1]


def _add(total: Entry, entry: Entry) -> None:
    total.total += entry.total
    for rate, (base, tax) in entry.rates.items():
        before = total.rates.get(rate, (ZERO, ZERO))
        total.rates[rate] = (before[0] + base, before[1] + tax)
    for name, base in entry.others.items():
        total.others[name] = total.others.get(name, ZERO) + base


@cache
def _columns() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    text = Path(__file__).with_name("journal_columns.tsv").read_text("utf-8").splitlines()
    rows = csv.DictReader((line for line in text if not line.startswith("#")), delimiter="\t")
    return tuple((row["column"], row["category"], tuple(filter(None, (row["codes"] or "").split("|")))) for row in rows)


def column_names() -> list[str]:
    return [name for name, _category, _codes in _columns()]


def column(category: str, code: str) -> str:
    """The column of a breakdown that is not of a rate."""
    for name, of, codes in _columns():
        if of == category and (not codes or code.startswith(codes)):
            return name
    return "outside"


def title(name: str) -> str:
    return {
        "reverse_charge": _("Taxare inversă"),
        "intra_community": _("Livrări intracomunitare scutite"),
        "export": _("Export și asimilate"),
        "exempt_with_credit": _("Scutite cu drept de deducere"),
        "exempt_without_credit": _("Scutite fără drept de deducere"),
        "margin": _("Regimul marjei"),
        "exempt": _("Scutite"),
        "zero": _("Cota zero"),
        "outside": _("Neimpozabile sau neplătitor"),
    }[name]


def head(one: Journal) -> list[str]:
    rates = [
        words
        for rate in one.rates
        for words in (_("Bază %(rate)s %%") % {"rate": rate}, _("TVA %(rate)s %%") % {"rate": rate})
    ]
    return [
        _("Nr. crt."), _("Data"), _("Documentul"), _("Clientul"), _("CUI"), _("Total, lei"), *rates,
        *(title(name) for name in one.columns), _("Starea"),
    ]  # fmt: skip


def amounts(one: Journal, entry: Entry) -> list[Decimal | None]:
    """The sums of a row, from the total on; None where nothing stands."""
    pairs = [entry.rates.get(rate, (None, None)) for rate in one.rates]
    return [
        entry.total,
        *(amount for pair in pairs for amount in pair),
        *(entry.others.get(name) for name in one.columns),
    ]


def sheet(one: Journal) -> Sheet:
    return Sheet(_("Jurnal de vânzări"), head(one), _rows(one))


def _rows(one: Journal) -> Iterator[list[Cell]]:
    for position, entry in enumerate(one.entries, 1):
        invoice = entry.invoice
        yield [
            position, invoice.issue_date, invoice.label, invoice.client.name, code_of(invoice),
            *amounts(one, entry), invoice.get_stage_display(),
        ]  # fmt: skip
    yield [None, None, _("Total"), "", "", *amounts(one, one.total), ""]


def code_of(invoice: Invoice) -> str:
    client = invoice.client
    return (
        client.foreign_vat or client.foreign_identifier or (f"RO{client.cui}" if client.vat_registered else client.cui)
    )

"""What a firm may take along at any time, also when its plan has ended: its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from punte.web.firms.models import Firm
from punte.web.invoices.models import Invoice, Line, Payment
from punte.web.invoices.units import UNITS

from .tables import Cell, Sheet

PART = 500  # rows in memory at a time
Row = TypeVar("Row", bound=Model)


def sheet(firm: Firm, what: str) -> Sheet:
    """The table `what` of SHEETS. Raises KeyError."""
    return SHEETS[what](firm)


def clients(firm: Firm) -> Sheet:
    head = [
        _("Denumirea"), _("CUI"), _("CNP"), _("Plătitor de TVA"), _("Nr. Registrul Comerțului"), _("Adresa"),
        _("Localitatea"), _("Județul"), _("Codul poștal"), _("Țara"), _("E-mail"), _("Telefon"),
        _("Persoana de contact"), _("Persoană fizică"), _("Cod de TVA în UE"), _("Termen de plată, zile"), _("Notițe"),
    ]  # fmt: skip
    yes, no = _("da"), _("nu")
    rows = (
        [
            one.name, one.cui or one.foreign_identifier, one.cnp, yes if one.vat_registered else no,
            one.trade_register_number, one.street, one.city, one.county.removeprefix("RO-"), one.post_code, one.country,
            one.email, one.phone, one.contact, yes if one.private else no, one.foreign_vat, one.term_days, one.notes,
        ]
        for one in firm.clients.order_by("search_name", "pk").iterator(PART)
    )  # fmt: skip
    return Sheet(_("Clienți"), head, rows)


def products(firm: Firm) -> Sheet:
    head = [_("Denumirea"), _("Cod"), _("Descrierea"), _("Unitatea"), _("Prețul fără TVA"), _("Moneda"),
            _("Cod NC"), _("Cod CPV")]  # fmt: skip
    rows: Iterator[list[Cell]] = (
        [one.name, one.code, one.description, unit(one.unit), plain(one.price), one.currency, one.nc_code, one.cpv_code]
        for one in firm.products.order_by("search_name", "pk").iterator(PART)
    )
    return Sheet(_("Produse"), head, rows)


def numbered(firm: Firm) -> QuerySet[Invoice]:
    """Every document with a number, oldest first."""
    found = firm.invoices.exclude(label="").select_related("client", "series", "preceding", "frozen")
    return found.order_by("issue_date", "pk")


def invoices(firm: Firm) -> Sheet:
    head = [
        _("Seria și numărul, împreună"), _("Felul"), _("Starea"), _("Data emiterii"), _("Scadența"), _("Clientul"),
        _("CUI-ul clientului"), _("Moneda"), _("Cursul, lei"), _("Valoarea fără TVA"), _("Valoarea TVA"),
        _("Totalul cu TVA"), _("Încasat"), _("Fără TVA, lei"), _("TVA, lei"),
        _("Index de încărcare SPV"), _("Corectează"),
    ]  # fmt: skip
    return Sheet(_("Facturi"), head, _invoice_rows(firm))


def _invoice_rows(firm: Firm) -> Iterator[list[Cell]]:
    for part in in_parts(numbered(firm)):
        indexes = upload_indexes(part)
        for one in part:
            yield [
                one.label, kind(one), one.get_stage_display(), one.issue_date, one.due_date, one.client.name,
                one.client.cui or one.client.foreign_vat or one.client.foreign_identifier, one.currency,
                plain(one.exchange_rate) if one.exchange_rate else None, one.net, one.vat, one.payable, one.paid,
                one.net_lei, one.vat_lei, indexes.get(one.pk, ""), one.preceding.label if one.preceding else "",
            ]  # fmt: skip


def lines(firm: Firm) -> Sheet:
    head = [
        _("Seria și numărul, împreună"), _("Data emiterii"), _("Clientul"), _("CUI-ul clientului"), _("Moneda"),
        _("Produsul sau serviciul"), _("Codul produsului"), _("Cantitate"), _("Unitatea"), _("Prețul fără TVA"),
        _("Reducere, %"), _("Reducere"), _("Categoria TVA"), _("Cota TVA"),
    ]  # fmt: skip
    found = Line.objects.filter(invoice__firm=firm).exclude(invoice__label="").select_related("invoice__client")
    rows = (
        [
            line.invoice.label, line.invoice.issue_date, line.invoice.client.name, line.invoice.client.cui,
            line.invoice.currency, line.name, line.code, plain(line.quantity), unit(line.unit), plain(line.price),
            plain(line.discount_percent) if line.discount_percent else None, line.discount or None,
            line.vat_category, None if line.vat_rate is None else plain(line.vat_rate),
        ]
        for line in found.order_by("invoice__issue_date", "invoice_id", "position").iterator(PART)
    )  # fmt: skip
    return Sheet(_("Rândurile facturilor"), head, rows)


def payments(firm: Firm) -> Sheet:
    head = [_("Seria și numărul, împreună"), _("Clientul"), _("Data"), _("Suma"), _("Moneda"), _("Cum"), _("Chitanța"),
            _("Mențiune"), _("Anulată")]  # fmt: skip
    found = Payment.objects.filter(invoice__firm=firm).select_related("invoice__client")
    yes = _("da")
    rows: Iterator[list[Cell]] = (
        [
            one.invoice.label, one.invoice.client.name, one.day, one.amount, one.invoice.currency,
            one.get_means_display(), one.label, one.note, yes if one.cancelled_at else "",
        ]
        for one in found.order_by("day", "pk").iterator(PART)
    )  # fmt: skip
    return Sheet(_("Încasări"), head, rows)


SHEETS: dict[str, Callable[[Firm], Sheet]] = {
    "clienti": clients,
    "produse": products,
    "facturi": invoices,
    "randuri": lines,
    "incasari": payments,
}


def in_parts(found: QuerySet[Row], size: int = PART) -> Iterator[list[Row]]:
    rows = found.iterator(size)
    while part := list(islice(rows, size)):
        yield part


def upload_indexes(part: list[Invoice]) -> dict[int, str]:
    """ANAF's index of each that has one; of several the last. Of an imported one, what its file's name told."""
    # `delivery` stands above this room: its rows are reached through the invoice
    model: Any = Invoice._meta.get_field("submissions").related_model
    found = {one.pk: one.frozen.upload_index for one in part if hasattr(one, "frozen") and one.frozen.upload_index}
    sent = model._default_manager.filter(invoice__in=[one.pk for one in part]).exclude(upload_index="")
    return found | dict(sent.order_by("pk").values_list("invoice_id", "upload_index"))


def kind(invoice: Invoice) -> str:
    return f"{invoice.get_kind_display()} {invoice.type_code}"


def unit(code: str) -> str:
    return str(UNITS.get(code, code))


def plain(number: Decimal) -> Decimal:
    """Without the zeros that the database pads it with."""
    return Decimal(f"{number.normalize():f}")

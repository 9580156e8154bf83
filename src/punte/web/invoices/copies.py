"""New drafts from a document: the same again, its storno, its correction, the invoice of a proforma, a template.

What a correction takes back it names, line by line (`Line.corrects`), so that what is left is known.
Sources: art. 330 Cod fiscal; ANAF's guide of January 2025 for the types (docs/anaf/document.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from punte.en16931 import model as en
from punte.web.accounts.models import User

from .keeping import keep
from .models import Adjustment, Invoice, Kind, Line, Purpose, Series, Stage
from .numbering import series_for

CENT = Decimal("0.01")
ISSUED = (Stage.ACCEPTED, Stage.NOT_SENT)  # what can only be corrected by another document


class NothingLeft(Exception):
    """Everything asked for was taken back before."""


class AlreadyInvoiced(Exception):
    """The proforma has its invoice: `invoice`."""

    def __init__(self, invoice: Invoice) -> None:
        super().__init__(str(invoice))
        self.invoice = invoice


# --- what is left to take back ---


def left_to_take_back(invoice: Invoice) -> dict[int, Decimal]:
    """The quantity of each line (by its key) that no storno, and no draft of one, took back yet; signed as the line.

    A line of 8 with stornos of 3 and 1 has 4 left; a line of -2 with none has -2.
    """
    taken = Line.objects.filter(corrects__invoice=invoice).values("corrects", "invoice__type_code")
    left = dict(invoice.lines.values_list("pk", "quantity"))
    for row in taken.annotate(quantity=Sum("quantity")):
        sign = -1 if row["invoice__type_code"] == en.InvoiceType.CREDIT_NOTE else 1
        if pk := row["corrects"]:
            left[pk] += sign * row["quantity"]
    return left


def is_taken_back(invoice: Invoice) -> bool:
    """Whether stornos that ANAF took, or that need not go there, make good the whole of it.

    Asks nothing of the database where `corrections` were prefetched.
    """
    if invoice.stage not in ISSUED or not invoice.payable:
        return False
    issued = [one for one in invoice.corrections.all() if one.stage in ISSUED]
    return bool(issued) and invoice.payable + sum(map(effect, issued)) == 0


def effect(correction: Invoice) -> Decimal:
    """What a correction changes in what the client owes: a credit note of 100 is -100."""
    credit = correction.type_code == en.InvoiceType.CREDIT_NOTE
    return -correction.payable if credit else correction.payable


# --- drafts ---


def copy_of(invoice: Invoice, user: User, today: date) -> Invoice:
    """A draft for the same client with the same rows."""
    draft = _draft_like(invoice, today)
    draft.kind = invoice.kind if invoice.kind == Kind.PROFORMA else Kind.INVOICE
    draft.series = _series_like(invoice, Purpose.PROFORMA if draft.kind == Kind.PROFORMA else Purpose.INVOICE)
    draft.type_code = _first_type(invoice)
    draft.due_date, draft.note = today + _term(invoice), invoice.note
    draft.references, draft.self_billed = invoice.references, invoice.self_billed
    return _write(draft, [_row_like(row) for row in invoice.lines.all()], _adjustments(invoice), user)


def storno_of(
    invoice: Invoice,
    user: User,
    today: date,
    *,
    lines: Mapping[int, Decimal] | None = None,
    credit_note: bool = False,
) -> Invoice:
    """A draft that takes `invoice` back, with BG-3: what is left of it, or of `lines` so much.

    lines        quantity by the line's key, positive for „so much of it”; never more than is left
    credit_note  381 with positive quantities; by default 380 with the sign of quantities turned and prices as they were
    Raises NothingLeft; ValueError for a quantity that is not left.
    """
    left = left_to_take_back(invoice)
    asked = {pk: abs(left[pk]) for pk in left} if lines is None else dict(lines)
    sign = 1 if credit_note else -1
    rows = []
    for row in invoice.lines.all():
        quantity = asked.get(row.pk, Decimal(0))
        if quantity < 0 or quantity > abs(left[row.pk]):
            raise ValueError(f"line {row.pk}: {quantity} of {left[row.pk]} left")
        if quantity:
            rows.append(_part_of(row, sign * quantity.copy_sign(row.quantity), sign))
    if not rows:
        raise NothingLeft
    share = _share(invoice, rows)
    draft = _correction_of(invoice, today)
    draft.type_code = en.InvoiceType.CREDIT_NOTE if credit_note else _first_type(invoice)
    draft.series = _series_like(invoice, Purpose.STORNO)
    if invoice.payable < 0:  # a storno of a storno: to be paid again
        draft.due_date = today + _term(invoice)
    return _write(draft, rows, [_scaled(one, sign * share) for one in invoice.adjustments.all()], user)


def rebate_of(invoice: Invoice, user: User, today: date, percent: Decimal) -> Invoice:
    """A credit note (381) for a rebate after invoicing (art. 287 Cod fiscal): so many per cent of each rate of VAT.

    Quantities stay: goods are not given back, their price is lower. Raises ValueError outside 0 to 100.
    """
    if not 0 < percent <= 100:
        raise ValueError(f"a rebate of {percent} %")
    draft = _correction_of(invoice, today)
    draft.type_code = en.InvoiceType.CREDIT_NOTE
    draft.series = _series_like(invoice, Purpose.STORNO)
    groups: dict[tuple[str, str, Decimal | None], list[Line]] = {}
    for row in invoice.lines.all():
        groups.setdefault((row.vat_case, row.vat_category, row.vat_rate), []).append(row)
    rows = []
    said = f"{percent.normalize():f}".replace(".", ",")
    for (case, category, rate), members in groups.items():
        net = sum((net_of(row) for row in members), Decimal(0))
        if price := (net * percent / 100).quantize(CENT, ROUND_HALF_UP):
            name = _("Reducere de %(percent)s %% la factura %(invoice)s") % {"percent": said, "invoice": invoice}
            rows.append(
                Line(
                    name=name[:100],
                    quantity=Decimal(1),
                    price=price,
                    vat_case=case,
                    vat_category=category,
                    vat_rate=rate,
                )
            )
    if not rows:
        raise NothingLeft
    return _write(draft, rows, [], user)


def corrected_of(invoice: Invoice, user: User, today: date) -> Invoice:
    """A draft of the corrected invoice (384): the rows as they were with a minus, then the same to be put right.

    One document with both is what art. 330 (1) b) Cod fiscal asks for where the client has the first already.
    Raises NothingLeft.
    """
    left = left_to_take_back(invoice)
    rows = [row for row in invoice.lines.all() if left[row.pk]]
    if not rows:
        raise NothingLeft
    draft = _correction_of(invoice, today)
    draft.type_code, draft.note = en.InvoiceType.CORRECTED, invoice.note
    draft.due_date = today + _term(invoice)
    minus = [_part_of(row, -left[row.pk], -1) for row in rows]
    right = [_part_of(row, left[row.pk], 1, corrects=False) for row in rows]
    amounts = [one for one in invoice.adjustments.all() if one.percent is None]
    return _write(draft, minus + right, [_scaled(one, Decimal(-1)) for one in amounts] + _adjustments(invoice), user)


def invoice_from(proforma: Invoice, user: User, today: date) -> Invoice:
    """The draft of the invoice for `proforma`, which is marked by it. Raises AlreadyInvoiced."""
    with transaction.atomic():
        Invoice.objects.select_for_update().get(pk=proforma.pk)
        if made := proforma.invoices_made.order_by("pk").first():
            raise AlreadyInvoiced(made)
        draft = _draft_like(proforma, today)
        draft.type_code = en.InvoiceType.INVOICE
        draft.proforma, draft.note, draft.references = proforma, proforma.note, proforma.references
        draft.due_date = today + _term(proforma)
        return _write(draft, [_row_like(row) for row in proforma.lines.all()], _adjustments(proforma), user)


def template_from(invoice: Invoice, user: User, name: str) -> Invoice:
    """A template called `name`, never numbered: for one press, or for a recurrence."""
    template = _draft_like(invoice, invoice.issue_date)
    template.kind, template.name = Kind.TEMPLATE, name
    template.note, template.references = invoice.note, invoice.references
    template.due_date = invoice.issue_date + _term(invoice)
    return _write(template, [_row_like(row) for row in invoice.lines.all()], _adjustments(invoice), user)


def draft_from(template: Invoice, user: User, on: date) -> Invoice:
    """A draft of the day `on` from a template."""
    draft = unsaved_from(template, on)
    return _write(draft, [_row_like(row) for row in template.lines.all()], _adjustments(template), user)


def unsaved_from(template: Invoice, on: date) -> Invoice:
    """The same without its rows and without writing: what a preview judges."""
    draft = _draft_like(template, on)
    draft.note, draft.references, draft.due_date = template.note, template.references, on + _term(template)
    return draft


# --- the pieces ---


def net_of(row: Line) -> Decimal:
    """BT-131 of a row, to two decimals."""
    gross = (row.quantity * row.price).quantize(CENT, ROUND_HALF_UP)
    percent = row.discount_percent
    return gross - ((gross * percent / 100).quantize(CENT, ROUND_HALF_UP) if percent else row.discount)


def _draft_like(invoice: Invoice, on: date) -> Invoice:
    return Invoice(
        firm=invoice.firm,
        client=invoice.client,
        series=_series_like(invoice, Purpose.SELF_BILLED if invoice.self_billed else Purpose.INVOICE),
        currency=invoice.currency,
        bank_account=invoice.bank_account,
        type_code=_first_type(invoice),
        issue_date=on,
    )


def _correction_of(invoice: Invoice, today: date) -> Invoice:
    """With its reference (BG-3), at the exchange rate of what it corrects."""
    draft = _draft_like(invoice, today)
    draft.preceding, draft.references = invoice, invoice.references
    draft.exchange_rate, draft.exchange_rate_day = invoice.exchange_rate, invoice.exchange_rate_day
    draft.self_billed = invoice.self_billed
    return draft


def _series_like(invoice: Invoice, purpose: Purpose) -> Series:
    """The series of `invoice` where it serves the purpose and is still offered, else the firm's first for it."""
    same = invoice.series
    storno_in_invoices = purpose == Purpose.STORNO and not _has_storno_series(invoice)
    serves = same.purpose == purpose or (storno_in_invoices and same.purpose == Purpose.INVOICE)
    return same if serves and not same.archived else series_for(invoice.firm, purpose)


def _has_storno_series(invoice: Invoice) -> bool:
    return invoice.firm.series.filter(purpose=Purpose.STORNO, archived=False).exists()


def _first_type(invoice: Invoice) -> str:
    """BT-3 of a document of the same sort that corrects nothing."""
    return en.InvoiceType.SELF_BILLED if invoice.self_billed else en.InvoiceType.INVOICE


def _term(invoice: Invoice) -> timedelta:
    """From issue to the due date, as it was; the firm's usual one where there was none."""
    if invoice.due_date and invoice.due_date >= invoice.issue_date:
        return invoice.due_date - invoice.issue_date
    return timedelta(days=invoice.firm.term_days)


def _row_like(row: Line) -> Line:
    twin = copy(row)
    twin.corrects = twin.advance = None
    return twin


def _part_of(row: Line, quantity: Decimal, sign: int, *, corrects: bool = True) -> Line:
    """So much of `row`; its discount with it, in proportion and with the sign of the correction."""
    part = copy(row)
    part.quantity = quantity
    part.discount = (row.discount * abs(quantity / row.quantity) * sign).quantize(CENT, ROUND_HALF_UP)
    part.corrects_id = row.pk if corrects else None
    return part


def _share(invoice: Invoice, rows: Iterable[Line]) -> Decimal:
    """How much of the lines' sum `rows` are, from 0 to 1."""
    whole = sum((net_of(row) for row in invoice.lines.all()), Decimal(0))
    return abs(sum((net_of(row) for row in rows), Decimal(0)) / whole) if whole else Decimal(1)


def _adjustments(invoice: Invoice) -> list[Adjustment]:
    return list(invoice.adjustments.all())


def _scaled(adjustment: Adjustment, factor: Decimal) -> Adjustment:
    """So much of a discount or charge; one in per cent follows its lines by itself."""
    part = copy(adjustment)
    part.amount = (adjustment.amount * factor).quantize(CENT, ROUND_HALF_UP)
    return part


def _write(draft: Invoice, rows: Iterable[Line], adjustments: Iterable[Adjustment], user: User) -> Invoice:
    with transaction.atomic():
        keep(draft, rows, user, list(adjustments))
    return draft

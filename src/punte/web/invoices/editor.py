"""The editor's page: what stands in its fields, and what ANAF would say of it.

Everything typed comes back with every answer, right or wrong; nothing here writes: `keeping` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext

from punte.en16931 import model as en
from punte.web.firms.models import Firm

from . import clients, document, keeping, regimes
from .fields import Discount
from .findings import Verdict
from .forms import ChargeForm, ClientForm, DiscountForm, HeadForm, LineForm, Part
from .judge import Judgement, judge
from .models import Adjustment, Client, Invoice, Kind, Line, Purpose
from .numbering import series_of

AnyPart = TypeVar("AnyPart", bound=Part)
ROW = re.compile(r"rand-(\d{1,4})-\w+")
PURPOSES = {Kind.INVOICE: Purpose.INVOICE, Kind.TEMPLATE: Purpose.INVOICE, Kind.PROFORMA: Purpose.PROFORMA}


class Editor:
    """One document on the table.

    data   what the browser sent; None for a page just opened
    quiet  the person is in the middle of something (a new row, a client looked up): fields are shown unjudged
    """

    def __init__(self, invoice: Invoice, today: date, data: QueryDict | None = None, *, quiet: bool = False) -> None:
        self.invoice, self.today, self.data, self.quiet = invoice, today, data, quiet
        saved = _values(invoice.client, ClientForm) if _client(invoice) else {}
        self.client = ClientForm(data, initial=saved)
        self.series = self._series()
        self.head = HeadForm(data, initial=self._head(), **self._about_head)
        self.changes = list(invoice.adjustments.all()) if invoice.pk else []
        self.discount = DiscountForm(data, initial=_as_typed(self.changes, is_charge=False))
        self.charge = ChargeForm(data, initial=_as_typed(self.changes, is_charge=True))
        self.rows = [self._row(index, place) for place, index in enumerate(self._indices(), 1)]

    @property
    def firm(self) -> Firm:
        return self.invoice.firm

    # --- what the fields begin with ---

    def _series(self) -> list[Any]:
        """Those of the document's kind, and the one that it has."""
        purpose = Purpose.SELF_BILLED if self.self_billed else PURPOSES[Kind(self.invoice.kind)]
        offered = series_of(self.firm, purpose)
        has = self.invoice.series if self.invoice.series_id else None
        if has and self.data is None and has.pk not in {one.pk for one in offered}:
            offered = [has, *(one for one in offered if one.pk)]
        return offered

    @property
    def self_billed(self) -> bool:
        return self.invoice.self_billed if self.data is None else bool(self.data.get("factura-self_billed"))

    @property
    def _about_head(self) -> dict[str, Any]:
        numbered = self.invoice.number is not None
        about = {"firm": self.firm, "kind": self.invoice.kind, "series": self.series}
        return about | {"numbered": numbered, "today": self.today}

    def _head(self) -> dict[str, Any]:
        invoice = self.invoice
        if invoice.pk:
            values = _values(invoice, HeadForm) | {"series": invoice.series.prefix, "references": invoice.references}
            values |= {"first_number": invoice.series.first_number, "called": invoice.name}
            values |= {"bank_account": invoice.bank_account_id or "", "seen": invoice.changed_at.isoformat()}
            if invoice.exchange_rate_day and invoice.exchange_rate:
                found = HeadForm.base_fields["exchange_rate"].prepare_value(invoice.exchange_rate)
                values |= {"rate_found": found, "rate_day": invoice.exchange_rate_day, "rate_of": invoice.currency}
            return values
        first, client = self.series[0], _client(invoice)
        values = {"issue_date": self.today, "due_date": clients.due(client, self.firm, self.today)}
        return values | {
            "series": first.prefix,
            "first_number": first.first_number,
            "currency": invoice.currency if client is None else client.currency,
        }

    def _indices(self) -> list[int]:
        """Of the rows, in their order on the page."""
        if self.data is None:
            return list(range(len(self._saved) or 1))
        return list(dict.fromkeys(int(row[1]) for key in self.data if (row := ROW.fullmatch(key))))

    @cached_property
    def _saved(self) -> list[dict[str, Any]]:
        """The rows as they are kept, or as the page that was asked for begins with them."""
        rows = self.invoice.lines.all() if self.invoice.pk else getattr(self.invoice, "first_rows", [])
        return [_values(row, LineForm) | self._answer(row) | _kept(row) for row in rows]

    def _answer(self, row: Line) -> dict[str, Any]:
        case = regimes.of_line(row, self.day)
        if not case.slug.startswith("expert:"):
            of_the_day = (
                one.slug
                for one in self.cases
                if one.slug in {regimes.STANDARD, regimes.REDUCED} and one.rate == case.rate
            )
            return {"vat": next(of_the_day, case.slug) if case.slug.startswith("historic:") else case.slug}
        category, _colon, detail = case.slug.removeprefix("expert:").partition(":")
        return {"vat": self.usual.slug, "expert": category, "expert_detail": detail}

    def _row(self, index: int, place: int) -> LineForm:
        empty = {"quantity": Decimal(1), "vat": self.usual.slug}
        initial = self._saved[index] if self.data is None and self._saved else empty
        return LineForm(self.data, prefix=f"rand-{index}", initial=initial, place=place, **self._about_rows)

    @property
    def _about_rows(self) -> dict[str, Any]:
        return {"cases": self.cases, "usual": self.usual}

    # --- what VAT may be ---

    @cached_property
    def buyer(self) -> Client:
        """The client as far as it is told, for what depends on it; never saved."""
        form = self.client
        told = {name: form._raw(name) for name in ("cui", "foreign_vat")}
        return Client(
            firm=self.firm,
            country=form.lives_in,
            private=form.is_private,
            vat_registered=form._raw("vat_registered") not in {"", "False"} and bool(told["cui"]),
            **told,
        )

    @cached_property
    def day(self) -> date:
        """Of the chargeable event, as far as it is told."""
        days = [self.invoice.supply_date, self.invoice.issue_date or self.today]
        if self.head.is_bound:
            self.head.is_valid()
            days = [self.head.cleaned_data.get("supply_date"), self.head.cleaned_data.get("issue_date") or days[1]]
        return days[0] or days[1] or self.today

    @cached_property
    def cases(self) -> tuple[regimes.Case, ...]:
        return regimes.offered(
            self.firm, self.buyer, self.day, correcting=self.invoice.preceding, self_billed=self.self_billed
        )

    @cached_property
    def usual(self) -> regimes.Case:
        return regimes.usual(self.firm, self.buyer, self.day, self_billed=self.self_billed)

    @property
    def asks_vat(self) -> bool:
        return len(self.cases) > 1

    @cached_property
    def natures(self) -> dict[str, regimes.Case]:
        """„Bunuri sau servicii?”, where the client is a firm abroad: each answer with what it means for VAT."""
        offered = {case.slug: case for case in self.cases}
        pairs = (("intra_community", "services_eu"), ("export", "services_outside_eu"))
        return next(
            ({"goods": offered[g], "services": offered[s]} for g, s in pairs if g in offered and s in offered), {}
        )

    @property
    def nature(self) -> str:
        """The answer that all rows share, or none."""
        told = {str(row["vat"].value()) for row in self.rows if "vat" in row.fields}
        return next((name for name, case in self.natures.items() if told == {case.slug}), "")

    # --- as the template shows it ---

    @cached_property
    def shown(self) -> dict[str, Any]:
        """What the template draws: `client`, `head`, `discount`, `charge`, and `rows` as (form, net amount or None)."""
        client, head, rows, discount, charge = self.client, self.head, self.rows, self.discount, self.charge
        if self.quiet:
            client, head = _unjudged(client), _unjudged(head, **self._about_head)
            rows = [_unjudged(row, place=row.place, **self._about_rows) for row in rows]
            discount, charge = _unjudged(discount), _unjudged(charge)
        elif self.judgement and self.judgement.document:
            for verdict in self.judgement.problems:
                _blame(verdict, [client, head, discount, charge, *rows])
        drawn = [(row, self.nets.get(row.place)) for row in rows]
        return {"client": client, "head": head, "discount": discount, "charge": charge, "rows": drawn}

    @cached_property
    def filled(self) -> list[LineForm]:
        return [row for row in self.rows if not row.is_blank]

    @cached_property
    def is_valid(self) -> bool:
        return self.data is not None and all(form.is_valid() for form in self._forms)

    @property
    def _forms(self) -> list[Part]:
        return [self.client, self.head, *self.filled, self.discount, self.charge]

    @cached_property
    def judgement(self) -> Judgement | None:
        """What ANAF would say; None for a page with nothing on it yet. What cannot be read comes first."""
        if self.data is None:
            return judge(self.invoice, today=self.today) if self.invoice.pk else None
        if not self.is_valid:
            return Judgement(tuple(verdict for form in self._forms for verdict in _unreadable(form)))
        invoice, rows, changes = self.typed()
        return judge(invoice, rows, today=self.today, adjustments=changes)

    @cached_property
    def amounts(self) -> en.Totals:
        """The totals of the rows that can be read."""
        return self._reckoned[1]

    @cached_property
    def nets(self) -> dict[int, Decimal]:
        """The net amount of each row that can be read, by its place."""
        lines, _, _ = self._reckoned
        return {row.position: line.net_amount for row, line in zip(self._readable, lines, strict=True)}

    @property
    def currency(self) -> str:
        return self.head._raw("currency") or "RON"

    @property
    def vat_lei(self) -> Decimal | None:
        """VAT in lei (BT-111), where the document is in another currency and the rate can be read."""
        rate = self.invoice.exchange_rate if self.data is None else None
        if self.data is not None and "exchange_rate" in self.head.fields and self.head.is_valid():
            rate = self.head.cleaned_data["exchange_rate"]
        return None if self.currency == "RON" or not rate else round((self.amounts.vat or Decimal(0)) * rate, 2)

    @cached_property
    def _readable(self) -> list[Line]:
        if self.data is None:
            return list(self.invoice.lines.all()) if self.invoice.pk else []
        return [row.line() for row in self.filled if row.is_valid()]

    @cached_property
    def has_fixed_changes(self) -> bool:
        """Whether the saved discounts and costs are more than the two fields can say: then they stay as they are."""
        kinds = [one.is_charge for one in self.changes]
        return len(kinds) > len(set(kinds)) or any(one.vat_rate is not None for one in self.changes)

    @cached_property
    def _adjustments(self) -> list[Adjustment]:
        if self.data is None or self.has_fixed_changes:
            return self.changes
        return [
            Adjustment(
                is_charge=form is self.charge,
                reason=form.cleaned_data["reason"] or str(form.usual_reason),
                percent=value.percent,
                amount=value.amount,
            )
            for form in (self.discount, self.charge)
            if form.is_valid() and (value := form.cleaned_data["value"])
        ]

    @cached_property
    def _reckoned(self) -> tuple[tuple[en.Line, ...], en.Totals, tuple[en.VatBreakdown, ...]]:
        seller = self.buyer if self.self_billed else self.firm
        registered = seller.vat_registered or self.invoice.preceding_id is not None
        return document.reckon(self._readable, registered=registered, adjustments=self._adjustments)

    @cached_property
    def advances(self) -> list[Invoice]:
        """Advances of this client that no row deducts yet, oldest first."""
        if self.invoice.kind != Kind.INVOICE or not (client := self._known_client):
            return []
        here = {row["advance"].value() for row in self.rows}
        open_ones = client.invoices.filter(kind=Kind.INVOICE, is_advance=True, number__isnull=False, deductions=None)
        found = (
            open_ones.filter(corrections=None, preceding=None).exclude(pk=self.invoice.pk).order_by("issue_date", "pk")
        )
        return [one for one in found if str(one.pk) not in {str(pk) for pk in here}]

    @property
    def _known_client(self) -> Client | None:
        form = self.client
        known = clients.same(
            self.firm,
            cui=re.sub(r"\D", "", form._raw("cui")),
            name=form._raw("name"),
            foreign_vat=form._raw("foreign_vat"),
        )
        return known if known.pk else None

    beside = "#verdict,#suma,#cate,#trimite"  # what each change swaps beside its own part, for `hx-select-oob`

    @property
    def live(self) -> str:
        """What changes while one types: never a field."""
        rows = [f"#valoare-{row.prefix},#spus-{row.prefix}" for row in self.rows]
        return ",".join([self.beside, *rows])

    @property
    def follows(self) -> str:
        """What changes with the client, the currency or the day: also what VAT may be, row by row."""
        choices = [f"#tva-{row.prefix}" for row in self.rows if self.asks_vat]
        return ",".join([self.live, "#intrebare", "#avansuri", *choices])

    # --- what is to be kept ---

    def typed(self) -> tuple[Invoice, list[Line], list[Adjustment]]:
        """The invoice as typed, not saved; for a form that `is_valid`."""
        buyer, invoice = self.client.cleaned_data, self.invoice
        known = {name: buyer[name] for name in ("cui", "name", "foreign_vat", "born")}
        invoice.client = self.client.client(clients.same(self.firm, **known))
        invoice.series = self.head.chosen_series(invoice)
        self.head.put(invoice)
        if invoice.self_billed != (invoice.type_code == en.InvoiceType.SELF_BILLED):
            invoice.type_code = (en.InvoiceType.SELF_BILLED if invoice.self_billed else en.InvoiceType.INVOICE).value
        return invoice, keeping.own(self.firm, self._readable), self._adjustments


def _as_typed(saved: Iterable[Adjustment], *, is_charge: bool) -> dict[str, Any]:
    """The discount, or the cost, among `saved` as its form shows it."""
    one = next((one for one in saved if one.is_charge is is_charge), None)
    return {"value": Discount(one.percent, one.amount), "reason": one.reason} if one else {}


def _client(invoice: Invoice) -> Client | None:
    """Its client, perhaps of an invoice not saved yet."""
    return invoice.client if invoice.client_id else None


def _kept(row: Line) -> dict[str, Any]:
    """What a row carries hidden, and its discount as it is typed."""
    discounted = row.discount_percent is not None or row.discount
    discount = Discount(row.discount_percent, row.discount) if discounted else None
    hidden = {"product": row.product_id, "advance": row.advance_id, "corrects": row.corrects_id}
    return hidden | {"discount": discount}


def _values(of: Model, form: type[forms.Form]) -> dict[str, Any]:
    """The columns of `of` that `form` has fields for."""
    return {name: getattr(of, name) for name in form.base_fields if hasattr(of, name)}


def _unjudged(part: AnyPart, **about: Any) -> AnyPart:
    """The same fields with what is typed in them, without a word on whether it is right."""
    typed = {name: part[name].value() for name in part.fields}
    return type(part)(prefix=part.prefix, initial=typed, **about)


def _blame(verdict: Verdict, parts: Iterable[Part]) -> None:
    for part in parts:
        for name in part.fields:
            if verdict.target == part[name].id_for_label:
                part.blame(name, verdict.text)


def _unreadable(form: Part) -> Iterable[Verdict]:
    for bound in form.visible_fields():
        title = str(bound.label)
        if isinstance(form, LineForm):
            title = gettext("%(field)s, rândul %(place)s") % {"field": title, "place": form.place}
        for error in bound.errors:
            yield Verdict(tone="bad", title=title, text=str(error), target=bound.id_for_label)

"""The editor's page: what stands in its fields, what ANAF would say of it, and keeping it as a draft.

Everything typed comes back with every answer, right or wrong; only `save` writes, and only what can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from django import forms
from django.db import transaction
from django.db.models import Model
from django.http import QueryDict

from punte.en16931 import model as en
from punte.web.accounts.models import User
from punte.web.firms.models import Firm

from . import clients, document
from .findings import Verdict
from .forms import ClientForm, HeadForm, LineForm, Part, looks_like_cui
from .judge import Judgement, judge, lawful_rates
from .models import Invoice, Line
from .numbering import keep_series, series_of

AnyPart = TypeVar("AnyPart", bound=Part)
USUAL_TERM = timedelta(days=15)
_ROW = re.compile(r"rand-(\d{1,4})-\w+")


class NotEditable(Exception):
    """The invoice was sent in the meantime, perhaps by a colleague; nothing was written."""


class Editor:
    """One invoice on the table.

    data   what the browser sent; None for a page just opened
    quiet  the person is in the middle of something (a new row, a client looked up): fields are shown unjudged
    """

    def __init__(self, invoice: Invoice, today: date, data: QueryDict | None = None, *, quiet: bool = False) -> None:
        self.invoice, self.today, self.data, self.quiet = invoice, today, data, quiet
        self.series = series_of(invoice.firm)
        saved = _values(invoice.client, ClientForm) if invoice.client_id else {}
        self.client = ClientForm(data, initial=saved)
        self.head = HeadForm(data, initial=self._head(), **self._about_head)
        self.rows = [self._row(index) for index in self._indices()]

    @property
    def firm(self) -> Firm:
        return self.invoice.firm

    @property
    def _about_head(self) -> dict[str, Any]:
        return {"series": self.series, "numbered": self.invoice.number is not None, "today": self.today}

    def _head(self) -> dict[str, Any]:
        if self.invoice.pk:
            series = self.invoice.series
            return _values(self.invoice, HeadForm) | {"series": series.prefix, "first_number": series.first_number}
        first = self.series[0]
        days = {"issue_date": self.today, "due_date": self.today + USUAL_TERM}
        return days | {"series": first.prefix, "first_number": first.first_number}

    def _indices(self) -> list[int]:
        if self.data is None:
            return list(range(len(self._saved) or 1))
        return sorted({int(row[1]) for key in self.data if (row := _ROW.fullmatch(key))})

    @cached_property
    def _saved(self) -> list[dict[str, Any]]:
        if not self.invoice.pk:
            return []
        rows = self.invoice.lines.all()
        return [_values(row, LineForm) | {"vat": _rate(row.vat_rate or self.usual_rate)} for row in rows]

    def _row(self, index: int) -> LineForm:
        empty = {"quantity": Decimal(1), "vat": _rate(self.usual_rate)}
        initial = self._saved[index] if self.data is None and self._saved else empty
        return LineForm(self.data, prefix=f"rand-{index}", initial=initial, vat=self.rates)

    @cached_property
    def rates(self) -> list[Decimal]:
        """What a row may choose from; none for a firm outside VAT."""
        if not self.firm.vat_registered:
            return []
        if self.head.is_bound and not self.head.errors:
            self.invoice.issue_date = self.head.cleaned_data["issue_date"]
        return lawful_rates(self.invoice)

    @property
    def usual_rate(self) -> Decimal | None:
        return self.rates[0] if self.rates else None

    # --- as the template shows it ---

    @cached_property
    def shown(self) -> dict[str, Any]:
        """What the template draws: `client`, `head`, and `rows` as (form, net amount where it can be told)."""
        client, head, rows = self.client, self.head, self.rows
        if self.quiet:
            client, head = _unjudged(client), _unjudged(head, **self._about_head)
            rows = [_unjudged(row, vat=self.rates) for row in rows]
        elif self.judgement and self.judgement.document:
            for verdict in self.judgement.problems:
                _blame(verdict, [client, head, *rows])
        return {"client": client, "head": head, "rows": [(row, self.nets.get(str(row.prefix))) for row in rows]}

    @cached_property
    def filled(self) -> list[LineForm]:
        return [row for row in self.rows if not row.is_blank]

    @cached_property
    def is_valid(self) -> bool:
        return self.data is not None and all(form.is_valid() for form in self._forms)

    @property
    def _forms(self) -> list[Part]:
        return [self.client, self.head, *self.filled]

    @cached_property
    def judgement(self) -> Judgement | None:
        """What ANAF would say; None for a page with nothing on it yet. What cannot be read comes first."""
        if self.data is None:
            return judge(self.invoice, today=self.today) if self.invoice.pk else None
        if not self.is_valid:
            return Judgement(tuple(verdict for form in self._forms for verdict in _unreadable(form)))
        return judge(*self._draft(), today=self.today)

    @cached_property
    def amounts(self) -> en.Totals:
        """The totals of the rows that can be read."""
        return self._reckoned[1]

    @cached_property
    def nets(self) -> dict[str, Decimal]:
        """The net amount of each row that can be read, by its prefix."""
        lines, _, _ = self._reckoned
        return {f"rand-{row.position - 1}": line.net_amount for row, line in zip(self._readable, lines, strict=True)}

    @cached_property
    def _readable(self) -> list[Line]:
        if self.data is None:
            return list(self.invoice.lines.all()) if self.invoice.pk else []
        return [row.line(row.position) for row in self.filled if row.is_valid()]

    @cached_property
    def _reckoned(self) -> tuple[tuple[en.Line, ...], en.Totals, tuple[en.VatBreakdown, ...]]:
        return document.reckon(self._readable, registered=document.writes_vat(self.invoice))

    beside = "#verdict,#suma,#cate,#trimite"  # what each change swaps beside its own part, for `hx-select-oob`

    @property
    def live(self) -> str:
        """What changes while one types: never a field."""
        return ",".join([self.beside, *(f"#valoare-{row.prefix}" for row in self.rows)])

    # --- keeping it ---

    def _draft(self) -> tuple[Invoice, list[Line]]:
        """The invoice as typed, not saved; for a form that `is_valid`."""
        head, buyer = self.head.cleaned_data, self.client.cleaned_data
        invoice = self.invoice
        invoice.client = self.client.client(clients.same(self.firm, cui=buyer["cui"], name=buyer["name"]))
        invoice.series = self.head.chosen_series(invoice)
        invoice.issue_date, invoice.due_date, invoice.note = head["issue_date"], head["due_date"], head["note"]
        return invoice, self._readable

    def save(self, user: User, now: datetime) -> Invoice:
        """Keep it as it stands, whatever ANAF would say. Raises NotEditable."""
        invoice, rows = self._draft()
        if self.client.cleaned_data["found"]:
            invoice.client.looked_up_at = now
        with transaction.atomic():
            if invoice.pk and not Invoice.objects.select_for_update().get(pk=invoice.pk).is_editable:
                raise NotEditable
            invoice.client.save()
            keep_series(invoice.series)
            invoice.client, invoice.series = invoice.client, invoice.series  # their keys, known only now
            keep(invoice, rows, user)
        return invoice


def keep(invoice: Invoice, rows: Iterable[Line], user: User) -> None:
    """Write `invoice` with these rows, numbered from 1, and with their totals. Within a transaction."""
    rows = list(rows)
    document.settle(invoice, rows, invoice.adjustments.all() if invoice.pk else ())
    if not invoice.pk:
        invoice.created_by = user
    invoice.save()
    invoice.lines.all().delete()
    for position, row in enumerate(rows, 1):
        row.pk, row.invoice, row.position = None, invoice, position
    Line.objects.bulk_create(rows)


def with_row(data: QueryDict) -> QueryDict:
    """`data` with one more row, empty."""
    data = data.copy()
    index = max((int(row[1]) for key in data if (row := _ROW.fullmatch(key))), default=-1) + 1
    data.update({f"rand-{index}-quantity": "1", f"rand-{index}-unit": "H87"})
    return data


def without_row(data: QueryDict, index: str) -> QueryDict:
    data = data.copy()
    for key in [key for key in data if key.startswith(f"rand-{index}-")]:
        del data[key]
    return data if any(_ROW.fullmatch(key) for key in data) else with_row(data)


def names_a_client_by_cui(data: QueryDict) -> bool:
    """A CUI stands where the name should: the person went on before, or without, pressing „Căutați la ANAF”."""
    return looks_like_cui(data.get("client-name", "")) and not data.get("client-cui") and not data.get("client-private")


def with_client(data: QueryDict, firm: Firm, now: datetime, *, ask_anaf: bool) -> tuple[QueryDict, str]:
    """`data` with the client found for what is typed as name or CUI, or itself, and what there is to say of it.

    ask_anaf  the button was pressed; else a name was chosen from the firm's own clients
    """
    name, cui = data.get("client-name", ""), data.get("client-cui", "")
    found = clients.find(firm, (cui or name) if ask_anaf else name, now, ask_anaf=ask_anaf)
    if found.client:
        data = data.copy()
        for field, value in _values(found.client, ClientForm).items():
            data[f"client-{field}"] = ("on" if value else "") if isinstance(value, bool) else value
        data["client-found"] = "on" if found.client.looked_up_at == now else ""
    return data, found.word


def _values(of: Model, form: type[forms.Form]) -> dict[str, Any]:
    """The columns of `of` that `form` has fields for."""
    return {name: getattr(of, name) for name in form.base_fields if hasattr(of, name)}


def _rate(rate: Decimal | None) -> str:
    return "" if rate is None else f"{rate.normalize():f}"


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
    where = f", rândul {form.position}" if isinstance(form, LineForm) else ""
    for bound in form.visible_fields():
        for error in bound.errors:
            yield Verdict(tone="bad", title=f"{bound.label}{where}", text=str(error), target=bound.id_for_label)

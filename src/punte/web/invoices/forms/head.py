"""The document itself: its number, its days, its money, what it refers to."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from punte.web.firms.models import Firm

from ..currencies import currencies
from ..fields import DayField, NumberField, TextField
from ..models import Invoice, Kind, Series
from ..numbering import is_unused, upcoming
from .part import Part

#: What an invoice may refer to, mostly for authorities: business term → label.
REFERENCES = {
    "BT-13": _("Comanda clientului"),
    "BT-12": _("Contractul"),
    "BT-10": _("Referința clientului"),
    "BT-11": _("Proiectul"),
    "BT-14": _("Comanda dumneavoastră"),
    "BT-15": _("Procesul-verbal de recepție"),
    "BT-16": _("Avizul de însoțire"),
    "BT-17": _("Licitația sau lotul"),
    "BT-18": _("Obiectul facturat"),
    "BT-19": _("Contul contabil al clientului"),
}


class HeadForm(Part):
    """Number, days, money, references."""

    prefix = "factura"
    called = TextField(
        label=_("Numele șablonului"),
        max_length=100,
        error_messages={"required": _("Scrieți un nume după care recunoașteți șablonul.")},
    )
    series = TextField(label=_("Serie"), max_length=20, error_messages={"required": _("Scrieți seria, de exemplu F.")})
    first_number = forms.IntegerField(label=_("Primul număr"), min_value=1, max_value=99_999_999, required=False)
    issue_date = DayField(label=_("Data emiterii"), what=_("Data emiterii"))
    due_date = DayField(label=_("Scadența"), what=_("Scadența"), required=False)
    supply_date = DayField(
        label=_("Data livrării"), what=_("Data livrării"), required=False, help_text=_("Numai dacă e altă zi.")
    )
    currency = forms.ChoiceField(label=_("Moneda"), required=False)
    exchange_rate = NumberField(
        label=_("Cursul, lei pentru o unitate"),
        what=_("Cursul"),
        places=6,
        digits=8,
        example="5,0913",
        shown=4,
        required=False,
    )
    rate_found = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)  # what BNR said: untouched?
    rate_of = forms.CharField(max_length=3, required=False, widget=forms.HiddenInput)  # the currency it is for
    rate_day = forms.DateField(required=False, widget=forms.HiddenInput)  # the day it was published
    bank_account = forms.ChoiceField(label=_("Contul în care se plătește"), required=False)
    is_advance = forms.BooleanField(label=_("Factură de avans"), required=False)
    self_billed = forms.BooleanField(label=_("Autofactură: o scriem noi în locul furnizorului"), required=False)
    note = TextField(
        label=_("Mențiuni pentru client"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    internal_note = TextField(
        label=_("Notițe, numai pentru dumneavoastră"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)  # the version that was opened

    def __init__(
        self, *args: Any, firm: Firm, kind: str, series: list[Series], numbered: bool, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.today = {one.prefix: one for one in series}, today
        self.unused = not numbered and len(series) == 1 and is_unused(series[0])
        self._name_or_number(kind, series, numbered)
        self.fields["currency"].choices = currencies()  # type: ignore[attr-defined]
        if (self._raw("currency") or "RON") == "RON":
            del self.fields["exchange_rate"]
        if accounts := list(firm.bank_accounts.order_by("pk")) if firm.pk else []:
            self.accounts = {str(one.pk): one for one in accounts}
            self.fields["bank_account"].choices = [  # type: ignore[attr-defined]
                ("", _account(firm.iban, firm.bank, "RON")),
                *((str(one.pk), _account(one.iban, one.bank, one.currency)) for one in accounts),
            ]
        else:
            del self.fields["bank_account"]
        for term, label in REFERENCES.items():
            self.fields[_reference(term)] = TextField(label=label, max_length=200, required=False)
        for term, value in (self.initial.get("references") or {}).items():
            self.initial[_reference(term)] = value

    def _name_or_number(self, kind: str, series: list[Series], numbered: bool) -> None:
        """A template has a name; what has a number keeps it; else a series is chosen, or named for the first time."""
        if kind != Kind.TEMPLATE:
            del self.fields["called"]
        if numbered or kind == Kind.TEMPLATE:
            del self.fields["series"]
        elif not self.unused:
            choices = [
                (
                    one.prefix,
                    gettext("%(series)s (urmează %(next)s)") % {"series": one.prefix, "next": _next(one, self.today)},
                )
                for one in series
            ]
            self.fields["series"] = forms.ChoiceField(label=_("Serie"), choices=choices)
        if not self.unused or kind == Kind.TEMPLATE:
            del self.fields["first_number"]

    @property
    def references(self) -> list[forms.BoundField]:
        return [self[_reference(term)] for term in REFERENCES]

    @property
    def has_references(self) -> bool:
        return any(bound.value() or bound.errors for bound in self.references)

    @property
    def has_more(self) -> bool:
        """Whether „Mai multe despre factură” hides something: then it stays open."""
        more = ("supply_date", "is_advance", "self_billed", "bank_account")
        return any(
            self[name].value() not in {None, "", False, "False"} or self[name].errors
            for name in more
            if name in self.fields
        )

    def clean_series(self) -> str:
        prefix = str(self.cleaned_data["series"])
        if not re.fullmatch(r"[\w./-]+", prefix):
            raise ValidationError(
                gettext("Seria are litere, cifre, punct, bară sau cratimă, fără spații: DI sau F-2026.")
            )
        return prefix

    def clean_issue_date(self) -> date:
        day: date = self.cleaned_data["issue_date"]
        if abs(day - self.today) > timedelta(days=366):
            raise ValidationError(
                gettext("Data emiterii: %(day)s e la mai mult de un an de azi. Verificați anul.")
                % {"day": f"{day:%d.%m.%Y}"}
            )
        return day

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"] or "RON")

    def clean_exchange_rate(self) -> Decimal | None:
        rate: Decimal | None = self.cleaned_data["exchange_rate"]
        if rate is not None and rate <= 0:
            raise ValidationError(gettext("Cursul e mai mare ca zero: câți lei face o unitate, de exemplu 5,0913."))
        return rate

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        issued, due, supplied = data.get("issue_date"), data.get("due_date"), data.get("supply_date")
        if issued and due and due < issued:
            self.add_error(
                "due_date", gettext("Scadența e înaintea datei emiterii. Alegeți aceeași zi sau una de după.")
            )
        if issued and due and due > issued + timedelta(days=3660):
            self.add_error(
                "due_date",
                gettext("Scadența: %(day)s e peste mai mult de zece ani. Verificați anul.")
                % {"day": f"{due:%d.%m.%Y}"},
            )
        if issued and supplied and abs(supplied - issued) > timedelta(days=3660):
            self.add_error(
                "supply_date", gettext("Data livrării e la mai mult de zece ani de emitere. Verificați anul.")
            )
        return data

    def chosen_series(self, of: Invoice) -> Series:
        """The series named; one still unused takes the name and the first number typed. Not saved."""
        if "series" not in self.fields:
            return of.series if of.series_id else next(iter(self.known.values()))
        prefix: str = self.cleaned_data["series"]
        if not self.unused:
            return self.known[prefix]
        (series,) = self.known.values()
        series.prefix, series.first_number = prefix, self.cleaned_data["first_number"] or series.first_number
        return series

    def put(self, invoice: Invoice) -> None:
        """Write what the form says on `invoice`, its series apart."""
        data = self.cleaned_data
        for name in ("issue_date", "due_date", "supply_date", "currency", "is_advance", "note", "internal_note"):
            setattr(invoice, name, data[name])
        invoice.self_billed = data["self_billed"]
        invoice.exchange_rate = data.get("exchange_rate")
        by_bnr = data["rate_found"] and data["rate_found"] == self.data.get(self.add_prefix("exchange_rate"))
        invoice.exchange_rate_day = data["rate_day"] if by_bnr else None
        invoice.bank_account = self.accounts.get(data["bank_account"]) if "bank_account" in self.fields else None
        invoice.references = {term: data[_reference(term)] for term in REFERENCES if data[_reference(term)]}
        if "called" in self.fields:
            invoice.name = data["called"]


def _reference(term: str) -> str:
    return term.lower().replace("-", "_")


def _next(series: Series, on: date) -> str:
    return f"{upcoming(series, on):04}"


def _account(iban: str, bank: str, currency: str) -> str:
    grouped = " ".join(re.findall(".{1,4}", iban))
    return " · ".join(part for part in (grouped, bank, "" if currency == "RON" else currency) if part) or "–"

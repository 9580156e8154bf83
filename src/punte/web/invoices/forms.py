"""The three parts of the editor as forms: the client, the invoice, a line. They say what cannot be read or kept;
what ANAF would refuse is `judge`'s to say, and does not stand in the way of saving a draft."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from punte.en16931.model import VatCategory
from punte.romania import identity
from punte.romania.counties import BUCHAREST, city_for_bucharest, counties, sectors

from .fields import DayField, NumberField, TextField, WantedChoice, WantedText
from .models import Client, Invoice, Line, Series
from .numbering import is_unused, upcoming
from .units import UNITS


class Part(forms.Form):
    """A part of the editor."""

    use_required_attribute = False  # the browser does not stop a draft

    def blame(self, name: str, text: str) -> None:
        """Say at the field `name` what the judgement found there; the form stays valid and the draft can be kept."""
        self.errors.setdefault(name, self.error_class()).append(text)


class ClientForm(Part):
    """Who buys. The address is the one of ANAF's register, or typed."""

    prefix = "client"
    name = TextField(
        label="Nume sau CUI",
        max_length=200,
        error_messages={"required": "Scrieți denumirea clientului, sau CUI-ul și căutați-l la ANAF."},
    )
    private = forms.BooleanField(label="Persoană fizică, fără CUI", required=False)
    cui = WantedText(label="CUI")
    vat_registered = forms.BooleanField(label="Plătitor de TVA", required=False)
    trade_register_number = TextField(label="Nr. Registrul Comerțului", max_length=30, required=False)
    street = WantedText(label="Strada și numărul", max_length=150)
    county = WantedChoice(label="Județ")
    city = WantedText(label="Localitate", max_length=50)
    post_code = TextField(label="Cod poștal", max_length=20, required=False)
    email = forms.EmailField(
        label="E-mail",
        max_length=100,
        required=False,
        error_messages={"invalid": "Adresa de e-mail nu e întreagă. Scrieți-o ca nume@firma.ro sau lăsați-o goală."},
    )
    found = forms.BooleanField(required=False, widget=forms.HiddenInput)  # just found in ANAF's register

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["county"].choices = [("", "Alegeți"), *((county.code, county.name) for county in counties())]  # type: ignore[attr-defined]
        if self._raw("county") == BUCHAREST:
            typed = city_for_bucharest(self._raw("city")) or ""
            choices = [("", "Alegeți sectorul"), *((sector.code, sector.name) for sector in sectors())]
            self.fields["city"] = WantedChoice(label="Sector", choices=choices)
            self.initial["city"] = typed
            if self.is_bound:
                self.data = {name: self.data[name] for name in self.data} | {self.add_prefix("city"): typed}

    def _raw(self, name: str) -> str:
        """What stands in the field, before its widget is made."""
        source = (self.data.get(self.add_prefix(name)) if self.is_bound else self.initial.get(name)) or ""
        return str(source)

    def clean_cui(self) -> str:
        typed = str(self.cleaned_data["cui"])
        if not typed or self.cleaned_data.get("private"):
            return ""
        try:
            return identity.cui(typed)
        except identity.BadIdentity as bad:
            raise ValidationError(str(bad)) from bad

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if looks_like_cui(name):
            raise ValidationError("Ați scris un cod în locul numelui. Apăsați „Căutați la ANAF” sau scrieți denumirea.")
        return name

    def client(self, of: Client) -> Client:
        """`of` with what the form says."""
        for name in ("name", "private", "cui", "trade_register_number", "street", "county", "city", "post_code"):
            setattr(of, name, self.cleaned_data.get(name, ""))
        of.email = self.cleaned_data.get("email", "")
        of.vat_registered = bool(of.cui and self.cleaned_data.get("vat_registered"))
        return of


def looks_like_cui(text: str) -> bool:
    return bool(re.fullmatch(r"(RO)?\s*\d{2,10}", text.strip(), re.IGNORECASE))


class HeadForm(Part):
    """Number and days."""

    prefix = "factura"
    series = TextField(label="Serie", max_length=20, error_messages={"required": "Scrieți seria, de exemplu F."})
    first_number = forms.IntegerField(label="Primul număr", min_value=1, max_value=99_999_999, required=False)
    issue_date = DayField(label="Data emiterii", what="Data emiterii")
    due_date = DayField(label="Scadența", what="Scadența", required=False)
    note = TextField(
        label="Mențiuni pentru client",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, series: list[Series], numbered: bool, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.today = {one.prefix: one for one in series}, today
        self.unused = not numbered and len(series) == 1 and is_unused(series[0])
        if numbered:
            del self.fields["series"]
        elif not self.unused:
            choices = [(one.prefix, f"{one.prefix} (urmează {upcoming(one, today):04})") for one in series]
            self.fields["series"] = forms.ChoiceField(label="Serie", choices=choices)
        if not self.unused:
            del self.fields["first_number"]

    def clean_series(self) -> str:
        prefix = str(self.cleaned_data["series"])
        if not re.fullmatch(r"[\w./-]+", prefix):
            raise ValidationError("Seria are litere, cifre, punct, bară sau cratimă, fără spații: DI sau F-2026.")
        return prefix

    def clean_issue_date(self) -> date:
        day: date = self.cleaned_data["issue_date"]
        if abs(day - self.today) > timedelta(days=366):
            raise ValidationError(f"Data emiterii: {day:%d.%m.%Y} e la mai mult de un an de azi. Verificați anul.")
        return day

    def clean(self) -> dict[str, Any]:
        issued, due = self.cleaned_data.get("issue_date"), self.cleaned_data.get("due_date")
        if issued and due and due < issued:
            self.add_error("due_date", "Scadența e înaintea datei emiterii. Alegeți aceeași zi sau una de după.")
        if issued and due and due > issued + timedelta(days=3660):
            self.add_error("due_date", f"Scadența: {due:%d.%m.%Y} e peste mai mult de zece ani. Verificați anul.")
        return self.cleaned_data

    def chosen_series(self, of: Invoice) -> Series:
        """The series named; one still unused takes the name and the first number typed. Not saved."""
        if "series" not in self.fields:
            return of.series
        prefix: str = self.cleaned_data["series"]
        if not self.unused:
            return self.known[prefix]
        (series,) = self.known.values()
        series.prefix, series.first_number = prefix, self.cleaned_data["first_number"] or series.first_number
        return series


class LineForm(Part):
    """One row. A row with nothing in it is no row."""

    name = TextField(label="Denumire", max_length=100, required=False)
    description = TextField(
        label="Descriere",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Descriere (opțional)"}),
    )
    quantity = NumberField(label="Cantitate", what="Cantitatea", places=6, digits=10, example="1,5")
    unit = forms.ChoiceField(label="Unitatea de măsură", choices=list(UNITS.items()), initial="H87")
    price = NumberField(label="Preț", what="Prețul", places=6, digits=12, example="1.234,50", shown=2)
    vat = forms.ChoiceField(label="TVA")

    def __init__(self, *args: Any, vat: Iterable[Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if vat:
            self.fields["vat"].choices = [(f"{rate:f}", f"{rate:f}\u00a0%") for rate in vat]  # type: ignore[attr-defined]
        else:
            del self.fields["vat"]
        for field in self.fields.values():
            kind = "select" if isinstance(field.widget, forms.Select) else "input"
            number = " num" if isinstance(field, NumberField) else ""
            field.widget.attrs |= {"class": kind + number, "aria-label": f"{field.label}, rândul {self.position}"}
            if number:
                field.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    @property
    def position(self) -> int:
        """Of the row in the form, from 1."""
        return int(str(self.prefix).rpartition("-")[2]) + 1

    @property
    def is_blank(self) -> bool:
        return not any(str(self[name].value() or "").strip() for name in ("name", "description", "price"))

    def clean_quantity(self) -> Any:
        if not (quantity := self.cleaned_data["quantity"]):
            raise ValidationError("Cantitatea nu poate fi zero. Ștergeți rândul sau scrieți o cantitate.")
        return quantity

    def clean_price(self) -> Any:
        if (price := self.cleaned_data["price"]) < 0:
            raise ValidationError("Prețul nu poate fi negativ. Pentru un retur scrieți cantitatea cu minus.")
        return price

    def line(self, position: int) -> Line:
        data = self.cleaned_data
        rate = data.get("vat")
        return Line(
            position=position,
            name=data["name"],
            description=data["description"],
            quantity=data["quantity"],
            unit=data["unit"],
            price=data["price"],
            vat_category=VatCategory.STANDARD if rate else VatCategory.OUTSIDE,
            vat_rate=Decimal(rate) if rate else None,
        )

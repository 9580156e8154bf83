"""Who buys: a Romanian firm by its CUI, a private person, or somebody abroad."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from stdnum.eu import vat as stdnum_vat

from punte.en16931 import codelists
from punte.romania import identity
from punte.romania.counties import BUCHAREST, city_for_bucharest, counties, sectors

from ..currencies import currencies
from ..fields import TextField, WantedChoice, WantedText
from ..models import Client, folded
from .part import Part

HOME = "RO"
LANGUAGES = [("ro", _("română")), ("en", _("engleză")), ("ro-en", _("română și engleză"))]


class ClientForm(Part):
    """Who buys. The address is the one of ANAF's register, or typed."""

    prefix = "client"
    name = TextField(
        label=_("Nume sau CUI"),
        max_length=200,
        error_messages={"required": _("Scrieți denumirea clientului, sau CUI-ul și căutați-l la ANAF.")},
    )
    private = forms.BooleanField(label=_("Persoană fizică, fără CUI"), required=False)
    country = forms.ChoiceField(label=_("Țara"), required=False)
    cui = WantedText(label="CUI")
    cnp = TextField(
        label="CNP",
        max_length=13,
        required=False,
        help_text=_("Numai dacă persoana îl vrea pe factură. Altfel nu îl cereți."),
    )
    foreign_vat = WantedText(label=_("Cod de TVA în UE"), max_length=20)
    foreign_identifier = TextField(label=_("Cod fiscal în țara sa"), max_length=30, required=False)
    vat_registered = forms.BooleanField(label=_("Plătitor de TVA"), required=False)
    public_authority = forms.BooleanField(label=_("Instituție publică"), required=False)
    trade_register_number = TextField(label=_("Nr. Registrul Comerțului"), max_length=30, required=False)
    street = WantedText(label=_("Strada și numărul"), max_length=150)
    county = WantedChoice(label=_("Județ"))
    city = WantedText(label=_("Localitate"), max_length=50)
    post_code = TextField(label=_("Cod poștal"), max_length=20, required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=100,
        required=False,
        error_messages={"invalid": _("Adresa de e-mail nu e întreagă. Scrieți-o ca nume@firma.ro sau lăsați-o goală.")},
    )
    phone = TextField(label=_("Telefon"), max_length=100, required=False)
    language = forms.ChoiceField(label=_("Limba facturii"), choices=LANGUAGES, required=False)
    found = forms.BooleanField(required=False, widget=forms.HiddenInput)  # just found in ANAF's register
    born = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the client that this page made: `clients`

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["county"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Alegeți")),
            *((county.code, county.name) for county in counties()),
        ]
        self.fields["country"].choices = countries()  # type: ignore[attr-defined]
        self.fields["country"].initial = HOME
        if not self.is_foreign and self._raw("county") == BUCHAREST:
            typed = city_for_bucharest(self._raw("city")) or ""
            choices = [("", gettext("Alegeți sectorul")), *_sectors()]
            self.fields["city"] = WantedChoice(label=_("Sector"), choices=choices)
            self.initial["city"] = typed
            if self.is_bound:
                self.data = {name: self.data[name] for name in self.data} | {self.add_prefix("city"): typed}

    @property
    def lives_in(self) -> str:
        """The country that stands in the form."""
        return self._raw("country") or HOME

    @property
    def is_foreign(self) -> bool:
        return self.lives_in != HOME

    @property
    def is_european(self) -> bool:
        """In another country of the Union: its firms have a VAT code of the Union."""
        return (
            self.is_foreign and codelists.entries("country-iso3166-1").get(self.lives_in, {}).get("eu_member") == "yes"
        )

    @property
    def is_private(self) -> bool:
        return self._raw("private") not in {"", "False"}

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"] or HOME)

    def clean_cui(self) -> str:
        typed = str(self.cleaned_data["cui"])
        if not typed or self.cleaned_data.get("private") or self.is_foreign:
            return ""
        return _checked(identity.cui, typed)

    def clean_cnp(self) -> str:
        typed = str(self.cleaned_data["cnp"])
        if not typed or not self.cleaned_data.get("private") or self.is_foreign:
            return ""
        return _checked(identity.cnp, typed)

    def clean_foreign_vat(self) -> str:
        """With its prefix, check digits right where the country has them."""
        typed = re.sub(r"[\s.-]", "", str(self.cleaned_data["foreign_vat"])).upper()
        if not typed or not self.is_european:
            return ""
        prefix = codelists.entries("country-iso3166-1")[self.lives_in]["vat_prefix"] or self.lives_in
        if not typed.startswith(prefix):
            if re.match("[A-Z]{2}", typed):
                raise ValidationError(
                    gettext("Codul de TVA începe cu %(wrong)s, dar pentru țara aleasă începe cu %(prefix)s.")
                    % {"wrong": typed[:2], "prefix": prefix}
                )
            typed = prefix + typed
        if not stdnum_vat.is_valid(typed):
            raise ValidationError(
                gettext("Codul „%(code)s” nu are forma codurilor de TVA din această țară. Verificați-l în VIES.")
                % {"code": typed}
            )
        return typed

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if looks_like_cui(name):
            raise ValidationError(
                gettext("Ați scris un cod în locul numelui. Apăsați „Căutați la ANAF” sau scrieți denumirea.")
            )
        return name

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.is_foreign:
            data["county"] = data["trade_register_number"] = ""
            data["vat_registered"] = data["public_authority"] = False
        else:
            data["foreign_identifier"] = data["foreign_vat"] = ""
        return data

    def client(self, of: Client) -> Client:
        """`of` with what the form says."""
        for name in self.fields:
            if name not in {"found", "born"}:
                setattr(of, name, self.cleaned_data.get(name, getattr(of, name)))
        of.language = of.language or "ro"
        of.vat_registered = bool(of.cui and self.cleaned_data.get("vat_registered"))
        of.public_authority = bool(of.cui and self.cleaned_data.get("public_authority"))
        return of


class ClientPageForm(ClientForm):
    """All that is known of a client, on its own page."""

    name = TextField(
        label=_("Denumirea"), max_length=200, error_messages={"required": _("Scrieți denumirea clientului.")}
    )
    contact = TextField(label=_("Persoana de contact"), max_length=100, required=False)
    currency = forms.ChoiceField(label=_("Moneda facturilor"), required=False)
    term_days = forms.IntegerField(
        label=_("Termen de plată, zile"),
        min_value=0,
        max_value=3650,
        required=False,
        help_text=_("Gol: cel al firmei."),
    )
    wants_mail = forms.BooleanField(label=_("Trimite facturile pe e-mail după validare"), required=False)
    notes = TextField(
        label=_("Notițe, numai pentru dumneavoastră"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = currencies()  # type: ignore[attr-defined]

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"] or "RON")


def looks_like_cui(text: str) -> bool:
    return bool(re.fullmatch(r"(RO)?\s*\d{2,10}", text.strip(), re.IGNORECASE))


def countries() -> list[tuple[str, str]]:
    """(code, name) of every country, ours first, by name in the language of the page."""
    return _countries((get_language() or "ro")[:2])


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    names = Locale.parse(language).territories
    listed = [(code, names.get(code, row["name_en"])) for code, row in codelists.entries("country-iso3166-1").items()]
    return sorted(listed, key=lambda entry: (entry[0] != HOME, folded(entry[1])))


def _sectors() -> list[tuple[str, str]]:
    return [(sector.code, gettext("Sectorul %(number)s") % {"number": sector.code[-1]}) for sector in sectors()]


def _checked(check: Any, typed: str) -> str:
    try:
        return str(check(typed))
    except identity.BadIdentity as bad:
        raise ValidationError(str(bad)) from bad

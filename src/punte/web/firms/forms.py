"""Forms of a firm. Each message says what is wrong and what to do."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from punte.romania import identity
from punte.web.design.formats import language

from .models import Firm
from .places import BUCHAREST, NotASector, city_of, counties


def looks_like_cnp(text: str) -> bool:
    return bool(re.fullmatch(r"\s*\d{13}\s*", text))


class CuiForm(forms.Form):
    """Which company?"""

    cui = forms.CharField(
        label="CUI",
        max_length=20,
        help_text=_(
            "Cu sau fără RO. Îl găsiți în certificatul de înregistrare. "
            "Fără CUI (drepturi de autor, chirii, meditații): scrieți CNP-ul."
        ),
        error_messages={"required": _("Scrieți CUI-ul firmei.")},
    )

    def clean_cui(self) -> str:
        typed = self.cleaned_data["cui"]
        return _checked(identity.cnp if looks_like_cnp(typed) else identity.cui, typed)


class AddressForm(forms.ModelForm):  # type: ignore[type-arg]
    """The address as it stands on invoices."""

    county = forms.ChoiceField(
        label=_("Județul"),
        choices=[("", _("Alegeți")), *counties()],
        error_messages={"required": _("Alegeți județul: ANAF îl cere pe fiecare factură.")},
    )

    class Meta:
        model = Firm
        fields = ["street", "city", "county", "post_code"]
        labels = {
            "street": _("Strada și numărul"),
            "city": _("Localitatea"),
            "post_code": _("Codul poștal"),
        }
        help_texts = {"city": _("În București: SECTOR1 … SECTOR6.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["street"].required = self.fields["city"].required = True
        self.fields["street"].error_messages["required"] = _("Scrieți strada: ANAF cere adresa pe fiecare factură.")
        self.fields["city"].error_messages["required"] = _("Scrieți localitatea: ANAF o cere pe fiecare factură.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        county, city = cleaned.get("county"), cleaned.get("city")
        if county and (city or county == BUCHAREST):
            try:
                cleaned["city"] = city_of(county, city or "")
                self.errors.pop("city", None)
            except NotASector as error:
                self.errors.pop("city", None)
                self.add_error("city", str(error))
        return cleaned


class NewFirmForm(AddressForm):
    """What the register does not tell of a firm it knows: that its address is right, and where it is paid."""

    iban = forms.CharField(label="IBAN", max_length=50, required=False, help_text=_("Apare pe facturi, pentru plată."))

    class Meta(AddressForm.Meta):
        fields = [*AddressForm.Meta.fields, "iban"]

    def clean_iban(self) -> str:
        typed = self.cleaned_data["iban"]
        return _checked(identity.iban, typed) if typed.strip() else ""


class ByHandForm(NewFirmForm):
    """The whole identity, when ANAF's register does not answer or does not know the firm yet."""

    class Meta(NewFirmForm.Meta):
        fields = ["name", "trade_register_number", "vat_registered", *NewFirmForm.Meta.fields]
        labels = NewFirmForm.Meta.labels | {
            "name": _("Denumirea"),
            "trade_register_number": _("Nr. la Registrul Comerțului"),
            "vat_registered": _("Firma este înregistrată în scopuri de TVA"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].error_messages["required"] = _("Scrieți denumirea, ca în certificatul de înregistrare.")


class PersonForm(ByHandForm):
    """A person identified by CNP, who has no company to be found: no register, no VAT."""

    class Meta(ByHandForm.Meta):
        fields = ["name", *NewFirmForm.Meta.fields]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Numele și prenumele")
        self.fields["name"].error_messages["required"] = _("Scrieți numele, ca în actul de identitate.")


class FirmForm(NewFirmForm):
    """What the firm itself says: its address, its account, how clients reach it."""

    class Meta(NewFirmForm.Meta):
        fields = [*NewFirmForm.Meta.fields, "bank", "phone", "email"]
        labels = NewFirmForm.Meta.labels | {
            "bank": _("Banca"),
            "phone": _("Telefonul"),
            "email": _("E-mailul pentru clienți"),
        }


def _checked(check: Any, typed: str) -> str:
    try:
        return str(check(typed))
    except identity.BadIdentity as error:
        raise forms.ValidationError(error.said(language())) from error

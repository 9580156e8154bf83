"""What is sold again and again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import regimes
from ..currencies import currencies
from ..fields import NumberField, TextField
from ..models import Product
from ..units import UNITS
from .line import short
from .part import Part


class ProductForm(Part):
    name = TextField(label=_("Denumirea"), max_length=100, error_messages={"required": _("Scrieți denumirea.")})
    description = TextField(label=_("Descrierea"), max_length=200, required=False)
    unit = forms.ChoiceField(label=_("Unitatea de măsură"), initial="H87")
    price = NumberField(label=_("Preț fără TVA"), what=_("Prețul"), places=6, digits=12, example="1.234,50", shown=2)
    currency = forms.ChoiceField(label=_("Moneda"), initial="RON")
    vat_case = forms.ChoiceField(label=_("TVA"), required=False)
    code = TextField(label=_("Codul dumneavoastră"), max_length=50, required=False)
    nc_code = TextField(label=_("Cod NC"), max_length=10, required=False)
    cpv_code = TextField(label=_("Cod CPV"), max_length=10, required=False)
    deposit = forms.BooleanField(label=_("Cu garanție SGR: fiecare bucată adaugă garanția"), required=False)

    def __init__(self, *args: Any, of: Product, cases: tuple[regimes.Case, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        self.fields["unit"].choices = list(UNITS.items())  # type: ignore[attr-defined]
        self.fields["currency"].choices = currencies()  # type: ignore[attr-defined]
        offered = [(case.slug, short(case)) for case in cases]
        if of.vat_case and of.vat_case not in dict(offered):
            offered.append((of.vat_case, short(regimes.case(of.vat_case))))
        self.fields["vat_case"].choices = [("", gettext("cea obișnuită a facturii")), *offered]  # type: ignore[attr-defined]

    def clean_price(self) -> Any:
        if (price := self.cleaned_data["price"]) < 0:
            raise ValidationError(gettext("Prețul nu poate fi negativ."))
        return price

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        others = self.of.firm.products.filter(code=code).exclude(pk=self.of.pk)
        if code and (other := others.first()):
            raise ValidationError(
                gettext("Codul %(code)s este al produsului „%(name)s”. Alegeți altul.")
                % {"code": code, "name": other.name}
            )
        return code

    def product(self) -> Product:
        for name, value in self.cleaned_data.items():
            setattr(self.of, name, value)
        return self.of

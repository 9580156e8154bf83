"""One row of the document. A row with nothing in it is no row."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from punte.en16931.model import VatCategory
from punte.romania import vat
from punte.web.design import formats

from .. import regimes
from ..fields import DiscountField, NumberField, TextField, parse_number
from ..models import Line
from ..units import UNITS
from .part import Part


class LineForm(Part):
    """One row (BG-25).

    cases  what its VAT may be; with one case there is nothing to ask, and no field
    usual  the case of a row that says nothing else
    """

    name = TextField(label=_("Denumire"), max_length=100, required=False)
    description = TextField(label=_("Descriere"), max_length=200, required=False)
    quantity = NumberField(label=_("Cantitate"), what=_("Cantitatea"), places=6, digits=10, example="1,5")
    unit = forms.ChoiceField(label=_("Unitatea de măsură"), initial="H87")
    price = NumberField(label=_("Preț"), what=_("Prețul"), places=6, digits=12, example="1.234,50", shown=2)
    vat = forms.ChoiceField(label=_("TVA"))
    expert = forms.ChoiceField(label=_("Categoria TVA, aleasă de dumneavoastră"), required=False)
    expert_detail = TextField(label=_("Cota (la S) sau codul VATEX"), max_length=30, required=False)
    discount = DiscountField(label=_("Reducere"), required=False)
    code = TextField(label=_("Cod produs"), max_length=50, required=False)
    nc_code = TextField(label=_("Cod NC"), max_length=10, required=False)
    cpv_code = TextField(label=_("Cod CPV"), max_length=10, required=False)
    product = forms.IntegerField(required=False, widget=forms.HiddenInput)
    advance = forms.IntegerField(required=False, widget=forms.HiddenInput)
    corrects = forms.IntegerField(required=False, widget=forms.HiddenInput)

    MORE = ("description", "discount", "code", "nc_code", "cpv_code", "expert", "expert_detail")

    def __init__(
        self, *args: Any, cases: Sequence[regimes.Case], usual: regimes.Case, place: int = 1, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cases, self.usual, self.place = cases, usual, place
        self.fields["unit"].choices = list(UNITS.items())  # type: ignore[attr-defined]
        self.fields["expert"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Nu, o derivă Punte")),
            *((category, category) for category in regimes.EXPERT_CATEGORIES),
        ]
        if len(cases) > 1:
            self._offer(cases)
        else:
            del self.fields["vat"]
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.HiddenInput):
                continue
            kind = "select" if isinstance(field.widget, forms.Select) else "input"
            number = " num" if isinstance(field, NumberField) else ""
            label = gettext("%(field)s, rândul %(place)s") % {"field": field.label, "place": place}
            field.widget.attrs |= {"class": kind + number, "aria-label": label}
            if number:
                field.widget.attrs |= {"inputmode": "decimal"}
            if name not in {"unit", "vat", "expert"}:
                field.widget.attrs |= {"autocomplete": "off"}

    def _offer(self, cases: Sequence[regimes.Case]) -> None:
        groups: dict[str, list[tuple[str, str]]] = {}
        for case in cases:
            groups.setdefault(_group(case), []).append((case.slug, short(case)))
        choices: list[Any] = groups.pop("", [])
        known = {slug for slug, _label in (*choices, *(entry for group in groups.values() for entry in group))}
        kept = str(self.initial.get("vat") or "")
        if not self.is_bound and kept and kept not in known:  # saved under another day's law: shown, not hidden
            choices.append((kept, short(regimes.case(kept))))
        field = self.fields["vat"]
        field.choices = [*choices, *groups.items()]  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = gettext(
            "TVA: ce ați ales nu se aplică acestui client la data emiterii. Alegeți din nou."
        )

    @property
    def index(self) -> int:
        """Of the row among those of the page, from 0; the rest of its name."""
        return int(str(self.prefix).rpartition("-")[2])

    @property
    def is_blank(self) -> bool:
        return not any(str(self[name].value() or "").strip() for name in ("name", "description", "price"))

    @property
    def has_more(self) -> bool:
        """Whether „Mai multe” hides something: then it stays open."""
        return any(str(self[name].value() or "").strip() or self[name].errors for name in self.MORE)

    @property
    def asked(self) -> regimes.Case | None:
        """The case chosen, where the law puts a condition on it: its question stands under the row."""
        chosen = str(self["vat"].value() or "") if "vat" in self.fields else ""
        return next((case for case in self.cases if case.slug == chosen != regimes.STANDARD), None)

    def clean(self) -> dict[str, Any]:
        """The expert's choice goes before the answer; `case` is what counts."""
        data = self.cleaned_data
        category, detail = data.get("expert"), data.get("expert_detail") or ""
        if not category:
            chosen = data.get("vat")
            data["case"] = next((case for case in self.cases if case.slug == chosen), self.usual)
            return data
        try:
            if category == VatCategory.STANDARD:
                rate = parse_number(detail.removesuffix("%"))
                if not vat.is_known_rate(rate):
                    raise ValueError(detail)
                data["case"] = regimes.expert(category, rate=rate)
            else:
                data["case"] = regimes.expert(category, code=detail.upper())
        except (KeyError, ValueError):
            self.add_error(
                "expert_detail",
                gettext(
                    "Pentru S scrieți o cotă care a fost în vigoare, de exemplu 19; altfel un cod VATEX sau nimic."
                ),
            )
        return data

    def clean_quantity(self) -> Any:
        if not (quantity := self.cleaned_data["quantity"]):
            raise ValidationError(gettext("Cantitatea nu poate fi zero. Ștergeți rândul sau scrieți o cantitate."))
        return quantity

    def clean_price(self) -> Any:
        if (price := self.cleaned_data["price"]) < 0:
            raise ValidationError(gettext("Prețul nu poate fi negativ. Pentru un retur scrieți cantitatea cu minus."))
        return price

    def line(self) -> Line:
        data = self.cleaned_data
        discount = data["discount"]
        line = Line(
            position=self.place,
            product_id=data["product"],
            advance_id=data["advance"],
            corrects_id=data["corrects"],
            discount_percent=discount.percent if discount else None,
            discount=abs(discount.amount).copy_sign(data["quantity"]) if discount else Decimal(0),  # a return's is too
            **{
                name: data[name]
                for name in ("name", "description", "code", "nc_code", "cpv_code", "quantity", "unit", "price")
            },
        )
        regimes.put(line, data["case"])
        return line


def short(case: regimes.Case) -> str:
    """`21 %` where VAT is charged at a rate of the day; else the words of the case."""
    if case.slug in {regimes.STANDARD, regimes.REDUCED} and case.rate is not None:
        return formats.percent(case.rate)
    return case.label


def _group(case: regimes.Case) -> str:
    """Under which head it stands in the list: rates come first, without one."""
    kind = case.slug.partition(":")[0]
    if case.category == VatCategory.STANDARD or kind == "small_business":
        return ""
    return {
        "intra_community": gettext("Client din alt stat UE"),
        "services_eu": gettext("Client din alt stat UE"),
        "export": gettext("Client din afara UE"),
        "services_outside_eu": gettext("Client din afara UE"),
        "reverse_charge": gettext("Taxare inversă"),
        "without_credit": gettext("Scutit, fără deducere"),
        "with_credit": gettext("Scutit, cu deducere"),
        "margin": gettext("Regimul marjei"),
    }.get(kind, gettext("Altele"))

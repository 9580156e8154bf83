"""How much of an invoice is taken back: line by line, or so many per cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .copies import left_to_take_back
from .fields import NumberField, typed
from .models import Invoice, Line


class PartsForm(forms.Form):
    """A quantity for each line of which something is left; all of it is proposed."""

    use_required_attribute = False
    form = forms.ChoiceField(
        label=_("Documentul"),
        widget=forms.RadioSelect,
        choices=[
            ("380", _("Factură de storno, cu minus: pentru o factură greșită sau anulată")),
            ("381", _("Notă de creditare: pentru un retur sau o reducere")),
        ],
        initial="380",
    )

    def __init__(self, *args: Any, invoice: Invoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = left_to_take_back(invoice)
        self.lines = list(invoice.lines.all())
        for line in self.lines:
            if self.left[line.pk]:
                self.fields[_name(line)] = NumberField(
                    what=gettext("Cantitatea"),
                    label=line.name,
                    places=6,
                    digits=10,
                    example="1,5",
                    required=False,
                    initial=typed(abs(self.left[line.pk])),
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input num"}),
                )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each line with what is left of it and its field; without a field where nothing is."""
        return [
            {"line": line, "left": abs(self.left[line.pk]), "field": self[_name(line)] if self.left[line.pk] else None}
            for line in self.lines
        ]

    @property
    def asked(self) -> dict[int, Decimal]:
        """Quantity by the line's key, of a valid form."""
        found = {line.pk: self.cleaned_data.get(_name(line)) for line in self.lines}
        return {pk: quantity for pk, quantity in found.items() if quantity}

    def clean(self) -> dict[str, Any]:
        for line in self.lines:
            quantity, name = self.cleaned_data.get(_name(line)), _name(line)
            if quantity is None:
                continue
            if quantity < 0:
                self.add_error(name, gettext("Scrieți cantitatea fără minus: minusul îl punem noi."))
            elif quantity > (left := abs(self.left[line.pk])):
                said = gettext("Au mai rămas %(left)s de stornat. Scrieți cel mult atât.")
                self.add_error(name, said % {"left": typed(left)})
        if not self.errors and not self.asked:
            raise forms.ValidationError(gettext("Nu ați ales nimic. Scrieți la un rând cât se stornează."))
        return self.cleaned_data


class RebateForm(forms.Form):
    use_required_attribute = False
    percent = NumberField(
        label=_("Reducerea, în procente"), what=_("Procentul"), places=2, digits=3, example="5", required=True
    )

    def clean_percent(self) -> Decimal:
        percent: Decimal = self.cleaned_data["percent"]
        if not 0 < percent <= 100:
            raise forms.ValidationError(gettext("Scrieți un procent mai mare ca zero, cel mult 100."))
        return percent


def _name(line: Line) -> str:
    return f"rand-{line.pk}"

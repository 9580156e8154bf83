"""What is taken off the whole document, or added to it (BG-20, BG-21)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..fields import DiscountField, TextField
from .part import Part


class AdjustmentForm(Part):
    """One sum or percentage, which the editor spreads over the rates of the rows."""

    usual_reason: Any = ""
    value = DiscountField(label=_("Cât"), required=False)
    reason = TextField(label=_("Motivul"), max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("reason") and not data.get("value") and "value" not in self.errors:
            self.add_error("value", ValidationError(gettext("Scrieți cât: o sumă sau un procent, de exemplu 10 %.")))
        return data


class DiscountForm(AdjustmentForm):
    prefix = "reducere"
    usual_reason = _("Reducere comercială")
    value = DiscountField(label=_("Reducere pe document"), required=False, help_text=_("Sumă sau procent: 50 ori 10 %"))


class ChargeForm(AdjustmentForm):
    prefix = "adaos"
    usual_reason = _("Cost adăugat")
    value = DiscountField(label=_("Cost adăugat"), required=False, help_text=_("De exemplu transportul"))

"""What an order asks: which plan, for how long, where the proforma goes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .catalog import catalog
from .models import Period


class OrderForm(forms.Form):
    plan = forms.ChoiceField(
        label=_("Abonamentul"), widget=forms.RadioSelect, error_messages={"required": _("Alegeți un abonament.")}
    )
    period = forms.ChoiceField(
        label=_("Plătiți pentru"),
        widget=forms.RadioSelect,
        choices=Period.choices,
        error_messages={"required": _("Alegeți pentru cât timp plătiți.")},
    )
    email = forms.EmailField(
        label=_("Trimitem proforma la"),
        max_length=100,
        error_messages={"required": _("Scrieți adresa la care trimitem proforma.")},
    )

    def __init__(self, data: Any = None, *, on: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["plan"].choices = [  # type: ignore[attr-defined]
            (plan.key, plan.name) for plan in catalog().offered(on)
        ]

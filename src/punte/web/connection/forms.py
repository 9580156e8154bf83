"""What people write about a connection. Each message says what is wrong and what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .callbacks import registrable


class ApplicationForm(forms.Form):
    """A firm's own application, as ANAF's portal shows it."""

    callback = forms.CharField(
        label=_("Callback URL, cum este înregistrat la ANAF"),
        max_length=500,
        strip=False,  # a space counts for ANAF
        help_text=_("Copiați-l din „Profil OAuth”, nu de aici: le comparăm literă cu literă."),
        error_messages={"required": _("Copiați aici Callback URL din portalul ANAF.")},
    )
    client_id = forms.CharField(
        label="Client ID", max_length=200, error_messages={"required": _("Copiați Client ID din portalul ANAF.")}
    )
    client_secret = forms.CharField(
        label="Client Secret",
        max_length=500,
        widget=forms.PasswordInput(render_value=False),
        help_text=_("Se păstrează criptat și nu se mai arată nimănui."),
        error_messages={"required": _("Copiați Client Secret din portalul ANAF.")},
    )

    def clean_callback(self) -> str:
        callback: str = self.cleaned_data["callback"]
        if why := registrable(callback):
            raise forms.ValidationError(why)
        return callback

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("client_id", "client_secret"):
            if any(letter.isspace() for letter in cleaned.get(name, "")):
                self.add_error(name, _("Conține un spațiu: copiați-l din nou, fără spații."))
        return cleaned


class InviteForm(forms.Form):
    """Where to send the link; empty: nowhere, the owner passes it on."""

    email = forms.EmailField(
        label=_("E-mailul contabilului"),
        required=False,
        max_length=150,
        help_text=_("Lăsați gol ca să trimiteți linkul chiar dumneavoastră."),
        error_messages={"invalid": _("Adresa nu este întreagă: trebuie să arate ca nume@exemplu.ro.")},
    )


class GuestForm(forms.Form):
    """Who agrees, by the firm's link."""

    name = forms.CharField(
        label=_("Numele dumneavoastră"),
        max_length=150,
        error_messages={"required": _("Scrieți numele de pe certificat.")},
    )
    email = forms.EmailField(
        label=_("E-mailul dumneavoastră"),
        max_length=150,
        help_text=_("Numai pentru ce privește acest acord: confirmarea, reamintirea PIN-ului anual, retragerea."),
        error_messages={
            "required": _("Scrieți e-mailul: prin el puteți retrage acordul."),
            "invalid": _("Adresa nu este întreagă: trebuie să arate ca nume@exemplu.ro."),
        },
    )
    agreed = forms.BooleanField(
        label=_(
            "Am citit și sunt de acord ca Punte să lucreze cu e-Factura pentru această firmă, cu certificatul meu."
        ),
        error_messages={"required": _("Bifați că sunteți de acord. Fără acord nu mergem la ANAF.")},
    )


class CertificateForm(forms.Form):
    """Until when a certificate is valid, from the holder's card or token program."""

    until = forms.DateField(
        label=_("Certificatul expiră la"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Alegeți data."), "invalid": _("Scrieți data ca 31.12.2027.")},
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
    )

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if not timezone.localdate() < until < timezone.localdate().replace(day=1, year=timezone.localdate().year + 10):
            raise forms.ValidationError(_("Data trebuie să fie în viitor, la cel mult zece ani."))
        return until

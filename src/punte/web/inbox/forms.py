"""The words a person writes about a received document."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from punte.anaf.standards import buyer_message

from .speaking import LONGEST


class RemarkForm(forms.Form):
    """A remark to the issuer; what XML cannot hold is refused here, with a sentence."""

    text = forms.CharField(
        label=_("Mesajul pentru emitent"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Scrieți ce vreți să-i spuneți.")},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        try:
            buyer_message("1", text)
        except ValueError:
            raise forms.ValidationError(
                _("Mesajul are un semn care nu poate fi trimis. Scrieți-l din nou, fără el.")
            ) from None
        return text


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Notița dumneavoastră"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

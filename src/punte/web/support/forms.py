"""What a ticket takes. Files: few, small, of kinds that people send when they ask for help; never a key."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_FILES = 3
LARGEST = 2 * 1024 * 1024  # bytes each
KINDS = (".png", ".jpg", ".jpeg", ".pdf", ".xml", ".txt", ".zip")
KEYS = (".p12", ".pfx", ".key", ".jks", ".pem")


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; cleans to a list."""

    widget = Files(attrs={"accept": ",".join(KINDS)})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files: list[UploadedFile[Any]] = [super(FilesField, self).clean(one) for one in data or []]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Puteți atașa cel mult %(count)d fișiere.") % {"count": MOST_FILES})
        for file in files:
            self._check(file)
        return files

    @staticmethod
    def _check(file: UploadedFile[Any]) -> None:
        kind = PurePath(file.name or "").suffix.lower()
        start = file.read(4096)
        file.seek(0)
        if kind in KEYS or b"PRIVATE KEY" in start:
            raise forms.ValidationError(
                _(
                    "%(name)s poate conține cheia privată a certificatului. Nu o trimiteți nimănui, nici nouă; pentru "
                    "ajutor ajung codul afișat și o captură de ecran."
                )
                % {"name": file.name}
            )
        if kind not in KINDS:
            kinds = ", ".join(one.removeprefix(".").upper() for one in KINDS)
            raise forms.ValidationError(
                _("%(name)s nu se poate atașa. Primim: %(kinds)s.") % {"name": file.name, "kinds": kinds}
            )
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                _("%(name)s depășește %(size)d MB. Atașați o parte din el sau o captură de ecran.")
                % {"name": file.name, "size": LARGEST // 1024 // 1024}
            )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Mesajul"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Scrieți mesajul.")},
    )
    attached = FilesField(
        label=gettext_lazy("Fișiere"),
        required=False,
        help_text=gettext_lazy(
            "Cel mult 3, de 2 MB fiecare: imagini, PDF, XML, text, ZIP. Niciodată cheia certificatului."
        ),
    )


class TicketForm(AnswerForm):
    subject = forms.CharField(
        label=gettext_lazy("Despre ce este vorba"),
        max_length=120,
        error_messages={"required": gettext_lazy("Scrieți în câteva cuvinte despre ce este vorba.")},
    )
    with_diagnosis = forms.BooleanField(
        label=gettext_lazy("Atașați și starea conectării la ANAF, ca mai jos"), required=False
    )

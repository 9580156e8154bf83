"""What the pages of import, journal and kit ask."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import fields
from .models import Import, Kind, Known

SEPARATORS = ((";", gettext_lazy("punct și virgulă ;")), (",", gettext_lazy("virgulă ,")),
              ("\t", gettext_lazy("tab")), ("|", gettext_lazy("bară |")))  # fmt: skip
ENCODINGS = (("utf-8", "UTF-8"), ("cp1250", "Windows-1250"), ("cp1252", "Windows-1252"), ("iso8859-2", "ISO 8859-2"),
             ("iso8859-16", "ISO 8859-16"), ("utf-16", "UTF-16"))  # fmt: skip
DECIMALS = ((",", gettext_lazy("virgulă: 1.234,56")), (".", gettext_lazy("punct: 1,234.56")))
MOST_DAYS = 366 * 2
NONE = "-"  # no column says it


class StartForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Ce aduceți"), choices=Kind.choices, widget=forms.RadioSelect)
    file = forms.FileField(
        label=gettext_lazy("Fișierul"),
        help_text=gettext_lazy("CSV sau XLSX pentru tabele; XML sau ZIP pentru facturi UBL."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xml,.zip"}),
        error_messages={"required": gettext_lazy("Alegeți fișierul."), "empty": gettext_lazy("Fișierul este gol.")},
    )


class ColumnsForm(forms.Form):
    """How the table is read and which column says what: one select per field of the kind."""

    def __init__(self, one: Import, head: list[str], data: Any = None) -> None:
        self.one = one
        initial = {f"col_{field.name}": str(one.columns.get(field.name, NONE)) for field in fields.fields(one.kind)}
        initial |= {
            name: getattr(one, name) for name in ("encoding", "separator", "decimal", "preset", "known", "series")
        }
        super().__init__(data, initial=initial)
        presets = fields.presets(one.kind)
        self.fields["encoding"] = forms.ChoiceField(label=_("Codarea literelor"), choices=ENCODINGS)
        self.fields["separator"] = forms.ChoiceField(label=_("Separatorul"), choices=SEPARATORS)
        self.fields["decimal"] = forms.ChoiceField(label=_("Zecimalele"), choices=DECIMALS)
        if presets:
            self.fields["preset"] = forms.ChoiceField(
                label=_("Din ce program vine"), required=False,
                choices=[("", _("alt program")), *((name, name) for name in presets)],
            )  # fmt: skip
        if one.kind == Kind.INVOICES:
            self.fields["series"] = forms.CharField(
                label=_("Seria, unde fișierul nu o are"), required=False, max_length=20
            )
        else:
            self.fields["known"] = forms.ChoiceField(
                label=_("Ce există deja"), choices=Known.choices, widget=forms.RadioSelect
            )
        columns = [(NONE, "–"), *((str(index), title or f"({index + 1})") for index, title in enumerate(head))]
        for field in fields.fields(one.kind):
            self.fields[f"col_{field.name}"] = forms.ChoiceField(label=str(field.label), choices=columns)

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[f"col_{field.name}"] for field in fields.fields(self.one.kind)]

    @property
    def columns(self) -> dict[str, int]:
        said = (
            (name.removeprefix("col_"), value) for name, value in self.cleaned_data.items() if name.startswith("col_")
        )
        return {name: int(value) for name, value in said if value != NONE}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen: dict[str, str] = {}
        for field in fields.fields(self.one.kind):
            index = cleaned.get(f"col_{field.name}")
            if index in chosen:
                self.add_error(
                    f"col_{field.name}", _("Coloana este aleasă deja la „%(field)s”.") % {"field": chosen[index]}
                )
            elif index not in (None, NONE):
                chosen[index] = str(field.label)
        return cleaned

    def lacking(self) -> bool:
        """Whether a needed field has no column; says so beside it."""
        missing = fields.missing(self.one.kind, self.columns)
        for field in missing:
            self.add_error(f"col_{field.name}", _("Alegeți coloana: fără ea nu se poate importa."))
        return bool(missing)

    def onto(self, one: Import) -> bool:
        """Write what was chosen on `one`, unsaved; True where the table itself is now read differently."""
        said = self.cleaned_data
        before = one.encoding, one.separator, one.preset
        one.encoding, one.separator, one.decimal = said["encoding"], said["separator"], said["decimal"]
        one.preset, one.series = said.get("preset", ""), said.get("series", "").strip()
        one.known = said.get("known") or Known.SKIP
        one.columns = self.columns
        return before != (one.encoding, one.separator, one.preset)


class PeriodForm(forms.Form):
    """A period of the journal; the month before, where nothing is said."""

    most_days: int | None = MOST_DAYS

    first = forms.DateField(
        label=gettext_lazy("De la"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("Până la"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", _("Sfârșitul este înaintea începutului."))
        elif first and last and self.most_days and (last - first).days > self.most_days:
            self.add_error("last", _("Alegeți cel mult doi ani."))
        return cleaned


def month_before(today: date) -> tuple[date, date]:
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


class KitForm(forms.Form):
    with_pdf = forms.BooleanField(label=gettext_lazy("și facturile PDF (durează mai mult)"), required=False)


class ArchiveForm(PeriodForm):
    """The archive of a period, of any number of years."""

    with_pdf = forms.BooleanField(label=gettext_lazy("și facturile PDF (durează mai mult)"), required=False)
    most_days: int | None = None

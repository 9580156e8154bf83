"""What the page of specimens shows: each component once, in its states, with an invented firm."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from .bridge import Bridge
from .icons import icons
from .states import STATES


class Specimen(forms.Form):
    tax_number = forms.CharField(label="CUI", help_text="Cu sau fără RO; căutăm datele la ANAF.")
    known = forms.CharField(label="CUI", initial="RO 33174208")
    wrong = forms.CharField(label="CUI")
    rate = forms.ChoiceField(label="Cota de TVA", choices=[("21", "21 %"), ("11", "11 %")])
    note = forms.CharField(label="Mențiuni", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    where = forms.ChoiceField(
        label="Unde este certificatul?",
        choices=[("usb", "Pe un token USB"), ("nor", "În cloud, la furnizor"), ("nu", "Nu am încă certificat")],
        widget=forms.RadioSelect,
    )
    remember = forms.BooleanField(label="Țineți minte acest calculator 30 de zile", required=False)

    def clean_wrong(self) -> str:
        raise forms.ValidationError("Cifra de control nu se potrivește. Verificați ultima cifră.")


@dataclass(frozen=True, slots=True)
class SpecimenFirm:
    pk: int
    name: str
    cui: str
    vat_registered: bool


@dataclass(frozen=True, slots=True)
class SpecimenPerson:
    name: str = "Ilinca Dobre"
    is_authenticated: bool = True

    def __str__(self) -> str:
        return self.name


MENU = (
    ("Acasă", "acasa"),
    ("Venituri", "venituri"),
    ("Cheltuieli", "cheltuieli"),
    ("Clienți", "clienti"),
    ("Produse", "produse"),
    ("Integrări", "integrari"),
    ("Setări", "setari"),
    ("Ajutor", "ajutor"),
)

FIRMS = (
    SpecimenFirm(1, "Dobre Ilinca PFA", "41287658", True),
    SpecimenFirm(2, "Brutăria Trei Spice SRL", "33174208", True),
)

BRIDGES = (
    Bridge("ciorna", ("11:24", "", "", "")),
    Bridge("programata", ("11:24", "luni, 09:00", "", "")),
    Bridge("in-asteptare", ("11:24", "reîncercăm la 11:40", "", "")),
    Bridge("se-trimite", ("11:24", "acum", "", "")),
    Bridge("incerta", ("11:24", "verificăm în SPV până la 12:20", "", "")),
    Bridge("trimisa", ("11:24", "11:27", "", "")),
    Bridge("in-prelucrare", ("11:24", "11:27", "de 4 minute", "de obicei în 10 minute")),
    Bridge("validata", ("11:24", "11:27", "11:28", "11:31")),
    Bridge("arhivata", ("11:24", "11:27", "11:28", "11:31 · arhivată")),
    Bridge("respinsa", ("16:40", "16:52", "16:53", "16:58")),
    Bridge("nepreluata", ("10:02", "10:03", "", "")),
    Bridge("stornata", ("11:24", "11:27", "11:28", "11:31")),
)


def context(request: HttpRequest) -> dict[str, Any]:
    form = Specimen({"known": "RO 33174208", "wrong": "RO 33174209", "tax_number": "x", "rate": "21", "where": "usb"})
    form.is_valid()
    return {
        "user": SpecimenPerson(),
        "form": form,
        "states": STATES,
        "bridges": BRIDGES,
        "icons": icons(),
        "menu": [{"label": word, "icon": icon, "url": "#", "current": icon == "ajutor"} for word, icon in MENU],
        "firm": FIRMS[0],
        "firms": FIRMS,
        "page": {"first": 1, "last": 20, "total": 193},
    }

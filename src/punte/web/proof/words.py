"""What each difference says to a person: why it may be, what to do, and what the button does."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .models import Kind


@dataclass(frozen=True, slots=True)
class Said:
    """`cure` and `cure_all`: what the buttons say; empty where nothing can be done by a press."""

    why: object
    now: object
    tone: str
    icon: str
    cure: object = ""
    cure_all: object = ""


SAID: dict[Kind, Said] = {
    Kind.CONTENT: Said(
        _("Documentul din arhivă nu este, octet cu octet, cel pe care l-am trimis."),
        _("Nu ștergeți nimic. Descărcați arhiva și dosarul facturii și scrieți la suport."),
        "bad",
        "avertizare",
    ),
    Kind.NUMBER: Said(
        _("Firma are în SPV un document cu același număr, trimis din alt program; al nostru nu poate fi primit cu el."),
        _("Deschideți factura din SPV. Dacă este alta, treceți seria la numărul următor și trimiteți din nou."),
        "bad",
        "nepreluata",
    ),
    Kind.STATE: Said(
        _("Lista SPV a mers mai departe decât ce știm noi."),
        _("Întrebăm SPV de starea ei acum și o trecem ca acolo."),
        "warn",
        "reincearca",
        _("Puneți-o de acord"),
        _("Puneți-le pe toate de acord"),
    ),
    Kind.NOT_LISTED: Said(
        _("ANAF a validat-o, dar lista lui nu o arată nici după întârzierea obișnuită."),
        _("Dacă arhiva sigilată este la noi, ea dovedește primirea. Verificați din nou mâine."),
        "warn",
        "incerta",
    ),
    Kind.UNKNOWN: Said(
        _("A fost trimisă din alt program sau direct de pe pagina ANAF."),
        _("O puteți aduce ca istoric: cu numărul ei, fără să fie trimisă din nou."),
        "info",
        "incarca",
        _("Aduceți-o"),
        _("Aduceți-le pe toate"),
    ),
    Kind.UNKNOWN_ERROR: Said(
        _("ANAF a respins un document care nu a plecat din Punte."),
        _("Aduceți fișierul de erori în arhivă și corectați factura în programul din care a plecat."),
        "warn",
        "respinsa",
        _("Păstrați fișierul de erori"),
        _("Păstrați toate fișierele de erori"),
    ),
    Kind.PACKAGE: Said(
        _("Factura este validată, dar ZIP-ul cu sigiliul Ministerului nu este încă în arhivă."),
        _("SPV îl dă 60 de zile; îl descărcăm acum."),
        "warn",
        "arhivata",
        _("Descărcați arhiva"),
        _("Descărcați toate arhivele"),
    ),
    Kind.RECEIVED: Said(
        _("SPV o listează, iar noi nu am adus-o încă."),
        _("O aducem acum în Cheltuieli."),
        "info",
        "cheltuieli",
        _("Aduceți-o"),
        _("Aduceți-le pe toate"),
    ),
    Kind.EXPIRED: Said(
        _("SPV listează și descarcă după două ceasuri: documentul este în listă, dar cele 60 de zile au trecut."),
        _("ANAF păstrează originalul 10 ani și îl dă la cerere. Furnizorul vă poate da o copie."),
        "warn",
        "calendar",
    ),
    Kind.STRANGE: Said(
        _("Am păstrat ce a dat SPV, octet cu octet, dar nu este un pachet pe care să-l putem deschide."),
        _("Deschideți-l direct din SPV."),
        "warn",
        "avertizare",
    ),
    Kind.UNCERTAIN: Said(
        _("Factura a plecat, iar răspunsul ANAF s-a pierdut. O căutăm în SPV după conținut."),
        _("Nu o retrimiteți."),
        "warn",
        "incerta",
    ),
    Kind.LATE: Said(
        _("ANAF listează cu până la 15 minute întârziere, uneori mai mult."),
        _("Nu trebuie să faceți nimic."),
        "info",
        "in-prelucrare",
    ),
}

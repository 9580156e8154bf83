"""What each step says to a person: the line in the history, the reason in the list, the banner on the page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Word:
    """`title` names what happened, `why` explains it, `now` says what the person does (often: nothing)."""

    title: str
    icon: str
    tone: str = ""  # "", info, good, warn, bad
    why: str = ""
    now: str = ""
    code: str = ""  # of the diagnosis, to be quoted to support; those of connecting stand in connection/diagnoses.tsv

    def said(self) -> Word:
        """In the language of the page."""
        return replace(self, title=gettext(self.title), why=gettext(self.why), now=gettext(self.now))


def word(kind: str) -> Word:
    """What `kind`, a key of `WORDS`, says in the language of the page."""
    return WORDS[kind].said()


WORDS: dict[str, Word] = {
    # --- the way across ---
    "queued": Word(_("Numerotată și sigilată"), "lacat", why=_("Conținutul nu se mai poate schimba.")),
    "sending": Word(_("Se trimite în SPV"), "se-trimite", "info"),
    "sent": Word(_("Trimisă în SPV"), "trimisa", "info"),
    "accepted": Word(_("Validată de ANAF"), "validata", "good"),
    "archived": Word(
        _("Arhivată"),
        "arhivata",
        "good",
        _("ZIP-ul cu sigiliul Ministerului Finanțelor este păstrat la noi, octet cu octet."),
    ),
    "rejected": Word(
        _("Respinsă de ANAF"),
        "respinsa",
        "bad",
        _("ANAF a verificat factura și a găsit probleme. Pentru ANAF, factura nu este comunicată încă."),
        _("Corectați câmpurile arătate și apăsați „Trimite”. Numărul rămâne același."),
    ),
    "refused": Word(
        _("Nepreluată de ANAF"),
        "nepreluata",
        "bad",
        _("ANAF a refuzat fișierul la primire. Factura nu a intrat în SPV."),
        _("Corectați ce arată mesajul ANAF și apăsați „Trimite”. Numărul rămâne același."),
    ),
    # --- doubt ---
    "uncertain": Word(
        _("Nu știm încă dacă a ajuns"),
        "incerta",
        "warn",
        _("Factura a plecat, dar răspunsul ANAF nu a mai venit. Căutăm în SPV după conținut."),
        _("Nu o retrimiteți. Nu trebuie să faceți nimic."),
        "S02",
    ),
    "too-old": Word(
        _("Nu mai putem afla singuri dacă a ajuns"),
        "incerta",
        "warn",
        _("Au trecut 60 de zile de la trimitere, iar ANAF nu mai arată lista de atunci. Nu am retrimis nimic."),
        _("Căutați factura în SPV și spuneți-ne dacă este acolo."),
        "S02",
    ),
    "unreadable": Word(
        _("Un document din SPV nu se poate citi"),
        "incerta",
        "warn",
        _("Ar putea fi chiar factura dumneavoastră, de aceea nu o retrimitem. Îl cerem din nou la câteva ore."),
        _("Puteți aștepta. Dacă vă grăbiți, căutați factura în SPV și spuneți-ne dacă este acolo."),
        "S02",
    ),
    "wrong-index": Word(
        _("Indexul dat nu este al acestei facturi"),
        "incerta",
        "warn",
        _("Am întrebat ANAF: sub acest index nu este documentul trimis de noi. Nu am retrimis nimic."),
        _("Verificați indexul în SPV și scrieți-l din nou sau spuneți-ne că factura nu este acolo."),
        "S02",
    ),
    "told-found": Word(
        _("Găsită în SPV, după spusele dumneavoastră"), "incerta", "info", _("Verificăm indexul la ANAF.")
    ),
    "told-absent": Word(
        _("Nu este în SPV, după spusele dumneavoastră"), "in-asteptare", "info", _("Trimitem din nou același fișier.")
    ),
    "believed": Word(
        _("Luată ca găsită în SPV"),
        "trimisa",
        "info",
        _("ANAF are acest index, dar nu mai dă documentul ca să îl comparăm cu al nostru."),
    ),
    "restored": Word(
        _("Instalarea a fost refăcută dintr-o copie de siguranță"),
        "incerta",
        "warn",
        _("Factura poate să fi plecat după ce s-a făcut copia. Căutăm în SPV după conținut."),
        _("Nu o retrimiteți. Nu trebuie să faceți nimic."),
        "S02",
    ),
    "found": Word(_("Găsită în SPV"), "trimisa", "info", _("Documentul de acolo este al nostru, octet cu octet.")),
    "absent": Word(
        _("Nu a ajuns în SPV"), "in-asteptare", "warn", _("Lista din SPV o dovedește; trimitem din nou același fișier.")
    ),
    "duplicate": Word(
        _("ANAF spune că a mai fost trimisă"),
        "incerta",
        "warn",
        _("Verificăm dacă documentul de acolo este al nostru."),
        code="S04",
    ),
    "adopted": Word(_("Era deja în SPV"), "validata", "good", _("Documentul trimis mai devreme este chiar al nostru.")),
    "other-duplicate": Word(
        _("Numărul este deja folosit în SPV"),
        "respinsa",
        "bad",
        _("ANAF are o factură a firmei cu același număr și dată, dar cu alt conținut, poate trimisă din alt program."),
        _("Verificați în SPV factura de acolo. Dacă este alta, dați facturii numărul următor și trimiteți din nou."),
        "S04",
    ),
    "renumbered": Word(
        _("Factura are alt număr"),
        "ciorna",
        "info",
        _("Numărul vechi stă printre cele lipsă ale seriei, cu explicația lui; ce a respins ANAF rămâne în istoric."),
        _("Verificați factura și apăsați „Trimite”."),
    ),
    # --- waiting: nothing has left, or nothing can be asked ---
    "anaf-down": Word(
        _("ANAF nu răspunde"),
        "in-asteptare",
        "warn",
        _("Serverul ANAF nu a putut fi întrebat."),
        _("Reîncercăm singuri. Nu trebuie să faceți nimic."),
        "S01",
    ),
    "not-connected": Word(
        _("Firma nu este conectată la ANAF"),
        "in-asteptare",
        "warn",
        _("Fără autorizare nu putem trimite nimic în SPV."),
        _("Apăsați „Conectează e-Factura” în Integrări; factura pleacă singură după aceea."),
    ),
    "reauthorise": Word(
        _("Autorizarea la ANAF nu mai este valabilă"),
        "in-asteptare",
        "warn",
        _("ANAF nu mai primește cheile date la conectare."),
        _("Reconectați firma în Integrări, cu certificatul; factura pleacă singură după aceea."),
        "T03",
    ),
    "no-right": Word(
        _("Certificatul nu are drept pe această firmă"),
        "in-asteptare",
        "warn",
        _("Persoana care a făcut conectarea nu are drept în SPV pentru acest CUI. Factura nu a plecat."),
        _("Cereți dreptul în SPV pentru CUI-ul firmei, apoi apăsați „Verificați din nou” în Integrări."),
        "C08",
    ),
    "misconfigured": Word(
        _("Punte nu este înscris corect la ANAF"),
        "in-asteptare",
        "warn",
        _("ANAF nu recunoaște aplicația. Este o problemă de instalare, nu a facturii."),
        _("Anunțați administratorul instalării; factura rămâne în așteptare."),
        "T05",
    ),
    "anaf-unwell": Word(
        _("Autorizarea nu a putut fi reînnoită"),
        "in-asteptare",
        "warn",
        _("ANAF nu a răspuns când am cerut reînnoirea."),
        _("Reîncercăm singuri. Nu trebuie să faceți nimic."),
        "T02",
    ),
    "reserve": Word(
        _("ANAF a refuzat certificatul"),
        "in-asteptare",
        "warn",
        _("Firma are o rezervă: facturile pleacă de acum cu certificatul ei."),
        _("Nu trebuie să faceți nimic acum. În Integrări vedeți de ce a fost refuzat celălalt."),
    ),
    "limited": Word(
        _("Limita zilnică ANAF a fost atinsă"),
        "in-asteptare",
        "warn",
        _("ANAF primește un număr limitat de întrebări pe zi."),
        _("Continuăm singuri când limita se ridică."),
    ),
    "strange-answer": Word(
        _("ANAF a dat un răspuns neașteptat"),
        "in-asteptare",
        "warn",
        _("Am păstrat răspunsul lui și mai întrebăm din oră în oră."),
        _("Dacă ține mai mult de o zi, scrieți la suport."),
    ),
    "broken-package": Word(
        _("ZIP-ul a venit stricat"),
        "in-asteptare",
        "warn",
        _("Factura este validată, dar arhiva ei nu s-a putut deschide."),
        _("O cerem din nou singuri. Nu trebuie să faceți nimic."),
    ),
    "no-package": Word(
        _("ZIP-ul nu mai poate fi descărcat"),
        "in-asteptare",
        "warn",
        _("Factura este validată, dar ANAF nu mai dă arhiva ei."),
        _("O puteți cere ANAF, care o păstrează 10 ani."),
        "S10",
    ),
}

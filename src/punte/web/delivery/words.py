"""What each step says to a person: the line in the history, the reason in the list, the banner on the page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """`title` names what happened, `why` explains it, `now` says what the person does (often: nothing)."""

    title: str
    icon: str
    tone: str = ""  # "", info, good, warn, bad
    why: str = ""
    now: str = ""
    code: str = ""  # of the diagnosis, to be quoted to support; those of connecting stand in connection/diagnoses.tsv


WORDS: dict[str, Word] = {
    # --- the way across ---
    "queued": Word("Numerotată și sigilată", "lacat", why="Conținutul nu se mai poate schimba."),
    "sending": Word("Se trimite în SPV", "se-trimite", "info"),
    "sent": Word("Trimisă în SPV", "trimisa", "info"),
    "accepted": Word("Validată de ANAF", "validata", "good"),
    "archived": Word(
        "Arhivată",
        "arhivata",
        "good",
        "ZIP-ul cu sigiliul Ministerului Finanțelor este păstrat la noi, octet cu octet.",
    ),
    "rejected": Word(
        "Respinsă de ANAF",
        "respinsa",
        "bad",
        "ANAF a verificat factura și a găsit probleme. Pentru ANAF, factura nu este comunicată încă.",
        "Corectați câmpurile arătate și apăsați „Trimite”. Numărul rămâne același.",
    ),
    "refused": Word(
        "Nepreluată de ANAF",
        "nepreluata",
        "bad",
        "ANAF a refuzat fișierul la primire. Factura nu a intrat în SPV.",
        "Corectați ce arată mesajul ANAF și apăsați „Trimite”. Numărul rămâne același.",
    ),
    # --- doubt ---
    "uncertain": Word(
        "Nu știm încă dacă a ajuns",
        "incerta",
        "warn",
        "Factura a plecat, dar răspunsul ANAF nu a mai venit. Căutăm în SPV după conținut.",
        "Nu o retrimiteți. Nu trebuie să faceți nimic.",
        "S02",
    ),
    "found": Word("Găsită în SPV", "trimisa", "info", "Documentul de acolo este al nostru, octet cu octet."),
    "absent": Word(
        "Nu a ajuns în SPV", "in-asteptare", "warn", "Lista din SPV o dovedește; trimitem din nou același fișier."
    ),
    "duplicate": Word(
        "ANAF spune că a mai fost trimisă",
        "incerta",
        "warn",
        "Verificăm dacă documentul de acolo este al nostru.",
        code="S04",
    ),
    "adopted": Word("Era deja în SPV", "validata", "good", "Documentul trimis mai devreme este chiar al nostru."),
    "other-duplicate": Word(
        "Numărul este deja folosit în SPV",
        "respinsa",
        "bad",
        "ANAF are o factură a firmei cu același număr și dată, dar cu alt conținut, poate trimisă din alt program.",
        "Verificați în SPV factura de acolo. Dacă este alta, treceți seria la numărul următor și trimiteți din nou.",
        "S04",
    ),
    # --- waiting: nothing has left, or nothing can be asked ---
    "anaf-down": Word(
        "ANAF nu răspunde",
        "in-asteptare",
        "warn",
        "Serverul ANAF nu a putut fi întrebat.",
        "Reîncercăm singuri. Nu trebuie să faceți nimic.",
        "S01",
    ),
    "not-connected": Word(
        "Firma nu este conectată la ANAF",
        "in-asteptare",
        "warn",
        "Fără autorizare nu putem trimite nimic în SPV.",
        "Apăsați „Conectează e-Factura” în Integrări; factura pleacă singură după aceea.",
    ),
    "reauthorise": Word(
        "Autorizarea la ANAF nu mai este valabilă",
        "in-asteptare",
        "warn",
        "ANAF nu mai primește cheile date la conectare.",
        "Reconectați firma în Integrări, cu certificatul; factura pleacă singură după aceea.",
        "T03",
    ),
    "no-right": Word(
        "Certificatul nu are drept pe această firmă",
        "in-asteptare",
        "warn",
        "Persoana care a făcut conectarea nu are drept în SPV pentru acest CUI. Factura nu a plecat.",
        "Cereți dreptul în SPV pentru CUI-ul firmei, apoi apăsați „Verificați din nou” în Integrări.",
        "C08",
    ),
    "misconfigured": Word(
        "Punte nu este înscris corect la ANAF",
        "in-asteptare",
        "warn",
        "ANAF nu recunoaște aplicația. Este o problemă de instalare, nu a facturii.",
        "Anunțați administratorul instalării; factura rămâne în așteptare.",
        "T05",
    ),
    "anaf-unwell": Word(
        "Autorizarea nu a putut fi reînnoită",
        "in-asteptare",
        "warn",
        "ANAF nu a răspuns când am cerut reînnoirea.",
        "Reîncercăm singuri. Nu trebuie să faceți nimic.",
        "T02",
    ),
    "limited": Word(
        "Limita zilnică ANAF a fost atinsă",
        "in-asteptare",
        "warn",
        "ANAF primește un număr limitat de întrebări pe zi.",
        "Continuăm singuri când limita se ridică.",
    ),
    "strange-answer": Word(
        "ANAF a dat un răspuns neașteptat",
        "in-asteptare",
        "warn",
        "Am păstrat răspunsul lui și mai întrebăm din oră în oră.",
        "Dacă ține mai mult de o zi, scrieți la suport.",
    ),
    "no-package": Word(
        "ZIP-ul nu mai poate fi descărcat",
        "in-asteptare",
        "warn",
        "Factura este validată, dar ANAF nu mai dă arhiva ei.",
        "O puteți cere ANAF, care o păstrează 10 ani.",
        "S10",
    ),
}

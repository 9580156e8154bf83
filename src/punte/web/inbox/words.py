"""How things of Cheltuieli are said: marks, what could not be read, lines of history, why a mailbox waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from punte.web.archive.models import SealVerdict
from punte.web.spv.models import Mailbox

from .models import Document, Event, Mark, Reading, Remark, RemarkState, Standing


@dataclass(frozen=True, slots=True)
class Said:
    """A word with its icon and its colour (`state`: a `data-state` of the style sheet, or a tone)."""

    word: str
    icon: str
    state: str
    why: str = ""


def mark_of(document: Document) -> Said:
    """What the list shows of a document's state: that it cannot be read comes before how far one has got with it."""
    match document.reading:
        case Reading.EXPIRED:
            return Said(_("Expirată în SPV"), "incerta", "incerta")
        case Reading.UNREADABLE:
            return Said(_("Nu poate fi citită"), "avertizare", "incerta")
    match document.mark:
        case Mark.NEW:
            return Said(_("Nouă"), "clopot", "in-prelucrare")
        case Mark.SEEN:
            return Said(_("Văzută"), "ochi", "ciorna")
    return Said(_("Contabilizată"), "validata", "validata")


def standing_of(document: Document) -> str:
    """Why it does not count as an expense; "" when it does."""
    match document.standing:
        case Standing.REPEATED:
            return _("Dublură: nu se adună")
        case Standing.ISSUED_FOR_US:
            return _("Autofactură a clientului, în numele dvs.: e venit, nu se adună")
        case Standing.TO_ITSELF:
            return _("De la firmă către ea însăși: nu se adună")
    return _("Autofactură trimisă de dvs.") if document.self_billed else ""


def event(one: Event) -> Said:
    """A line of history."""
    seals = {
        SealVerdict.VALID: _("Sigiliul Ministerului Finanțelor este valid."),
        SealVerdict.UNKNOWN_SIGNER: _("Sigiliul e întreg, dar nu cunoaștem semnatarul."),
        SealVerdict.FORGED: _("Sigiliul nu se potrivește cu documentul: nu vă bazați pe el."),
        SealVerdict.MISSING: _("ANAF a dat documentul fără sigiliu."),
    }
    match one.kind:
        case "arrived":
            return Said(_("A ajuns în SPV"), "incarca", "", _("Index %(index)s") % {"index": one.text})
        case "filed":
            seal = SealVerdict(one.text) if one.text else SealVerdict.MISSING
            tone = "good" if seal == SealVerdict.VALID else "bad" if seal == SealVerdict.FORGED else "warn"
            return Said(_("Adusă și pusă în arhivă"), "arhivata", tone, str(seals[seal]))
        case Reading.EXPIRED:
            return Said(_("Nu mai poate fi adusă"), "incerta", "warn", _("ANAF dă un document cel mult 60 de zile."))
        case Reading.UNREADABLE:
            why = _("Am păstrat octeții așa cum au venit.")
            return Said(_("Adusă, dar nu o putem citi"), "avertizare", "warn", why)
        case Mark.SEEN:
            return Said(_("Marcată ca văzută"), "ochi", "")
        case Mark.BOOKED:
            return Said(_("Marcată ca contabilizată"), "validata", "good")
    return Said(_("Marcată din nou ca nouă"), "clopot", "")


def remark_state(remark: Remark) -> Said:
    """How a remark stands; `why`: what that means, where it is not plain."""
    match remark.state:
        case RemarkState.QUEUED:
            return Said(_("În așteptare"), "in-asteptare", "in-asteptare", waiting(remark.waiting_for))
        case RemarkState.SENDING:
            return Said(_("Se trimite"), "se-trimite", "se-trimite")
        case RemarkState.UNCERTAIN:
            why = _("ANAF nu a răspuns clar. Căutăm mesajul în SPV și aflați aici, în cel mult o oră și jumătate.")
            return Said(_("Incert: verificăm în SPV"), "incerta", "incerta", why)
        case RemarkState.PROCESSING:
            return Said(_("În prelucrare la ANAF"), "in-prelucrare", "in-prelucrare")
        case RemarkState.DELIVERED:
            return Said(_("Ajuns la emitent, în SPV"), "validata", "validata")
        case RemarkState.REFUSED:
            return Said(_("Refuzat de ANAF"), "respinsa", "respinsa", remark.anaf_text)
        case RemarkState.ABSENT:
            why = _("L-am căutat în SPV timp de o oră și nu apare. Puteți scrie mesajul din nou.")
            return Said(_("Nu a ajuns în SPV"), "nepreluata", "nepreluata", why)
    return Said(_("Primit"), "email", "trimisa")


def waiting(waiting_for: str) -> str:
    """Why something at ANAF waits, as a sentence; "" when nothing is the matter."""
    return {
        "not-connected": _("Firma nu este conectată la ANAF."),
        "reauthorise": _("Accesul la ANAF a expirat: e nevoie de certificat, o dată."),
        "no-right": _("Certificatul nu are drept în SPV pentru această firmă."),
        "anaf-unwell": _("ANAF nu a reînnoit accesul; încercăm din nou singuri."),
        "anaf-down": _("ANAF nu răspunde; încercăm din nou singuri."),
        "limited": _("S-a atins limita de apeluri a ANAF; mergem mai departe când se poate."),
        "misconfigured": _("ANAF refuză aplicația; administratorul serverului trebuie să verifice setările."),
        "strange-answer": _("ANAF a răspuns cu ceva ce nu înțelegem; întrebăm din nou."),
        "reserve": _("Continuă cu alt certificat al firmei."),
    }.get(waiting_for, "")


def mailbox_sentence(mailbox: Mailbox | None) -> tuple[str, datetime | None]:
    """Why nothing new comes, "" when all goes its way; and when SPV was last listed whole."""
    if mailbox is None:
        return waiting("not-connected"), None
    return waiting(mailbox.waiting_for), mailbox.listed_until

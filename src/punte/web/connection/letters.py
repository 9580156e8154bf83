"""The words of the mails: what happened, why, what to do. A letter is a value; the two templates only lay it out."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from punte.web.design.formats import long_date, plural

from .diagnoses import diagnoses
from .models import Authorization
from .notices import Kind, Notice

SALT = "connection.withdraw"


@dataclass(frozen=True, slots=True)
class Letter:
    """`link` is a whole address; `code` of the diagnosis, to be quoted to support; `aside` a smaller last line."""

    subject: str
    what: str
    why: str
    now: str
    link: str = ""
    link_word: str = ""
    code: str = ""
    aside: str = ""


def letter(notice: Notice) -> Letter:
    """The words of a notice, in the language in force. A guest gets no link into the product: no account is theirs."""
    authorization = notice.authorization
    guest = notice.to_holder and authorization.invitation is not None
    facts = {
        "firms": ", ".join(firm.name for firm in notice.firms.order_by("name")),
        "holder": authorization.holder,
        "serial": authorization.short_serial,
        "when": _in(notice.days),
        "pin": long_date(timezone.localdate(authorization.renewal_due_at)),
        "access": long_date(timezone.localdate(authorization.access_expires_at)),
        "end": long_date(authorization.certificate_until) if authorization.certificate_until else "",
        "again": _again(authorization, guest=guest, own=notice.to_holder),
    }
    whose = _("certificatul lui %(holder)s (seria %(serial)s)")
    if notice.to_holder:
        whose = _("certificatul dumneavoastră (seria %(serial)s)")
    facts["certificate"] = whose % facts
    facts["The_certificate"] = facts["certificate"][:1].upper() + facts["certificate"][1:]
    out = withdrawal(authorization)
    link, word = ("", "") if guest else (settings.BASE_URL + reverse("connection:reserve"), _("Deschideți Integrări"))
    away = _("Puteți retrage oricând acordul dat: %(link)s") % {"link": out} if guest else ""
    match Kind(notice.kind):
        case Kind.PIN:
            said = (
                _("%(when)s e nevoie de PIN pentru %(firms)s"),
                _("Autorizarea dată ANAF cu %(certificate)s împlinește un an pe %(pin)s. Servește: %(firms)s."),
                _("ANAF cere o dată pe an certificatul și PIN-ul. Până atunci accesul se reînnoiește singur."),
                _("%(again)s Dacă o faceți mai devreme, anul se numără de atunci."),
            )
            code = ""
        case Kind.CERTIFICATE:
            said = (
                _("%(when)s expiră certificatul pentru %(firms)s"),
                _("%(The_certificate)s este valabil până pe %(end)s. Servește: %(firms)s."),
                _("Un certificat reînnoit este, pentru ANAF, alt certificat: trebuie înrolat din nou în SPV."),
                _(
                    "Reînnoiți-l la furnizor înainte de această dată și depuneți la anaf.ro/reinnoire documentul de "
                    "confirmare. După mesajul ANAF urmează reconectarea. %(again)s Până atunci facturile pleacă în "
                    "continuare."
                ),
            )
            code = ""
        case Kind.DEAD:
            still = authorization.access_expires_at > timezone.now() and authorization.stale_since is None
            what = _("ANAF nu mai acceptă autorizarea dată cu %(certificate)s. Servea: %(firms)s.")
            if still:
                what = _(
                    "ANAF nu mai acceptă autorizarea dată cu %(certificate)s. Servea: %(firms)s. Facturile mai pot "
                    "pleca până pe %(access)s."
                )
            said = (
                _("Accesul la ANAF trebuie reînnoit pentru %(firms)s"),
                what,
                diagnoses()["T03"].why,
                _("%(again)s Facturile care așteaptă pleacă singure după aceea."),
            )
            code = "T03"
        case Kind.UNWELL:
            said = (
                _("Accesul la ANAF nu s-a putut reînnoi pentru %(firms)s"),
                _(
                    "ANAF nu a răspuns la reînnoirea accesului dat cu %(certificate)s; cel de acum se încheie pe "
                    "%(access)s. Servește: %(firms)s."
                ),
                _("De obicei este o problemă trecătoare la ANAF. Încercăm din nou la fiecare oră."),
                _("Nu trebuie să faceți nimic acum. Dacă data trece fără reînnoire, reconectați-vă cu certificatul."),
            )
            code = "T02"
        case Kind.OPERATOR:
            said = (
                _("ANAF nu recunoaște aplicația, pentru %(firms)s"),
                _("ANAF refuză aplicația, nu %(certificate)s. Facturile nu pot pleca: %(firms)s."),
                diagnoses()["T05"].why,
                _(
                    "Administratorul acestui program verifică aplicația în „Profil OAuth” la ANAF: serviciul "
                    "E-Factura, codul și secretul. După aceea facturile pleacă singure."
                ),
            )
            code = "T05"
        case Kind.DENIED:
            said = (
                _("Certificatul nu mai are drept în SPV pentru %(firms)s"),
                _("ANAF răspunde că %(certificate)s nu mai are drept pe CUI-ul firmei %(firms)s."),
                diagnoses()["C08-retras"].why,
                _(
                    "Cereți din nou dreptul în SPV (persoană juridică). Întrebăm ANAF în fiecare zi; când dreptul "
                    "revine, facturile pleacă singure. O rezervă, dacă aveți, trimite între timp."
                ),
            )
            code = "C08"
        case Kind.GUEST:
            said = (
                _("Ați conectat %(firms)s la ANAF"),
                _(
                    "Ați autorizat Punte să trimită și să citească în SPV facturile firmei %(firms)s, cu certificatul "
                    "dumneavoastră (seria %(serial)s)."
                ),
                _(
                    "Ați deschis linkul trimis de firmă și v-ați dat acordul. Acordul este numai pentru această firmă, "
                    "până pe %(pin)s."
                ),
                _("Nu trebuie să faceți nimic. Păstrați acest mail: prin el puteți retrage acordul."),
            )
            code, link, word, away = "", out, _("Retrageți acordul"), ""
        case Kind.WITHDRAWN:
            said = (
                _("%(holder)s a retras acordul pentru %(firms)s"),
                _("%(holder)s a retras acordul dat ANAF pentru %(firms)s; cheile de acces au fost șterse."),
                _("Cine își dă acordul cu certificatul lui îl poate retrage oricând."),
                _(
                    "Dacă firma are altă conexiune, facturile pleacă prin ea. Altfel, conectați-vă cu alt certificat; "
                    "facturile rămân în așteptare până atunci."
                ),
            )
            code, away = "", ""
    subject, what, why, now = (sentence % facts for sentence in said)
    return Letter(subject, what, why, now, link, word, code, away)


def invitation_letter(firm: str, inviter: str, link: str) -> Letter:
    """The link itself, when the owner asks us to mail it."""
    facts = {"firm": firm, "inviter": inviter}
    return Letter(
        _("%(inviter)s vă roagă să conectați %(firm)s la ANAF") % facts,
        _(
            "%(inviter)s folosește Punte pentru facturile firmei %(firm)s și are nevoie de un certificat cu drept în "
            "SPV."
        )
        % facts,
        _("Certificatul care are drept pe CUI-ul firmei este la dumneavoastră."),
        _(
            "Deschideți linkul pe calculatorul cu certificatul. Citiți acordul și mergeți la ANAF; PIN-ul îl scrieți "
            "numai acolo. Nu vă faceți cont. Linkul merge 24 de ore, o singură dată."
        ),
        link,
        _("Deschideți linkul"),
        aside=_("Dacă nu îl cunoașteți pe cel care vă scrie, nu deschideți linkul."),
    )


def withdrawal(authorization: Authorization) -> str:
    """The guest's own way out: a signed address, good as long as the authorization lives."""
    return settings.BASE_URL + reverse("connection:withdraw", args=[signing.dumps(authorization.pk, salt=SALT)])


def _again(authorization: Authorization, *, guest: bool, own: bool) -> str:
    """How the holder comes back to ANAF."""
    if guest:
        return _("Cereți firmei un link nou și deschideți-l cu certificatul.")
    if own:
        return _("Intrați în Integrări, apăsați „Reconectați” și folosiți certificatul.")
    again = _("Rugați-l pe %(holder)s să intre în Integrări și să se reconecteze cu certificatul.")
    if authorization.invitation is not None:
        again = _("Din Integrări, trimiteți-i lui %(holder)s un link nou.")
    return again % {"holder": authorization.holder}


def _in(days: int | None) -> str:
    """At the head of a subject."""
    if not days:
        return _("Astăzi")
    return _("Mâine") if days == 1 else _("În %(days)s") % {"days": plural(days, _("zi"), _("zile"))}

"""The words of the mails: what happened, why, what to do. A letter is a value; the two templates only lay it out."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

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
    """The words of a notice. A guest gets no link into the product: they have no account in it."""
    authorization = notice.authorization
    firms = ", ".join(firm.name for firm in notice.firms.order_by("name"))
    guest = notice.to_holder and authorization.invitation is not None
    whose = "dumneavoastră" if notice.to_holder else f"lui {authorization.holder}"
    certificate = f"certificatul {whose} (seria {authorization.short_serial})"
    page = settings.BASE_URL + reverse("connection:reserve")
    link, word = ("", "") if guest else (page, "Deschideți Integrări")
    away = f"Puteți retrage oricând acordul dat: {withdrawal(authorization)}" if guest else ""
    end = long_date(authorization.certificate_until) if authorization.certificate_until else ""
    again = _again(authorization, guest=guest, own=notice.to_holder)
    match Kind(notice.kind):
        case Kind.PIN:
            return Letter(
                f"{_in(notice.days)} e nevoie de PIN pentru {firms}",
                f"Autorizarea dată ANAF cu {certificate} împlinește un an pe "
                f"{long_date(timezone.localdate(authorization.renewal_due_at))}. Servește: {firms}.",
                "ANAF cere o dată pe an certificatul și PIN-ul. Până atunci accesul se reînnoiește singur.",
                f"{again} Dacă o faceți mai devreme, anul se numără de atunci.",
                link,
                word,
                aside=away,
            )
        case Kind.CERTIFICATE:
            return Letter(
                f"{_in(notice.days)} expiră certificatul pentru {firms}",
                f"{_capital(certificate)} este valabil până pe {end}. Servește: {firms}.",
                "Un certificat reînnoit este, pentru ANAF, alt certificat: trebuie înrolat din nou în SPV.",
                "Reînnoiți-l la furnizor înainte de această dată și depuneți la anaf.ro/reinnoire documentul de "
                f"confirmare. După mesajul ANAF: {_lower(again)} Până atunci facturile pleacă în continuare.",
                link,
                word,
                aside=away,
            )
        case Kind.DEAD:
            still = authorization.access_expires_at > timezone.now() and authorization.stale_since is None
            until = long_date(timezone.localdate(authorization.access_expires_at))
            return Letter(
                f"Accesul la ANAF trebuie reînnoit pentru {firms}",
                f"ANAF nu mai acceptă autorizarea dată cu {certificate}. Servea: {firms}."
                + (f" Facturile mai pot pleca până pe {until}." if still else ""),
                diagnoses()["T03"].why,
                f"{again} Facturile care așteaptă pleacă singure după aceea.",
                link,
                word,
                "T03",
                away,
            )
        case Kind.UNWELL:
            return Letter(
                f"Accesul la ANAF nu s-a putut reînnoi pentru {firms}",
                f"ANAF nu a răspuns la reînnoirea accesului dat cu {certificate}; cel de acum se încheie pe "
                f"{long_date(timezone.localdate(authorization.access_expires_at))}. Servește: {firms}.",
                "De obicei este o problemă trecătoare la ANAF. Încercăm din nou la fiecare oră.",
                "Nu trebuie să faceți nimic acum. Dacă data trece fără reînnoire, reconectați-vă cu certificatul.",
                link,
                word,
                "T02",
                away,
            )
        case Kind.OPERATOR:
            return Letter(
                f"ANAF nu recunoaște aplicația, pentru {firms}",
                f"ANAF refuză aplicația, nu {certificate}. Facturile nu pot pleca: {firms}.",
                diagnoses()["T05"].why,
                "Administratorul acestui program verifică aplicația în „Profil OAuth” la ANAF: serviciul E-Factura, "
                "codul și secretul. După aceea facturile pleacă singure.",
                link,
                word,
                "T05",
                away,
            )
        case Kind.DENIED:
            return Letter(
                f"Certificatul nu mai are drept în SPV pentru {firms}",
                f"ANAF răspunde că {certificate} nu mai are drept pe CUI-ul firmei {firms}.",
                diagnoses()["C08-retras"].why,
                "Cereți din nou dreptul în SPV (persoană juridică). Întrebăm ANAF în fiecare zi; când dreptul revine, "
                "facturile pleacă singure. O rezervă, dacă aveți, trimite între timp.",
                link,
                word,
                "C08",
                away,
            )
        case Kind.GUEST:
            return Letter(
                f"Ați conectat {firms} la ANAF",
                f"Ați autorizat Punte să trimită și să citească în SPV facturile firmei {firms}, cu certificatul "
                f"dumneavoastră (seria {authorization.short_serial}).",
                "Ați deschis linkul trimis de firmă și v-ați dat acordul. Acordul este numai pentru această firmă, "
                f"până pe {long_date(timezone.localdate(authorization.renewal_due_at))}.",
                "Nu trebuie să faceți nimic. Păstrați acest mail: prin el puteți retrage acordul.",
                withdrawal(authorization),
                "Retrageți acordul",
            )
        case Kind.WITHDRAWN:
            return Letter(
                f"{authorization.holder} a retras acordul pentru {firms}",
                f"{authorization.holder} a retras acordul dat ANAF pentru {firms}; cheile de acces au fost șterse.",
                "Cine își dă acordul cu certificatul lui îl poate retrage oricând.",
                "Dacă firma are altă conexiune, facturile pleacă prin ea. Altfel, conectați-vă cu alt certificat; "
                "facturile rămân în așteptare până atunci.",
                link,
                word,
            )


def invitation_letter(firm: str, inviter: str, link: str) -> Letter:
    """The link itself, when the owner asks us to mail it."""
    return Letter(
        f"{inviter} vă roagă să conectați {firm} la ANAF",
        f"{inviter} folosește Punte pentru facturile firmei {firm} și are nevoie de un certificat cu drept în SPV.",
        "Certificatul care are drept pe CUI-ul firmei este la dumneavoastră.",
        "Deschideți linkul pe calculatorul cu certificatul. Citiți acordul și mergeți la ANAF; PIN-ul îl scrieți numai "
        "acolo. Nu vă faceți cont. Linkul merge 24 de ore, o singură dată.",
        link,
        "Deschideți linkul",
        aside="Dacă nu îl cunoașteți pe cel care vă scrie, nu deschideți linkul.",
    )


def withdrawal(authorization: Authorization) -> str:
    """The guest's own way out: a signed address, good as long as the authorization lives."""
    return settings.BASE_URL + reverse("connection:withdraw", args=[signing.dumps(authorization.pk, salt=SALT)])


def _again(authorization: Authorization, *, guest: bool, own: bool) -> str:
    if guest:
        return "Cereți firmei un link nou și deschideți-l cu certificatul."
    if authorization.invitation is not None:
        return f"Din Integrări, trimiteți-i lui {authorization.holder} un link nou."
    if own:
        return "Intrați în Integrări, apăsați „Reconectați” și folosiți certificatul."
    return f"Rugați-l pe {authorization.holder} să intre în Integrări și să se reconecteze cu certificatul."


def _in(days: int | None) -> str:
    if not days:
        return "Astăzi"
    return "Mâine" if days == 1 else f"În {plural(days, 'zi', 'zile')}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]

"""How each certificate of a firm stands: which one does the work, which are ready behind it, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from punte.web.accounts.models import User
from punte.web.design.formats import long_date
from punte.web.firms.models import Firm

from .client import rights_on
from .models import Authorization, Problem, Right, RightState
from .renewal import usable

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One certificate, for a page.

    place     in the firm's order, from 1
    lives     invoices could leave with it now;  serves  they do: it is the first that lives
    reason    in a sentence, why it does or does not
    pin_days, certificate_days  left, when at most 30;  negative: past
    own       the person looking is the holder
    """

    right: Right
    authorization: Authorization
    place: int
    lives: bool
    serves: bool
    reason: str
    pin_days: int | None
    certificate_days: int | None
    own: bool


def standings(firm: Firm, now: datetime, user: User | None = None) -> list[Standing]:
    """In the firm's order, whatever works."""
    rights = rights_on(firm)
    first = next((right for right in rights if _lives(right, now)), None)
    today = timezone.localdate(now)
    found = []
    for place, right in enumerate(sorted(rights, key=lambda right: right.rank), 1):
        authorization, until = right.authorization, right.authorization.certificate_until
        pin = (timezone.localdate(authorization.renewal_due_at) - today).days
        certificate = (until - today).days if until else None
        found.append(
            Standing(
                right=right,
                authorization=authorization,
                place=place,
                lives=_lives(right, now),
                serves=right == first,
                reason=_reason(right, now, serves=right == first),
                pin_days=pin if pin <= SOON.days else None,
                certificate_days=certificate if certificate is not None and certificate <= SOON.days else None,
                own=user is not None and authorization.user == user,
            )
        )
    return found


def _lives(right: Right, now: datetime) -> bool:
    return right.state == RightState.GRANTED and usable(right.authorization, now)


def _reason(right: Right, now: datetime, *, serves: bool) -> str:
    authorization = right.authorization
    if right.state == RightState.DENIED:
        return _("ANAF răspunde că nu are drept în SPV pe CUI-ul firmei. Întrebăm din nou în fiecare zi.")
    if right.state == RightState.UNKNOWN:
        return _("ANAF nu a răspuns încă dacă are drept pentru firmă. Întrebăm din nou singuri.")
    if not usable(authorization, now):
        if authorization.problem == Problem.DEAD:
            return _("ANAF nu mai acceptă autorizarea: titularul trebuie să se reconecteze cu certificatul.")
        if authorization.problem == Problem.OPERATOR:
            return _("ANAF nu recunoaște aplicația cu care a fost autorizat.")
        return _("ANAF a refuzat accesul sau i-a trecut timpul; îl reînnoim singuri.")
    until = long_date(authorization.access_expires_at)
    work = (
        _("Primul din ordine care are acces și drept.") if serves else _("Are acces și drept; intră dacă primul cade.")
    )
    if authorization.problem == Problem.DEAD:
        return _("Accesul mai merge până la %(until)s; apoi titularul trebuie să se reconecteze.") % {"until": until}
    if authorization.problem == Problem.UNWELL:
        return _("%(work)s ANAF nu a răspuns la reînnoire; accesul de acum merge până la %(until)s.") % {
            "work": work,
            "until": until,
        }
    return work

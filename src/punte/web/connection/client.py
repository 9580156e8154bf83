"""The door to e-Factura for the other apps: `with efactura_for(firm, now) as anaf: …`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from punte.anaf.efactura import EFactura
from punte.web.firms.access import WRITERS
from punte.web.firms.models import Firm, Membership
from punte.web.limits import clock
from punte.web.limits.clock import Clock

from . import journal, metered, reserve
from .models import Authorization, Problem, Right, RightState
from .renewal import refreshed, tell_all, usable, write_right

AFTER_REFRESH = timedelta(minutes=5)  # a 401 so soon after a refresh is not of an old token


class Kind(StrEnum):
    NOT_CONNECTED = "not-connected"  # nobody authorised us for this firm
    REAUTHORISE = "reauthorise"  # somebody did, and must come back with the certificate
    NO_RIGHT = "no-right"  # the certificate has no right on this CIF
    ANAF_UNWELL = "anaf-unwell"  # passing: try later


class NotConnected(Exception):
    """Nothing can be sent for this firm now. `text` is for the screen."""

    def __init__(self, kind: Kind, text: str) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How a firm stands with ANAF, for pages.

    holder    who authorised us; `holder_id` None: a guest, by the firm's link
    serial, issuer  of the certificate, as the token tells;  short_serial  for the eye
    since     when;  until  when the certificate and PIN are needed again;  access_until  of the access token
    right     of this firm in SPV, with `checked_at` and, when refused, ANAF's words in `anaf_text`
    problem   of the authorization: unwell passes, dead and operator need a person
    stale     ANAF has refused the access token: it serves no more
    """

    authorization_id: int
    holder_id: int | None
    holder: str
    serial: str
    short_serial: str
    issuer: str
    since: datetime
    until: datetime
    access_until: datetime
    right: RightState
    checked_at: datetime | None
    problem: Problem
    stale: bool
    anaf_text: str

    @property
    def works(self) -> bool:
        """Invoices of this firm can leave, today and when the access is renewed."""
        return self.right is RightState.GRANTED and self.problem is not Problem.DEAD

    def works_until_then(self, now: datetime) -> bool:
        """The consent is dead, yet the access it gave last still serves, till `access_until`."""
        dead = self.problem is Problem.DEAD and self.right is RightState.GRANTED
        return dead and not self.stale and self.access_until > now


def efactura_for(
    firm: Firm, now: datetime, clock: Clock = clock.now, hold: Callable[[], None] | None = None
) -> EFactura:
    """A client with a living access token and a right on `firm`, the first in the firm's order; a context manager.

    Each call waits for its slot within ANAF's limits by `clock`, then calls `hold` (see `metered.efactura`).
    Refreshes the access within 10 days of its end, or after `mark_stale`: then this takes a call to ANAF.
    Raises NotConnected.
    """
    rights = _in_order(firm)
    granted = [right for right in rights if right.state == RightState.GRANTED]
    for right in granted:
        authorization = right.authorization = refreshed(right.authorization, now)
        if usable(authorization, now):
            reserve.serve(right, now)
            token, serial = authorization.access_token, authorization.serial
            return metered.efactura(token, authorization.application, clock=clock, user=serial, hold=hold)
    raise NotConnected(*_reason(firm, rights, granted))


def mark_stale(firm: Firm, now: datetime) -> None:
    """ANAF answered 401 in the step that began at `now`: refresh before the next one.

    A second 401 with a token just refreshed means that a person must authorise again. One with a token that another
    worker has replaced since `now` means nothing.
    """
    right = _first_usable(firm, now)
    if right is None:
        return
    authorization = right.authorization
    last = authorization.refreshed_at
    if last is not None and last > now:
        return
    facts: dict[str, object] = {"stale_since": now}
    if last is not None and now - last < AFTER_REFRESH:
        facts |= {"problem": Problem.DEAD, "anaf_text": "401 Unauthorized"}
    with transaction.atomic():
        if Authorization.objects.filter(pk=authorization.pk, refreshed_at=last).update(**facts) and len(facts) > 1:
            tell_all(authorization, journal.Kind.DEAD, now, "401 Unauthorized")


def fail_over(firm: Firm, now: datetime, anaf_text: str) -> bool:
    """ANAF refused the right in the step that began at `now`. True when another certificate of the firm's can go on:
    then the refused one stands back, and the next `efactura_for` takes the other. Without another nothing changes."""
    right = _first_usable(firm, now)
    if right is None or not any(
        other != right and other.state == RightState.GRANTED and usable(other.authorization, now)
        for other in _in_order(firm)
    ):
        return False
    write_right(right, RightState.DENIED, anaf_text, now)
    return True


def _first_usable(firm: Firm, now: datetime) -> Right | None:
    living = (right for right in _in_order(firm) if usable(right.authorization, now))
    return next((right for right in living if right.state == RightState.GRANTED), None)


def status(firm: Firm) -> Connection | None:
    """The connection that serves `firm`, or the one that comes nearest; None when nobody authorised us."""
    best = next(iter(rights_on(firm)), None)
    if best is None:
        return None
    authorization = best.authorization
    return Connection(
        authorization_id=authorization.pk,
        holder_id=authorization.user_id,
        holder=authorization.holder,
        serial=authorization.serial,
        short_serial=authorization.short_serial,
        issuer=authorization.issuer,
        since=authorization.authorized_at,
        until=authorization.renewal_due_at,
        access_until=authorization.access_expires_at,
        right=RightState(best.state),
        checked_at=best.checked_at,
        problem=Problem(authorization.problem),
        stale=authorization.stale_since is not None,
        anaf_text=best.anaf_text or authorization.anaf_text,
    )


def rights_on(firm: Firm) -> list[Right]:
    """Rights on `firm` of living authorizations, whose holder still writes for it or came by its link: what works
    first, then in the firm's order, newest first."""
    return _in_order(firm, "authorization__user", "authorization__invitation", "firm")


def _in_order(firm: Firm, *shown: str) -> list[Right]:
    """`rights_on`, for each step of the worker: without what only pages show."""
    writers = Membership.objects.filter(firm=firm, role__in=WRITERS).values("user")
    theirs = Q(authorization__user__in=writers) | Q(authorization__invitation__firm=firm)
    found = Right.objects.filter(theirs, firm=firm, authorization__ended_at=None).select_related(
        "authorization__application", *shown
    )
    order = [RightState.GRANTED, RightState.UNKNOWN, RightState.DENIED]
    newest = sorted(found, key=lambda right: right.authorization.authorized_at, reverse=True)
    return sorted(
        newest,
        key=lambda right: (
            order.index(RightState(right.state)),
            right.authorization.problem == Problem.DEAD,
            right.rank,
        ),
    )


def _reason(firm: Firm, rights: list[Right], granted: list[Right]) -> tuple[Kind, str]:
    if not rights:
        return Kind.NOT_CONNECTED, _("%(firm)s nu este conectată la ANAF. Conectați-o din Integrări.") % {
            "firm": firm.name
        }
    if not granted and any(right.state == RightState.UNKNOWN for right in rights):
        return Kind.ANAF_UNWELL, _("ANAF nu a răspuns încă dacă certificatul are drept pentru firmă. Întrebăm din nou.")
    if not granted:
        text = _("Certificatul nu are drept în SPV pentru CUI-ul %(cui)s. Cereți dreptul în SPV.") % {"cui": firm.cui}
        return Kind.NO_RIGHT, text
    if all(right.authorization.problem == Problem.DEAD for right in granted):
        return Kind.REAUTHORISE, _("Accesul la ANAF a expirat. Reconectați-vă cu certificatul, din Integrări.")
    return Kind.ANAF_UNWELL, _("ANAF nu a răspuns la reînnoirea accesului. Încercăm din nou singuri.")

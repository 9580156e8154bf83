"""The door to e-Factura for the other apps: `with efactura_for(firm, now) as anaf: …`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from punte.anaf.efactura import EFactura
from punte.web.config.anaf import hosts
from punte.web.firms.access import WRITERS
from punte.web.firms.models import Firm

from .models import Authorization, Problem, Right, RightState
from .renewal import refreshed, usable

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

    holder    who authorised us;  serial, issuer  of the certificate, as the token tells
    since     when;  until  when the certificate and PIN are needed again;  access_until  of the access token
    right     of this firm in SPV, with `checked_at` and, when refused, ANAF's words in `anaf_text`
    problem   of the authorization: unwell passes, dead and operator need a person
    stale     ANAF has refused the access token: it serves no more
    """

    authorization_id: int
    holder_id: int
    holder: str
    serial: str
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
    def short_serial(self) -> str:
        """`20 06 16 … 4b e1`: enough to tell two certificates apart."""
        pairs = self.serial.split(":")
        return " ".join(pairs if len(pairs) <= 6 else [*pairs[:3], "…", *pairs[-2:]])

    @property
    def works(self) -> bool:
        """Invoices of this firm can leave, today and when the access is renewed."""
        return self.right is RightState.GRANTED and self.problem is not Problem.DEAD

    def works_until_then(self, now: datetime) -> bool:
        """The consent is dead, yet the access it gave last still serves, till `access_until`."""
        dead = self.problem is Problem.DEAD and self.right is RightState.GRANTED
        return dead and not self.stale and self.access_until > now


def efactura_for(firm: Firm, now: datetime) -> EFactura:
    """A client with a living access token and a right on `firm`; a context manager.

    Refreshes the access within 10 days of its end, or after `mark_stale`: then this takes a call to ANAF.
    Raises NotConnected.
    """
    rights = _rights(firm)
    granted = [right for right in rights if right.state == RightState.GRANTED]
    for right in granted:
        authorization = right.authorization = refreshed(right.authorization, now)
        if usable(authorization, now):
            return EFactura(hosts(), authorization.access_token)
    raise NotConnected(*_reason(firm, rights, granted))


def mark_stale(firm: Firm, now: datetime) -> None:
    """ANAF answered 401 in the step that began at `now`: refresh before the next one.

    A second 401 with a token just refreshed means that a person must authorise again. One with a token that another
    worker has replaced since `now` means nothing.
    """
    for right in _rights(firm):
        authorization = right.authorization
        if right.state != RightState.GRANTED or not usable(authorization, now):
            continue
        last = authorization.refreshed_at
        if last is not None and last > now:
            return
        facts: dict[str, object] = {"stale_since": now}
        if last is not None and now - last < AFTER_REFRESH:
            facts |= {"problem": Problem.DEAD, "anaf_text": "401 Unauthorized"}
        unchanged = Authorization.objects.filter(pk=authorization.pk, refreshed_at=last)
        unchanged.update(**facts)
        return


def status(firm: Firm) -> Connection | None:
    """The connection that serves `firm`, or the one that comes nearest; None when nobody authorised us."""
    best = next(iter(_rights(firm)), None)
    if best is None:
        return None
    authorization = best.authorization
    return Connection(
        authorization_id=authorization.pk,
        holder_id=authorization.user_id,
        holder=str(authorization.user),
        serial=authorization.serial,
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


def _rights(firm: Firm) -> list[Right]:
    """Rights on `firm` of living authorizations whose holder still writes for it; what works first, newest first."""
    found = Right.objects.filter(
        firm=firm,
        authorization__ended_at=None,
        authorization__user__memberships__firm=firm,
        authorization__user__memberships__role__in=WRITERS,
    ).select_related("authorization", "authorization__user")
    order = [RightState.GRANTED, RightState.UNKNOWN, RightState.DENIED]
    newest = sorted(found, key=lambda right: right.authorization.authorized_at, reverse=True)
    return sorted(
        newest, key=lambda right: (order.index(RightState(right.state)), right.authorization.problem == Problem.DEAD)
    )


def _reason(firm: Firm, rights: list[Right], granted: list[Right]) -> tuple[Kind, str]:
    if not rights:
        return Kind.NOT_CONNECTED, f"{firm.name} nu este conectată la ANAF. Conectați-o din Integrări."
    if not granted and any(right.state == RightState.UNKNOWN for right in rights):
        return Kind.ANAF_UNWELL, "ANAF nu a răspuns încă dacă certificatul are drept pentru firmă. Întrebăm din nou."
    if not granted:
        return Kind.NO_RIGHT, f"Certificatul nu are drept în SPV pentru CUI-ul {firm.cui}. Cereți dreptul în SPV."
    if all(right.authorization.problem == Problem.DEAD for right in granted):
        return Kind.REAUTHORISE, "Accesul la ANAF a expirat. Reconectați-vă cu certificatul, din Integrări."
    return Kind.ANAF_UNWELL, "ANAF nu a răspuns la reînnoirea accesului. Încercăm din nou singuri."

"""The walk to ANAF and back. RFC 6749, authorization code grant; ANAF's habits in docs/anaf/oauth.md.

    start ──► logincert.anaf.ro (certificate, PIN) ──► arrive ──► connected
                                                          └─────► a diagnosis; nothing is kept

`state` is bound to session, person and firm, and serves once. A guest with the firm's link has no account: there the
invitation stands for the person, and the walk is for that firm alone; so is one by the firm's own application. A
connection exists only when ANAF grants a right: where this firm has none but another firm of the same person has, the
authorization is kept for that one (C10); where none has, the tokens are forgotten at once (C08, C09).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, MutableMapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from punte.anaf.errors import AnafError, Misconfigured, Reauthorise
from punte.anaf.oauth import Code, Denial, TokenPair, authorize_url, read_callback
from punte.web.accounts.models import User
from punte.web.config.anaf import hosts
from punte.web.firms.access import firm_for
from punte.web.firms.models import Firm

from . import applications, invitations, journal
from .applications import Application
from .causes import cause
from .invitations import Invitation
from .models import CONNECTED, Authorization, Crossing, Right, RightState
from .reserve import rank_for
from .rights import Answer, ask_all, discover, firms_to_ask

LIFETIME = timedelta(minutes=30)
AT_ONCE = timedelta(seconds=5)  # nobody chooses a certificate and types a PIN in less
CONSENT_LIFE = timedelta(days=365)  # of the refresh token; documented, 17.10.2024
LINK_CLOSED = "link-inchis"  # not of diagnoses.tsv: a guest alone sees it
SESSION_SECRET = "crossing-secret"  # noqa: S105 - the name of a key; the session's own key changes at sign-in


class Refused(Exception):
    """The walk ends here: `key` of diagnoses.tsv, and ANAF's words if it said any."""

    def __init__(self, key: str, anaf_text: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.anaf_text = anaf_text


def redirect_uri() -> str:
    """Exactly as registered at ANAF: never from the request's own host."""
    return settings.BASE_URL + reverse("connection:callback")


class CallbackDiffers(Refused):
    """ANAF would refuse: the callback registered there is not, to the letter, the one we would send."""

    def __init__(self, registered: str) -> None:
        super().__init__("T05-client")
        self.registered = registered


def start(
    session: MutableMapping[str, Any],
    user: User | None,
    firm: Firm,
    now: datetime,
    *,
    invitation: Invitation | None = None,
    guest: tuple[str, str] = ("", ""),
) -> str:
    """Note the walk down; the address at ANAF to send the browser to.

    invitation  instead of `user`: a guest's walk;  guest  then, name and e-mail

    Raises Refused when no application is set; CallbackDiffers.
    """
    application = applications.own(firm)
    if not applications.is_set(application):
        raise Refused("T05-client")
    registered = applications.registered_callback(application)
    if registered and registered != redirect_uri():
        raise CallbackDiffers(registered)
    secret = session.setdefault(SESSION_SECRET, secrets.token_urlsafe(32))
    state = secrets.token_urlsafe(32)
    Crossing.objects.create(
        state_hash=print_of(state),
        session_hash=print_of(secret),
        user=user,
        invitation=invitation,
        guest_name=guest[0],
        guest_email=guest[1],
        application=application,
        firm=firm,
        started_at=now,
    )
    client_id = applications.client_id(application)
    return authorize_url(hosts(), client_id=client_id, redirect_uri=redirect_uri(), state=state)


def arrive(params: Mapping[str, str], session: Mapping[str, Any], user: User | None, now: datetime) -> Crossing:
    """The walk with its `outcome`: CONNECTED, or the key of a diagnosis. Arriving again changes nothing.

    Raises Refused, with nothing written, for a `state` that is not of this person in this session;
    Http404 or PermissionDenied when the person no longer writes for the firm.
    """
    crossing = _recognise(params.get("state", ""), session, user)
    if crossing.user is not None:
        firm_for(crossing.user, crossing.firm_id, write=True)
    if Crossing.objects.filter(pk=crossing.pk, returned_at=None).update(returned_at=now) != 1:
        return _again(crossing)
    try:
        _walk(crossing, read_callback(params), now)
    except Refused as refused:
        crossing.outcome, crossing.anaf_text = refused.key, refused.anaf_text
        crossing.save(update_fields=["outcome", "anaf_text"])
        guest = journal.Guest(crossing.guest_name) if crossing.invitation else None
        journal.note(crossing.firm, journal.Kind.FAILED, now, crossing.user or guest, diagnosis=refused.key)
    return crossing


def _recognise(state: str, session: Mapping[str, Any], user: User | None) -> Crossing:
    found = Crossing.objects.filter(state_hash=print_of(state))
    crossing = found.select_related("user", "firm", "authorization", "invitation", "application").first()
    if crossing is None:
        raise Refused("C16-necunoscut")
    if crossing.invitation is None and crossing.user != user:
        raise Refused("C16-alt-cont")
    if not constant_time_compare(crossing.session_hash, print_of(session.get(SESSION_SECRET, ""))):
        raise Refused("C16-alta-sesiune")
    return crossing


def is_a_guests(params: Mapping[str, str]) -> bool:
    """Whether this return from ANAF ends a walk begun by a firm's link."""
    return Crossing.objects.filter(state_hash=print_of(params.get("state", "")), user=None).exists()


def _again(crossing: Crossing) -> Crossing:
    """A reload of the page of return: what it said before. One whose connection has ended since, or that another
    request is still walking, has been used."""
    crossing.refresh_from_db()
    if not crossing.outcome:
        raise Refused("C16-folosit")
    if crossing.outcome == CONNECTED and (crossing.authorization is None or crossing.authorization.ended_at):
        raise Refused("C16-folosit")
    return crossing


def _walk(crossing: Crossing, answer: Code | Denial, now: datetime) -> None:
    """Exchange at once (the code lives 60 seconds), ask for the rights, keep what was granted. Raises Refused."""
    if now - crossing.started_at > LIFETIME:
        raise Refused("C16-tarziu")
    if isinstance(answer, Denial):
        raise Refused(_why_denied(answer, crossing, now), answer.description or "")
    if crossing.invitation is not None and not Invitation.objects.open(now).filter(pk=crossing.invitation.pk).exists():
        raise Refused(LINK_CLOSED)
    pair = _exchange(answer, crossing.application)
    others: list[Firm] = []
    if crossing.user is not None and crossing.application is None:
        others = [firm for firm in firms_to_ask(crossing.user) if firm != crossing.firm]
    try:
        rights = ask_all(pair.access_token, [crossing.firm, *others], now, crossing.application)
    except (Reauthorise, Misconfigured) as error:  # a token of this minute is refused: it is the application
        raise Refused("T05", error.text) from error
    here = rights[crossing.firm]
    granted = any(answer.state is RightState.GRANTED for answer in rights.values())
    if here.state is RightState.DENIED and not granted:
        raise Refused(_why_without_right(here, crossing, pair.claims.serial or ""), here.text)
    outcome = "C10" if here.state is RightState.DENIED else CONNECTED
    _keep(crossing, pair, rights, outcome, now)


def _why_without_right(here: Answer, crossing: Crossing, serial: str) -> str:
    """Where another certificate of the same person had the right, the browser has likely sent the wrong one."""
    had = Right.objects.filter(firm=crossing.firm, authorization__user=crossing.user, state=RightState.GRANTED)
    if crossing.user and serial and had.exclude(authorization__serial__in=["", serial]).exists():
        return "C03"
    return "C09" if here.none_at_all else "C08"


def _exchange(answer: Code, application: Application | None) -> TokenPair:
    try:
        return applications.oauth(application).exchange(answer.code, redirect_uri=redirect_uri())
    except Reauthorise as error:
        raise Refused("C15", error.text) from error
    except Misconfigured as error:
        raise Refused("T05-client", error.text) from error
    except AnafError as error:  # whatever it is, the code is spent or dead
        raise Refused(cause(error) or "S01", error.text) from error


def _why_denied(denial: Denial, crossing: Crossing, now: datetime) -> str:
    """ANAF says `access_denied` for every cause: the time that passed and the past tell which is likely."""
    if denial.error in {"unauthorized_client", "invalid_client", "invalid_request"}:
        return "T05-client"
    if denial.error in {"server_error", "temporarily_unavailable"}:
        return "S01"
    if denial.error != "access_denied":
        return "S03"
    if now - crossing.started_at <= AT_ONCE:
        return "C01"
    if crossing.user is not None and crossing.user.authorizations.exists():
        return "C05"
    earlier = Crossing.objects.filter(user=crossing.user, invitation=crossing.invitation).exclude(pk=crossing.pk)
    return "C07" if earlier.filter(outcome__in=["C04", "C07"]).exists() else "C04"


def _keep(crossing: Crossing, pair: TokenPair, rights: Mapping[Firm, Answer], outcome: str, now: datetime) -> None:
    """Authorization, rights and outcome in one transaction; an older consent by the same certificate ends here."""
    serial = pair.claims.serial or ""
    served = next((firm for firm, answer in rights.items() if answer.state is RightState.GRANTED), None)
    companies = []
    if served and crossing.user:  # a guest's companies stay with the guest
        companies = discover(pair.access_token, served, now, crossing.application)
    with transaction.atomic():
        if crossing.invitation is not None and not invitations.use(
            crossing.invitation, now, name=crossing.guest_name, email=crossing.guest_email
        ):
            raise Refused(LINK_CLOSED)
        authorization = Authorization.objects.create(
            user=crossing.user,
            invitation=crossing.invitation,
            application=crossing.application,
            serial=serial,
            issuer=(pair.claims.issuer or "")[:200],
            roles=list(pair.claims.roles),
            companies=companies,
            access_token=pair.access_token,
            refresh_token=pair.refresh_token,
            access_expires_at=pair.expires_at,
            authorized_at=now,
            renewal_due_at=now + CONSENT_LIFE,
        )
        for firm, answer in rights.items():
            authorization.rights.create(
                firm=firm,
                state=answer.state,
                anaf_text=answer.text,
                checked_at=None if answer.state is RightState.UNKNOWN else now,
                granted_at=now if answer.state is RightState.GRANTED else None,
                rank=rank_for(firm, authorization),
            )
            if answer.state is RightState.GRANTED:
                serial = authorization.short_serial
                journal.note(firm, journal.Kind.CONNECTED, now, authorization.actor, serial=serial)
        for older in _replaced_by(authorization):
            authorization.certificate_until = authorization.certificate_until or older.certificate_until
            older.end(now)
        authorization.save(update_fields=["certificate_until"])
        crossing.outcome, crossing.authorization = outcome, authorization
        crossing.save(update_fields=["outcome", "authorization"])


def _replaced_by(authorization: Authorization) -> list[Authorization]:
    """Older consents by the same holder, certificate and application: of a guest, those for the same firm."""
    older = Authorization.objects.live().filter(
        user=authorization.user, serial=authorization.serial, application=authorization.application
    )
    if authorization.invitation is not None:
        older = older.filter(invitation__firm=authorization.invitation.firm_id)
    return list(older.exclude(pk=authorization.pk)) if authorization.serial else []


def print_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

"""The identity provider's books: applications, sessions, codes, refresh tokens; and the token endpoint (RFC 6749)."""

import base64
import binascii
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from . import jwt
from .answers import json_of

if TYPE_CHECKING:
    from .world import World

CODE_LIFE = timedelta(seconds=60)
SESSION_LIFE = timedelta(minutes=15)
REFRESH_LIFE = timedelta(minutes=525_600)  # 365 days
MOST_SESSIONS = 1_000
MOST_BODY = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Session:
    """A browser between authorize and its decision."""

    client_id: str
    redirect_uri: str
    state: str | None
    jwt: bool
    started: datetime
    query: str  #: of authorize, to begin again elsewhere
    serial: str | None = None  #: of the certificate that was accepted; None: not yet
    nonce: str = ""  #: leads the accepted browser back to authorize, once

    def asks(self, redirect_uri: str, state: str | None) -> bool:
        """Whether this is the session of that authorisation."""
        return (self.redirect_uri, self.state) == (redirect_uri, state)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a code or a refresh token stands for."""

    client_id: str
    redirect_uri: str
    serial: str
    jwt: bool
    authorised: datetime  #: when the person chose the certificate
    issued: datetime


@dataclass(frozen=True)
class TokenError(Exception):
    """RFC 6749, 5.2. ANAF answers 400 to all of them."""

    error: str
    description: str


class Desk:
    """One application, its callbacks, and everything handed out to it."""

    def __init__(self, client_id: str, client_secret: str, callbacks: Collection[str]) -> None:
        self.client_id, self.client_secret = client_id, client_secret
        self.callbacks: set[str] = set()
        self.sessions: dict[str, Session] = {}
        self.codes: dict[str, Grant] = {}
        self.refresh: dict[str, Grant] = {}
        self.retired: set[str] = set()
        self.changed: set[str] = set()  #: refresh tokens given or retired since the state was last kept
        for uri in callbacks:
            self.register(uri)

    def register(self, redirect_uri: str) -> None:
        """Register a callback. ANAF takes https alone; here plain http to this machine is taken too.

        Raises ValueError for anything else.
        """
        parts = urlsplit(redirect_uri)
        local = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
        if not ((parts.scheme == "https" and parts.hostname) or local) or parts.fragment:
            raise ValueError(f"{redirect_uri!r}: a callback is https, or http to localhost or 127.0.0.1, no fragment")
        self.callbacks.add(redirect_uri)

    def open_session(self, session: Session) -> str:
        while len(self.sessions) >= MOST_SESSIONS:
            del self.sessions[next(iter(self.sessions))]
        key = secrets.token_hex(16)
        self.sessions[key] = session
        return key

    def session(self, key: str, now: datetime) -> Session | None:
        session = self.sessions.get(key)
        return session if session and now - session.started < SESSION_LIFE else None

    def accept(self, key: str, serial: str) -> tuple[str, str]:
        """The certificate `serial` was accepted: the session goes on under another key, with a nonce."""
        accepted = replace(self.sessions.pop(key), serial=serial, nonce=secrets.token_hex(16))
        return self.open_session(accepted), accepted.nonce

    def grant_code(self, session: Session, serial: str, now: datetime) -> str:
        """A code for the certificate `serial`, which `session` accepted."""
        code = secrets.token_hex(32)
        self.codes = {old: grant for old, grant in self.codes.items() if now - grant.issued < CODE_LIFE}
        self.codes[code] = Grant(
            client_id=session.client_id,
            redirect_uri=session.redirect_uri,
            serial=serial,
            jwt=session.jwt,
            authorised=now,
            issued=now,
        )
        return code

    def redeem_code(self, code: str, redirect_uri: str, now: datetime) -> Grant:
        """The code's grant; the code is spent, whatever the outcome. Raises TokenError."""
        grant = self.codes.pop(code, None)
        if grant is None or not timedelta(0) <= now - grant.issued < CODE_LIFE:
            raise TokenError("invalid_request", "The authorization code is unknown, used or older than 60 seconds")
        if grant.redirect_uri != redirect_uri:
            raise TokenError("invalid_request", "redirect_uri differs from the one of the authorization")
        return grant

    def redeem_refresh(self, token: str, now: datetime, *, strict: bool) -> Grant:
        """The refresh token's grant; strictly, the token is dead from now on. Raises TokenError."""
        grant = self.refresh.get(token)
        if grant is None or (strict and token in self.retired):
            raise TokenError("invalid_grant", "Refresh Token status is revoked")
        if now - grant.issued >= REFRESH_LIFE:
            raise TokenError("invalid_grant", "Refresh Token status is expired")
        self.retired.add(token)
        self.changed.add(token)
        return grant

    def keep(self, grant: Grant) -> str:
        token = secrets.token_urlsafe(48)
        self.refresh[token] = grant
        self.changed.add(token)
        return token


async def token(request: Request) -> Response:
    """POST /anaf-oauth2/v1/token: by code or refresh token; credentials as Basic or in the form."""
    world: World = request.app.state.world
    entry = request.scope["entry"]
    body = await request.body()
    form = dict(parse_qsl(body.decode("utf-8", "replace"))) if len(body) <= MOST_BODY else {}
    try:
        with world.lock:
            answer = _token(world, form, request.headers.get("authorization", ""))
    except TokenError as error:
        entry.outcome = f"{error.error}: {error.description}"
        return json_of({"error": error.error, "error_description": error.description}, 400)
    entry.outcome = f"token by {form['grant_type']}"
    return json_of(answer)


def _token(world: "World", form: dict[str, str], authorization: str) -> dict[str, object]:
    desk, now, settings = world.desk, world.clock.now(), world.settings
    if _credentials(form, authorization) != (desk.client_id, desk.client_secret):
        raise TokenError("invalid_client", "Client authentication failed")
    match form.get("grant_type"):
        case "authorization_code":
            if not form.get("code"):
                raise TokenError("invalid_request", "code is missing")
            grant = desk.redeem_code(form["code"], form.get("redirect_uri", ""), now)
            as_jwt, issued = grant.jwt and form.get("token_content_type") == "jwt", now
        case "refresh_token":
            if not form.get("refresh_token"):
                raise TokenError("invalid_request", "refresh_token is missing")
            grant = desk.redeem_refresh(form["refresh_token"], now, strict=settings.strict_rotation)
            as_jwt, issued = grant.jwt, now if settings.sliding_refresh else grant.issued
        case None:
            raise TokenError("invalid_request", "grant_type is missing")
        case _:
            raise TokenError("unsupported_grant_type", "Use authorization_code or refresh_token")
    holder = world.holder(grant.serial)
    if holder is None:
        raise TokenError("invalid_grant", "Refresh Token status is revoked")
    kept = Grant(
        client_id=grant.client_id,
        redirect_uri=grant.redirect_uri,
        serial=grant.serial,
        jwt=as_jwt,
        authorised=grant.authorised,
        issued=issued,
    )
    # Without token_content_type=jwt an opaque token is issued, which the gateway of e-Factura does not read.
    papers = settings.as_in_papers
    access = secrets.token_hex(32)
    if as_jwt:
        access = jwt.issue(holder, grant.client_id, world.authority, now, as_in_papers=papers)
    return {
        "access_token": access,
        "refresh_token": desk.keep(kept),
        "token_type": "Bearer",
        "expires_in": jwt.ACCESS_SECONDS,
    }


def _credentials(form: dict[str, str], authorization: str) -> tuple[str, str]:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return unquote_plus(name), unquote_plus(secret)
    return form.get("client_id", ""), form.get("client_secret", "")

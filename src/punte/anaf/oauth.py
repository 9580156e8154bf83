"""The authorisation of a certificate: RFC 6749's authorization code grant. Source: docs/anaf/oauth.md.

A person opens `authorize_url` in the browser, ANAF asks for the certificate and its PIN, and sends the browser to our
callback with a code; the code becomes a pair of tokens within 60 seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from punte.anaf.body import Kind, Unreadable, kind_of, read_json, sentence
from punte.anaf.channel import Channel, Reply, Timeouts
from punte.anaf.claims import Claims, read_claims
from punte.anaf.errors import AnafError, Declined, LimitScope, Misconfigured, Reauthorise, Unwell
from punte.anaf.hosts import Hosts
from punte.anaf.sentences import gate, limited

__all__ = ["Claims", "Code", "Denial", "OAuth", "TokenPair", "authorize_url", "hello", "read_callback", "read_claims"]

#: Life of an access token, for an answer that does not say it. Documented, 17.10.2024.
ACCESS_LIFE = timedelta(minutes=129_600)

_DEAD_GRANT = {"invalid_grant", "invalid_request", "id_not_found"}
_WRONG_CLIENT = {"invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope"}


@dataclass(frozen=True, slots=True)
class TokenPair:
    """Both tokens are secrets, and are not printed. `expires_at`: of the access token, aware, UTC.

    A refresh gives a new pair: store both in one transaction before using either.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    claims: Claims


@dataclass(frozen=True, slots=True)
class Code:
    """The person agreed. `state` is for the caller to compare with the one it gave."""

    code: str = field(repr=False)
    state: str | None


@dataclass(frozen=True, slots=True)
class Denial:
    """ANAF sent the person back without a code.

    error        ANAF's word, `access_denied` for every cause seen so far; `no_code` (ours) when nothing came at all
    description  ANAF's, when it gives one
    """

    error: str
    description: str | None
    state: str | None


def authorize_url(hosts: Hosts, *, client_id: str, redirect_uri: str, state: str) -> str:
    """Where to send the person's browser. `redirect_uri` exactly as registered; ANAF echoes `state`."""
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "token_content_type": "jwt",  # without it ANAF issues an opaque token
        "state": state,
    }
    return f"{hosts.authorize or hosts.login}/anaf-oauth2/v1/authorize?{urlencode(query)}"


def read_callback(params: Mapping[str, str]) -> Code | Denial:
    """The query with which ANAF sent the browser back. An error outweighs a code."""
    state = params.get("state") or None
    code, error = params.get("code"), params.get("error")
    if code and not error:
        return Code(code, state)
    return Denial(error or "no_code", params.get("error_description") or None, state)


class OAuth:
    """The token endpoint, for one application of ours. Each call is made once.

    Raises NotSent, ReplyLost (the grant may have been used: keep the previous refresh token, try it once more; a lost
    exchange needs a new authorisation), Unwell, Reauthorise, Misconfigured, RateLimited, Declined.
    """

    def __init__(self, hosts: Hosts, client_id: str, client_secret: str, *, timeouts: Timeouts | None = None) -> None:
        self._hosts = hosts
        self._client = (client_id, client_secret)
        self._timeouts = timeouts

    def exchange(self, code: str, *, redirect_uri: str) -> TokenPair:
        """A code for a pair, within 60 seconds of the start of the authorisation."""
        return self._token(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "token_content_type": "jwt",
            }
        )

    def refresh(self, refresh_token: str) -> TokenPair:
        """A new pair; assume the old refresh token dead. Not twice at a time for one pair."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "token_content_type": "jwt"}
        return self._token(form, previous=refresh_token)

    def _token(self, form: dict[str, str], previous: str | None = None) -> TokenPair:
        with Channel(self._hosts, self._timeouts) as channel:
            reply = channel.send("POST", f"{self._hosts.login}/anaf-oauth2/v1/token", form=form, basic=self._client)
        try:
            answer = read_json(reply.body)
        except Unreadable:
            answer = {}
        if reply.status != 200 or "error" in answer:
            raise _refusal(reply, str(answer.get("error", "")))
        access, refresh = answer.get("access_token"), answer.get("refresh_token") or previous
        if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
            if kind_of(reply.body) is Kind.HTML:
                raise Unwell(f"HTTP 200: {sentence(reply.body)}", reply.body)
            raise Unwell("HTTP 200: no tokens in the answer")  # the body is not kept: it may hold half of a pair
        claims = read_claims(access)
        return TokenPair(access, refresh, _expiry(answer.get("expires_in"), claims, reply.received_at), claims)


def _expiry(expires_in: object, claims: Claims, now: datetime) -> datetime:
    try:
        return now + timedelta(seconds=int(str(expires_in)))
    except (ValueError, OverflowError):
        return claims.expires_at or now + ACCESS_LIFE


def _refusal(reply: Reply, error: str) -> AnafError:
    """A refusal of the token endpoint: JSON with `error` (RFC 6749, 5.2), or an unwell page."""
    said = sentence(reply.body)
    text = f"{error}: {said}" if error and said != error else error or f"HTTP {reply.status}: {said}".rstrip(": ")
    if error in _DEAD_GRANT:
        return Reauthorise(text, reply.body)
    if error in _WRONG_CLIENT:
        return Misconfigured(text, reply.body)
    if reply.status == 429:
        return limited(text, LimitScope.MINUTE, reply)
    if error and reply.status < 500:
        return Declined(text, known=False, body=reply.body)
    if reply.status in (401, 403, 404) or 300 <= reply.status < 400:
        return Misconfigured(text, reply.body)
    return Unwell(text, reply.body)


def hello(hosts: Hosts, access_token: str, *, timeouts: Timeouts | None = None) -> bool:
    """Is this token alive? True or False; says nothing of rights in e-Factura.

    The answer echoes the token, so its body is read and dropped, never kept in an error.
    Raises NotSent, Unwell, Misconfigured, RateLimited.
    """
    with Channel(hosts, timeouts, bearer=access_token) as channel:
        reply = channel.ask("GET", f"{hosts.api}/TestOauth/jaxrs/hello", params={"name": "punte"})
    error = gate(replace(reply, body=b""), "")
    if isinstance(error, Reauthorise):
        return False
    if error is not None:
        raise error
    if reply.status != 200 or kind_of(reply.body) is not Kind.TEXT or not reply.body.lstrip().startswith(b"Hello"):
        raise Unwell(f"HTTP {reply.status}: TestOauth did not greet")
    return True

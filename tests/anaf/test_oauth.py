from base64 import b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from anaf.server import Answer
from punte.anaf.errors import Declined, Misconfigured, NotSent, RateLimited, Reauthorise, ReplyLost, Unwell
from punte.anaf.hosts import Hosts
from punte.anaf.oauth import Code, Denial, OAuth, authorize_url, hello, read_callback

CALLBACK = "https://facturi.example.ro/anaf/callback"


@pytest.fixture
def oauth(hosts):
    return OAuth(hosts, "client-id", "client-secret")


def test_the_browser_is_sent_with_a_state_and_asks_for_a_jwt():
    url = urlsplit(authorize_url(Hosts.named("prod"), client_id="id", redirect_uri=CALLBACK, state="a&b"))
    assert (url.netloc, url.path) == ("logincert.anaf.ro", "/anaf-oauth2/v1/authorize")
    assert parse_qs(url.query) == {
        "response_type": ["code"],
        "client_id": ["id"],
        "redirect_uri": [CALLBACK],
        "token_content_type": ["jwt"],
        "state": ["a&b"],
    }


def test_the_browser_may_reach_the_identity_provider_by_another_address(anaf):
    hosts = anaf.hosts(authorize="https://localhost:9443")
    assert authorize_url(hosts, client_id="id", redirect_uri=CALLBACK, state="s").startswith("https://localhost:9443/")


@pytest.mark.parametrize(
    ("params", "value"),
    [
        ({"code": "c", "state": "s"}, Code("c", "s")),
        ({"code": "c"}, Code("c", None)),
        ({"error": "access_denied", "state": "s"}, Denial("access_denied", None, "s")),
        ({"error": "x", "error_description": "why", "code": "c"}, Denial("x", "why", None)),  # an error outweighs
        ({"state": "s"}, Denial("no_code", None, "s")),
        ({"code": ""}, Denial("no_code", None, None)),
    ],
)
def test_the_callback_is_a_code_or_a_denial(params, value):
    assert read_callback(params) == value


def test_a_code_becomes_a_pair(anaf, oauth, wire):
    anaf.answer(Answer(wire("token-ok.json"), content_type="application/json"))
    pair = oauth.exchange("the-code", redirect_uri=CALLBACK)
    (request,) = anaf.requests
    assert (request.method, request.path) == ("POST", "/anaf-oauth2/v1/token")
    assert request.headers["Authorization"] == "Basic " + b64encode(b"client-id:client-secret").decode()
    assert dict(parse_qsl(request.body.decode())) == {
        "grant_type": "authorization_code",
        "code": "the-code",
        "redirect_uri": CALLBACK,
        "token_content_type": "jwt",
    }
    assert pair.refresh_token == "sample-refresh-token-1"
    assert pair.claims.serial == "22:10:70:1e:50:c9:0f:3a"
    ninety_days = timedelta(seconds=7_776_000)
    assert abs(pair.expires_at - datetime.now(UTC) - ninety_days) < timedelta(seconds=10)


def test_a_refresh_gives_a_new_pair(anaf, oauth, wire):
    anaf.answer(wire("token-refreshed.json"))
    assert oauth.refresh("sample-refresh-token-1").refresh_token == "sample-refresh-token-2"
    assert dict(parse_qsl(anaf.requests[0].body.decode()))["grant_type"] == "refresh_token"


def test_a_refresh_that_names_no_new_token_keeps_the_old(anaf, oauth):
    anaf.answer(b'{"access_token": "opaque", "token_type": "Bearer"}')
    pair = oauth.refresh("kept")
    assert pair.refresh_token == "kept"
    assert pair.expires_at - datetime.now(UTC) > timedelta(days=89)  # documented life: 90 days


def test_neither_the_pair_nor_the_code_prints_its_secret(anaf, oauth, wire):
    anaf.answer(wire("token-ok.json"))
    pair = oauth.exchange("the-code", redirect_uri=CALLBACK)
    shown = repr(pair) + repr(Code("the-code", "s"))
    assert pair.access_token not in shown
    assert pair.refresh_token not in shown
    assert "the-code" not in shown


@pytest.mark.parametrize(
    ("answer", "error", "text"),
    [
        (("token-error.json", 400), Misconfigured, "invalid_client: (text not recorded)"),
        (("token-error.json", 401), Misconfigured, "invalid_client: (text not recorded)"),  # RFC 6749, 5.2
        (("token-error-code.json", 400), Reauthorise, "invalid_request: (text not recorded)"),
        (("token-error-refresh-expired.json", 400), Reauthorise, "invalid_grant: Refresh Token status is expired"),
        ((b'{"error":"id_not_found"}', 404), Reauthorise, "id_not_found"),
        ((b'{"error":"unsupported_grant_type"}', 400), Misconfigured, "unsupported_grant_type"),
        ((b'{"error":"brand_new"}', 400), Declined, "brand_new"),
        ((b"", 302), Misconfigured, "HTTP 302"),  # a path the identity provider does not have
        ((b"", 429), RateLimited, "HTTP 429"),
        (("outage-503.html", 503), Unwell, "HTTP 503: 503 Service Unavailable"),
        (("waf-block.html", 200), Unwell, "HTTP 200: Request Rejected"),
        ((b"", 200), Unwell, "HTTP 200: no tokens in the answer"),
        ((b'{"token_type":"Bearer"}', 200), Unwell, "HTTP 200: no tokens in the answer"),
        ((b'{"access_token":"s3cret"', 200), Unwell, "HTTP 200: no tokens in the answer"),
    ],
)
def test_a_refusal_says_who_must_act(anaf, oauth, wire, answer, error, text):
    body, status = answer
    anaf.answer(Answer(wire(body) if isinstance(body, str) else body, status=status))
    with pytest.raises(error) as caught:
        oauth.refresh("old")
    assert type(caught.value) is error
    assert caught.value.text == text
    assert b"s3cret" not in caught.value.body
    if isinstance(body, str):
        assert caught.value.body == wire(body)  # its page, for the dossier


def test_a_lost_answer_leaves_the_grant_in_doubt(anaf, oauth):
    anaf.answer("close")
    with pytest.raises(ReplyLost):
        oauth.refresh("old")
    assert len(anaf.requests) == 1


def test_a_refresh_that_never_left_is_told_apart(anaf, oauth):
    anaf.stop()
    with pytest.raises(NotSent):
        oauth.refresh("old")


def test_hello_tells_a_living_token(anaf, hosts, wire):
    anaf.answer(Answer(wire("hello.txt"), content_type="text/plain"))
    assert hello(hosts, "token") is True
    assert anaf.requests[0].path == "/TestOauth/jaxrs/hello"


def test_hello_tells_a_dead_token(anaf, hosts, wire):
    anaf.answer(Answer(wire("unauthorized-401.json"), status=401))
    assert hello(hosts, "token") is False


@pytest.mark.parametrize(("status", "error"), [(403, Misconfigured), (500, Unwell), (200, Unwell), (429, RateLimited)])
def test_hello_keeps_the_echoed_token_out_of_its_errors(anaf, hosts, status, error):
    anaf.answer(Answer(b"headers=key=Authorization val=[Bearer s3cret]", status=status))
    with pytest.raises(error) as caught:
        hello(hosts, "s3cret")
    assert "s3cret" not in str(caught.value)
    assert b"s3cret" not in caught.value.body

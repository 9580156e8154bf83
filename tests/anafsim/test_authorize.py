"""From authorize to the callback: what the certificate decides, and what the application hears."""

from collections.abc import Callable

import httpx2
import pytest

from punte.anafsim import Simulator

from .conftest import CALLBACK, Visitor, came_back

Visit = Callable[..., Visitor]


@pytest.mark.parametrize(
    ("certificate", "outcome"),
    [
        ("ilinca", "code"),
        ("fara-drept", "code"),  # rights are asked per company later; enrolment is all that counts here
        ("neinrolat", "error"),
        ("reinnoit", "error"),  # the same person's new serial, which SPV does not know
    ],
)
def test_the_certificate_that_tls_proved_decides(visit: Visit, certificate: str, outcome: str) -> None:
    back = came_back(visit(certificate).authorize())
    assert outcome in back
    assert back["state"] == "abc"
    assert back.get("error", "access_denied") == "access_denied"


def test_authorize_opens_a_session_and_sends_to_the_policy(sim: Simulator, visit: Visit) -> None:
    query = {"response_type": "code", "client_id": sim.client_id, "redirect_uri": CALLBACK}
    answer = visit().http.get(f"{sim.login}/anaf-oauth2/v1/authorize", params=query)
    assert (answer.status_code, answer.headers["location"]) == (302, "/my.policy")
    assert answer.headers["server"] == "BigIP"
    assert "MRHSession" in answer.cookies


def test_the_steps_are_those_of_the_f5(sim: Simulator, visit: Visit) -> None:
    """authorize, /my.policy, /my.policy_nonce, authorize, the callback; MRHSession is rewritten on the way."""
    http, query = visit("ilinca").http, {"response_type": "code", "client_id": sim.client_id, "redirect_uri": CALLBACK}
    answer = http.get(f"{sim.login}/anaf-oauth2/v1/authorize", params=query)
    assert {"MRHSession", "LastMRH_Session", "F5_ST"} == set(answer.cookies)
    assert answer.headers["connection"] == "close"
    first = answer.cookies["MRHSession"]
    answer = http.get(sim.login + answer.headers["location"])
    assert answer.headers["location"].startswith("/my.policy_nonce?nonce=")
    assert answer.cookies["MRHSession"] != first
    nonce = sim.login + answer.headers["location"]
    answer = http.get(nonce)
    assert answer.headers["location"].startswith("/anaf-oauth2/v1/authorize?response_type=code")
    assert http.get(nonce).headers["location"] == "/vdesk/hangup.php3"  # it serves once
    answer = http.get(sim.login + answer.headers["location"])
    assert answer.headers["location"].startswith(CALLBACK + "?code=")


def test_a_browser_that_is_remembered_is_not_asked_again(sim: Simulator, visit: Visit) -> None:
    visitor = visit()
    visitor.control("POST", "/settings", {"session_reuse": True})
    visitor.authorize()
    assert "code" in came_back(_choose(visitor, sim.login, certificate="ilinca", pin="1234"))
    assert came_back(visitor.authorize(state="next"))["state"] == "next"  # no page, no PIN


def test_without_state_none_is_echoed(visit: Visit) -> None:
    assert list(came_back(visit("ilinca").authorize(state=""))) == ["code"]  # parse_qs leaves out the empty one


@pytest.mark.parametrize("door", ["login", "door"])
def test_without_a_certificate_one_is_chosen_on_a_page(sim: Simulator, visit: Visit, door: str) -> None:
    visitor, base = visit(), getattr(sim, door)
    page = visitor.authorize(base)
    assert page.status_code == 200
    assert "SIMULATOR. Acesta NU este ANAF." in page.text
    assert ("Folosiți certificatul din browser" in page.text) == (door == "door")
    answer = _choose(visitor, base, certificate="ilinca", pin="1234")
    assert "code" in came_back(answer)


@pytest.mark.parametrize(
    "form",
    [
        {"certificate": "neinrolat", "pin": "1234"},
        {"certificate": "reinnoit", "pin": "1234"},
        {"certificate": "none", "pin": "1234"},
        {"certificate": "ilinca", "pin": "", "action": "cancel"},
    ],
    ids=["not enrolled", "renewed", "no certificate", "cancelled PIN"],
)
def test_the_page_has_the_same_refusals(sim: Simulator, visit: Visit, form: dict[str, str]) -> None:
    visitor = visit()
    visitor.authorize(sim.door)
    assert came_back(_choose(visitor, sim.door, **form)) == {"error": "access_denied", "state": "abc"}


def test_a_window_closed_breaks_the_connection(sim: Simulator, visit: Visit) -> None:
    visitor = visit()
    visitor.authorize(sim.door)
    with pytest.raises(httpx2.TransportError):
        _choose(visitor, sim.door, action="break")


def test_three_wrong_pins_block_the_certificate_until_it_is_unblocked(sim: Simulator, visit: Visit) -> None:
    visitor = visit()
    visitor.authorize(sim.door)
    told = [_choose(visitor, sim.door, certificate="ilinca", pin="0000").text for _ in range(3)]
    assert "Mai aveți 2 încercări." in told[0]
    assert "Mai aveți o încercare." in told[1]
    assert "blocat după trei încercări greșite" in told[2]
    right = _choose(visitor, sim.door, certificate="ilinca", pin="1234")
    assert "blocat" in right.text  # the right PIN comes too late
    _choose(visitor, sim.door, certificate="ilinca", action="unblock")
    assert "code" in came_back(_choose(visitor, sim.door, certificate="ilinca", pin="1234"))


@pytest.mark.parametrize(
    "redirect_uri",
    [CALLBACK + "/", CALLBACK + "?a=1", CALLBACK.upper(), "https://evil.example/anaf/callback", ""],
)
def test_a_callback_matches_to_the_letter_or_gets_nothing(visit: Visit, redirect_uri: str) -> None:
    answer = visit("ilinca").authorize(redirect_uri=redirect_uri)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "Adresa de întoarcere nu este înregistrată" in answer.text


def test_an_unknown_application_gets_a_page_and_no_redirect(visit: Visit) -> None:
    answer = visit("ilinca").authorize(client_id="0" * 48)
    assert (answer.status_code, "location" in answer.headers) == (400, False)


def test_what_came_is_escaped_on_the_page(visit: Visit) -> None:
    answer = visit().authorize(redirect_uri="https://x/<script>")
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


@pytest.mark.parametrize("path", ["/anaf-oauth2/v1/revoke", "/anything"])
def test_revoke_and_unknown_paths_lead_to_the_policy_and_hang_up(sim: Simulator, visit: Visit, path: str) -> None:
    visitor = visit("ilinca")
    answer = visitor.http.post(sim.login + path)
    assert (answer.status_code, answer.headers["location"]) == (302, "/my.policy")
    answer = visitor.http.get(sim.login + "/my.policy")  # no session was ever opened
    assert (answer.status_code, answer.headers["location"]) == (302, "/vdesk/hangup.php3")
    assert "Sesiunea s-a încheiat" in visitor.http.get(sim.login + "/vdesk/hangup.php3").text


def test_a_session_does_not_wait_for_ever(sim: Simulator, visit: Visit) -> None:
    visitor = visit()
    visitor.authorize(sim.door)
    visitor.advance(15 * 60)
    with pytest.raises(httpx2.TransportError):
        _choose(visitor, sim.door, certificate="ilinca", pin="1234")
    assert visitor.http.get(f"{sim.door}/my.policy").headers["location"] == "/vdesk/hangup.php3"


def _choose(visitor: Visitor, base: str, **form: str) -> httpx2.Response:
    return visitor.led(visitor.http.post(f"{base}/my.policy", data={"action": "continue"} | form))

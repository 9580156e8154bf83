"""The control interface: what can be asked of it, and what it refuses."""

from typing import Any

import httpx2
import pytest

from punte.anafsim import Simulator

from .conftest import CALLBACK, PFA, Visitor, invoice


def test_the_world_shows_clock_settings_holders_and_companies(sim: Simulator) -> None:
    world = httpx2.get(f"{sim.control}/world").json()
    assert world["callbacks"] == [CALLBACK]
    assert world["settings"]["limit_download"] == 10
    rights = {one["name"]: (one["enrolled"], one["cifs"]) for one in world["holders"]}
    assert rights["ilinca"] == (True, ["19283749", PFA])
    assert rights["neinrolat"] == rights["reinnoit"] == (False, [])
    assert {"cui": PFA, "name": "DOBRE ILINCA PERSOANĂ FIZICĂ AUTORIZATĂ"} in world["companies"]


def test_the_ledger_can_be_read_from_a_number_on(ilinca: Visitor) -> None:
    calls = ilinca.control("GET", "/ledger")["calls"]
    assert [call["path"] for call in calls] == [
        "/anaf-oauth2/v1/authorize",
        "/my.policy",
        "/my.policy_nonce",
        "/anaf-oauth2/v1/authorize",
        "/anaf-oauth2/v1/token",
    ]
    assert [call["outcome"] for call in calls] == [
        "session opened",
        "accepted ilinca",
        "",
        "code for ilinca",
        "token by authorization_code",
    ]
    ilinca.upload(invoice())
    [last] = ilinca.control("GET", f"/ledger?after={calls[-1]['number']}")["calls"]
    assert (last["door"], last["cif"]) == ("api", PFA)


@pytest.mark.parametrize(
    ("uri", "accepted"),
    [
        ("https://facturi.example.ro/anaf/callback", True),
        ("http://localhost:8000/anaf/callback", True),  # ANAF would refuse it
        ("http://127.0.0.1:8000/anaf/callback", True),
        ("http://example.ro/anaf/callback", False),
        ("https:///anaf/callback", False),
        ("javascript:alert(1)", False),
        ("https://example.ro/#fragment", False),
    ],
)
def test_callbacks_are_https_or_of_this_machine(sim: Simulator, uri: str, accepted: bool) -> None:
    answer = httpx2.post(f"{sim.control}/callbacks", json={"callbacks": [uri]})
    assert answer.status_code == (200 if accepted else 400)
    assert (uri in httpx2.get(f"{sim.control}/world").json()["callbacks"]) == accepted


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("/clock", {"advance": "1"}, '{"advance": seconds} is expected'),
        ("/clock", {"advance": 1e12}, "cannot be moved further than ten years"),
        ("/clock", {"advance": 10**400}, "further than ten years"),
        ("/settings", {"processing": 1e300}, "from 0 to"),
        ("/settings", {"procesing": 1}, "the settings are: processing, listing_lag"),
        ("/settings", {"processing": -1}, "processing is of type float, from 0 to 1000000000"),
        ("/settings", {"strict_rotation": 1}, "strict_rotation is of type bool"),
        ("/callbacks", ["x"], '{"callbacks": ["https://…"]} is expected'),
        ("/rights", {"certificate": "nimeni", "cifs": []}, "no certificate is called 'nimeni'"),
        ("/rights", {"certificate": "ilinca", "cifs": ["RO1"]}, "each of cifs is a string of digits"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(sim: Simulator, path: str, value: Any, told: str) -> None:
    answer = httpx2.post(sim.control + path, json=value)
    assert answer.status_code == 400
    assert told in answer.json()["error"]


def test_a_page_in_the_browser_cannot_command_it(sim: Simulator) -> None:
    """A web page may post text/plain anywhere, and may resolve its own name to 127.0.0.1: both are refused."""
    assert httpx2.post(f"{sim.control}/clock", content=b'{"advance": 1}').status_code == 415
    assert httpx2.get(f"{sim.control}/world", headers={"Host": "evil.example"}).status_code == 400


def test_a_long_or_broken_body_is_refused(sim: Simulator) -> None:
    headers = {"Content-Type": "application/json"}
    assert httpx2.post(f"{sim.control}/faults", content=b" " * 70_000, headers=headers).status_code == 413
    assert httpx2.post(f"{sim.control}/faults", content=b"{", headers=headers).status_code == 400
    assert httpx2.post(f"{sim.control}/clock", content=b'{"advance": NaN}', headers=headers).status_code == 400
    assert httpx2.post(f"{sim.control}/faults", content=b"\xff", headers=headers).status_code == 400
    assert httpx2.post(f"{sim.control}/faults", content=b"[" * 60_000, headers=headers).status_code == 400


def test_a_right_withdrawn_is_felt_at_the_next_call(ilinca: Visitor) -> None:
    ilinca.control("POST", "/rights", {"certificate": "ilinca", "cifs": ["19283749"]})
    assert f"Nu aveti drept in SPV pentru CIF={PFA}" in ilinca.upload(invoice()).text
    ilinca.control("POST", "/rights", {"certificate": "ilinca", "cifs": [PFA]})
    assert 'ExecutionStatus="0"' in ilinca.upload(invoice()).text


def test_a_reset_forgets_everything(ilinca: Visitor) -> None:
    ilinca.upload(invoice())
    ilinca.advance(1000)
    ilinca.control("POST", "/faults", {"kind": "slow", "seconds": 60})
    ilinca.control("POST", "/reset", {})
    assert ilinca.control("GET", "/ledger") == {"calls": [], "filed": []}
    assert 'index_incarcare="5000000000"' in ilinca.upload(invoice()).text


def test_hello_greets_and_prints_the_headers_of_the_gateway(ilinca: Visitor) -> None:
    url = f"{ilinca.sim.api}/TestOauth/jaxrs/hello"
    answer = ilinca.http.get(url, params={"name": "valoare"}, headers=ilinca.headers)
    first, second = answer.text.splitlines()
    assert first == "Hello, valoare"
    assert second.startswith("headers=key=Accept val=[*/*] key=Accept-Encoding val=[")
    serial = bytes.fromhex(ilinca.sim.certificate("ilinca").serial).hex(":")
    assert f"key=serial_certificate val=[{serial}] key=session-id val=[" in second
    assert answer.headers["content-type"].startswith("text/plain")

"""Bad days: what the caller sees, and what was really filed."""

import time
from typing import Any

import httpx2
import pytest

from punte.anafsim import Simulator

from .conftest import PFA, Visitor, invoice


def test_a_lost_reply_was_filed(ilinca: Visitor) -> None:
    go_wrong(ilinca, kind="lose_reply", operation="upload")
    with pytest.raises(httpx2.TransportError):
        ilinca.upload(invoice())
    assert [one["number"] for one in ilinca.sim.filed] == ["EX-1"]
    last = ilinca.control("GET", "/ledger")["calls"][-1]
    assert (last["status"], last["outcome"], last["fault"]) == (None, "registered 5000000000", "lose_reply")
    assert ilinca.upload(invoice(number="EX-2")).status_code == 200  # one fault, one call


def test_a_call_lost_before_was_not_filed(ilinca: Visitor) -> None:
    go_wrong(ilinca, kind="lose_before", operation="upload")
    with pytest.raises(httpx2.TransportError):
        ilinca.upload(invoice())
    assert ilinca.sim.filed == []


def test_a_slow_answer_was_filed_before_it_is_given(ilinca: Visitor) -> None:
    go_wrong(ilinca, kind="slow", operation="upload", seconds=0.4)
    started = time.monotonic()
    assert ilinca.upload(invoice()).status_code == 200
    assert time.monotonic() - started >= 0.4
    go_wrong(ilinca, kind="slow", operation="upload", seconds=30)
    ilinca.http.timeout = httpx2.Timeout(0.3)
    with pytest.raises(httpx2.ReadTimeout):
        ilinca.upload(invoice(number="EX-2"))
    assert [one["number"] for one in ilinca.sim.filed] == ["EX-1", "EX-2"]


@pytest.mark.parametrize("code", ["500", "502", "503"])
def test_an_outage_is_a_page_and_files_nothing(ilinca: Visitor, code: str) -> None:
    go_wrong(ilinca, kind="status", code=code)
    answer = ilinca.upload(invoice())
    assert (answer.status_code, answer.headers["content-type"]) == (int(code), "text/html; charset=utf-8")
    assert ilinca.sim.filed == []


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("maintenance", 503, "<title>Mentenanta sistem</title>"),
        ("firewall", 200, "<title>Request Rejected</title>"),  # 200: only the body tells
    ],
)
def test_the_pages_of_a_planned_stop_and_of_the_firewall_file_nothing(
    ilinca: Visitor, kind: str, status: int, words: str
) -> None:
    go_wrong(ilinca, kind=kind, operation="upload")
    answer = ilinca.upload(invoice())
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert words in answer.text
    assert ilinca.sim.filed == []


@pytest.mark.parametrize(("register", "filed"), [(False, 0), (True, 1)])
def test_a_technical_error_may_have_filed(ilinca: Visitor, register: bool, filed: int) -> None:
    go_wrong(ilinca, kind="technical", operation="upload", code="1814", register=register)
    answer = ilinca.upload(invoice())
    assert 'ExecutionStatus="1"' in answer.text
    assert 'errorMessage="A aparut o eroare tehnica. Cod: 1814"' in answer.text
    assert len(ilinca.sim.filed) == filed


@pytest.mark.parametrize(
    ("operation", "query"),
    [
        ("stareMesaj", {"id_incarcare": "1"}),
        ("listaMesajeFactura", {"zile": "1", "cif": PFA}),
        ("descarcare", {"id": "1"}),
    ],
)
def test_a_technical_error_has_the_shape_of_its_operation(
    ilinca: Visitor, operation: str, query: dict[str, str]
) -> None:
    go_wrong(ilinca, kind="technical", operation=operation, code="4003")
    answer = ilinca.get(operation, **query)
    assert answer.status_code == 200
    text = "A aparut o eroare tehnica. Cod: 4003"
    assert (answer.text if operation == "stareMesaj" else answer.json()["eroare"]).count(text) == 1


def test_a_zip_may_break_off_in_the_middle(ilinca: Visitor) -> None:
    ilinca.upload(invoice())
    ilinca.advance(3660)
    go_wrong(ilinca, kind="reset", operation="descarcare")
    url = f"{ilinca.sim.api}/test/FCTEL/rest/descarcare"
    got = b""
    with (  # noqa: PT012 (what arrived before the end is the point)
        pytest.raises(httpx2.TransportError),
        ilinca.http.stream("GET", url, params={"id": "3000000000"}, headers=ilinca.headers) as answer,
    ):
        for chunk in answer.iter_raw():
            got += chunk
    assert got.startswith(b"PK")
    assert len(got) < int(answer.headers["content-length"])


def test_a_share_strikes_again_and_again(ilinca: Visitor) -> None:
    go_wrong(ilinca, kind="technical", operation="stareMesaj", share=0.5)
    answers = [ilinca.get("stareMesaj", id_incarcare="1").text for _ in range(60)]
    assert 15 <= sum("eroare tehnica" in answer for answer in answers) <= 45  # 60 × 0.5 = 30
    ilinca.control("DELETE", "/faults")
    assert "eroare tehnica" not in ilinca.get("stareMesaj", id_incarcare="1").text


def test_signing_in_and_the_register_have_bad_days_too(ilinca: Visitor) -> None:
    go_wrong(ilinca, kind="status", operation="token", code="503")
    assert ilinca.token(grant_type="refresh_token").status_code == 503
    go_wrong(ilinca, kind="lose_before", operation="PlatitorTvaRest")
    with pytest.raises(httpx2.TransportError):
        ilinca.http.post(f"{ilinca.sim.public}/api/PlatitorTvaRest/v9/tva", json=[])


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({}, "kind is one of: lose_before, lose_reply, slow, status, maintenance, firewall, empty, technical, error"),
        ({"kind": "slow", "operation": "x"}, "operation is * or one of: authorize"),
        ({"kind": "slow", "seconds": 9999}, "seconds in [0, 600]"),
        ({"kind": "slow", "seconds": "1"}, "share, seconds, before and times are numbers"),
        ({"kind": "slow", "share": 2}, "share is in (0, 1]"),
        ({"kind": "status", "code": "200"}, "a code between 400 and 599"),
        ({"kind": "maintenance", "code": "99"}, "a code between 200 and 599, 503 by default"),
        ({"kind": "error"}, "a fault of kind error has a text"),
        ({"kind": "slow", "register": 1}, "register is true or false"),
        ({"kind": "slow", "scenario": "x"}, "a fault is an object with these keys"),
        ({"kind": "slow", "when": "now"}, "a fault is an object with these keys: kind, operation"),
        ("slow", "a fault is an object"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_with_what_would(sim: Simulator, fault: Any, told: str) -> None:
    answer = httpx2.post(f"{sim.control}/faults", json=fault)
    assert answer.status_code == 400
    assert told in answer.json()["error"]


def go_wrong(visitor: Visitor, **fault: Any) -> None:
    visitor.control("POST", "/faults", fault)

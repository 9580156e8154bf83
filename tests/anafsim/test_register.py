"""PlatitorTvaRest v9, in the shape of the live service."""

from typing import Any

import httpx2
import pytest
from stdnum.ro import cui

from punte.anafsim import Simulator
from punte.anafsim.companies import demo_companies

from .conftest import PFA, Visitor


@pytest.fixture
def register(visit: Any) -> Any:
    visitor: Visitor = visit()
    url = f"{visitor.sim.public}/api/PlatitorTvaRest/v9/tva"

    def ask(number: int | str, on: str = "2026-11-22") -> Any:
        return visitor.http.post(url, json=[{"cui": int(number), "data": on}]).json()

    ask.post = lambda body: visitor.http.post(url, content=body)  # type: ignore[attr-defined]
    return ask


def test_a_company_is_found_in_the_live_shape(register: Any) -> None:
    answer = register("33451201")
    assert list(answer) == ["found", "notFound"]  # live: without `cod` and `message`
    [found] = answer["found"]
    assert list(found) == [
        "date_generale", "inregistrare_scop_Tva", "inregistrare_RTVAI", "stare_inactiv",
        "inregistrare_SplitTVA", "adresa_sediu_social", "adresa_domiciliu_fiscal",
    ]  # fmt: skip
    assert found["date_generale"]["cui"] == 33451201
    assert found["date_generale"]["denumire"] == "BRUTĂRIA DIN COLŢ S.R.L."  # cedilla, as ANAF writes
    assert found["date_generale"]["adresa"] == "MUNICIPIUL BUCUREŞTI, SECTOR 3, STR. MORARILOR, NR.21"
    assert found["adresa_sediu_social"]["sdenumire_Localitate"] == "Sector 3 Mun. Bucureşti"
    assert found["adresa_sediu_social"]["stara"] == found["adresa_domiciliu_fiscal"]["dtara"] == ""
    assert found["inregistrare_scop_Tva"]["perioade_TVA"][0]["data_inceput_ScpTVA"] == "2014-09-01"


def test_nobody_is_not_found(register: Any) -> None:
    assert register(18547290) == {"found": [], "notFound": [18547290]}


@pytest.mark.parametrize(
    ("number", "on", "vat", "collection", "inactive"),
    [
        (PFA, "2026-11-22", False, False, False),
        ("19283749", "2026-11-22", True, False, False),
        ("19283749", "2006-12-31", False, False, False),  # registered for VAT from 2007-01-01
        ("15904428", "2026-11-22", True, True, False),
        ("15904428", "2018-06-01", True, False, False),  # on collection from 2019-02-01
        ("37044189", "2026-11-22", False, False, True),
        ("37044189", "2024-03-13", False, False, False),  # inactive from 2024-03-14
    ],
)
def test_what_a_company_is_depends_on_the_day(
    register: Any, number: str, on: str, vat: bool, collection: bool, inactive: bool
) -> None:
    [found] = register(number, on)["found"]
    assert (
        found["inregistrare_scop_Tva"]["scpTVA"],
        found["inregistrare_RTVAI"]["statusTvaIncasare"],
        found["stare_inactiv"]["statusInactivi"],
    ) == (vat, collection, inactive)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"[1]", b'[{"cui": "x", "data": "2026-01-01"}]', b"[" * 100_000])
def test_a_body_that_is_no_question_is_a_bad_request(register: Any, body: bytes) -> None:
    assert register.post(body).status_code == 400


def test_every_demo_company_has_a_right_check_digit() -> None:
    assert all(cui.is_valid(number) for number in demo_companies())


def test_every_right_of_a_holder_is_on_a_demo_company(sim: Simulator) -> None:
    assert {cif for one in sim.certificates for cif in one.cifs} <= set(demo_companies())


def test_an_unknown_path_is_not_found(visit: Any) -> None:
    visitor: Visitor = visit()
    answer: httpx2.Response = visitor.http.get(f"{visitor.sim.public}/x")
    assert (answer.status_code, answer.json()["path"]) == (404, "/x")


def test_the_asynchronous_register_answers_once_after_two_seconds(sim: Simulator, visit: Any) -> None:
    visitor: Visitor = visit()
    base = f"{sim.public}/AsynchWebService/api"
    told = visitor.http.post(f"{base}/v8/ws/tva", json=[{"cui": 33451201, "data": "2026-11-22"}]).json()
    assert list(told) == ["cod", "message", "correlationId"]
    read = {"id": told["correlationId"]}
    assert visitor.http.get(f"{base}/v7/ws/tva", params=read).status_code == 400  # too early
    visitor.advance(2)
    [found] = visitor.http.get(f"{base}/v7/ws/tva", params=read).json()["found"]  # v7, as the paper prints
    assert found["date_generale"]["cui"] == 33451201
    assert visitor.http.get(f"{base}/v8/ws/tva", params=read).status_code == 400  # readable once


def test_an_answer_that_nobody_fetches_is_dropped_after_three_days(sim: Simulator, visit: Any) -> None:
    visitor: Visitor = visit()
    url = f"{sim.public}/AsynchWebService/api/v8/ws/tva"
    told = visitor.http.post(url, json=[{"cui": 33451201, "data": "2026-11-22"}]).json()
    visitor.advance(3 * 86400 + 1)
    assert visitor.http.get(url, params={"id": told["correlationId"]}).status_code == 400
    visitor.http.post(url, json=[{"cui": 33451201, "data": "2026-11-22"}])
    assert list(sim.world.questions) != [told["correlationId"]]
    assert len(sim.world.questions) == 1


@pytest.mark.parametrize(
    ("numbers", "status", "found"),
    [
        ([19283749, 33451201], 200, [19283749]),  # the second is no subscriber of the optional register
        ([33451201], 404, []),  # nobody found: 404, and the same shape
    ],
)
def test_the_register_of_e_factura(
    sim: Simulator, visit: Any, numbers: list[int], status: int, found: list[int]
) -> None:
    url = f"{sim.public}/api/registruroefactura/v1/interogare"
    answer = visit().http.post(url, json=[{"cui": cui, "data": "2026-11-22"} for cui in numbers])
    assert answer.status_code == status
    assert [one["cui"] for one in answer.json()["found"]] == found
    assert answer.json()["notFound"] == [cui for cui in numbers if cui not in found]
    assert visit().http.post(url, json=[{"cui": 1, "data": "2026-11-22"}] * 101).status_code == 400


def test_a_pause_between_questions_can_be_asked_for(sim: Simulator, visit: Any) -> None:
    """ANAF's paper allows one a second; what it says to more is not known."""
    visitor: Visitor = visit()
    visitor.control("POST", "/settings", {"register_pause": 1})

    def ask() -> int:
        body = [{"cui": 33451201, "data": "2026-11-22"}]
        return visitor.http.post(f"{sim.public}/api/PlatitorTvaRest/v9/tva", json=body).status_code

    assert [ask(), ask()] == [200, 429]
    visitor.advance(1)
    assert ask() == 200

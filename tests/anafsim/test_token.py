"""The token endpoint: who gets a pair, what is in it, and when it dies."""

import base64
import json
from collections.abc import Callable

import pytest

from punte.anafsim import Simulator

from .conftest import CALLBACK, Visitor, came_back

Visit = Callable[..., Visitor]
DAY = 24 * 3600


def test_a_pair_is_issued_for_a_code(visit: Visit) -> None:
    pair = visit("ilinca").connect()
    assert set(pair) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 7_776_000)  # 90 × 24 × 3600


def test_the_access_token_carries_the_claims_of_2026_and_no_company(sim: Simulator, visit: Visit) -> None:
    visitor = visit("ilinca")
    header, payload, _ = visitor.connect()["access_token"].split(".")
    claims = json.loads(_decode(payload))
    serial = sim.certificate("ilinca").serial
    assert _decode(header) == b'{\n  "alg":"RS512",\n  "kid":"anaf_2023_2024"\n}'
    assert claims["sub"] == serial
    assert claims["serial"] == ":".join(serial[i : i + 2] for i in range(0, len(serial), 2))
    assert claims["iat"] - claims["nbf"] == 300
    assert claims["exp"] - claims["iat"] == 7_776_000
    assert claims["roles"] == "HELLO@EFACTURA@ETRANSPORT@SRV_EFACTURA@SRV_ETRANSPORT"
    assert [item["id"] for item in claims["scope_data"]] == ["clientappid", "info", "issuer", "serial", "roles"]
    assert set(claims) == {
        "token_type", "scope", "scope_data", "iss", "clientappid", "info", "issuer", "serial", "sub", "jti",
        "iat", "nbf", "exp", "roles",
    }  # fmt: skip


def test_credentials_in_the_form_work_as_well_as_basic(sim: Simulator, visit: Visit) -> None:
    visitor = visit("ilinca")
    code = came_back(visitor.authorize())["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "token_content_type": "jwt"}
    form |= {"client_id": sim.client_id, "client_secret": sim.client_secret}
    assert visitor.http.post(f"{sim.login}/anaf-oauth2/v1/token", data=form).status_code == 200


def test_a_code_works_once(visit: Visit) -> None:
    visitor = visit("ilinca")
    code = came_back(visitor.authorize())["code"]
    assert visitor.exchange(code).status_code == 200
    assert visitor.exchange(code).json()["error"] == "invalid_request"


@pytest.mark.parametrize(("age", "status"), [(55, 200), (60, 400)])
def test_a_code_lives_a_minute(visit: Visit, age: int, status: int) -> None:
    visitor = visit("ilinca")
    code = came_back(visitor.authorize())["code"]
    visitor.advance(age)
    assert visitor.exchange(code).status_code == status


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "authorization_code", "code": "nope", "redirect_uri": CALLBACK}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "nope"}, "invalid_grant"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
    ],
)
def test_each_fault_has_its_error(visit: Visit, form: dict[str, str], error: str) -> None:
    answer = visit().token(**form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("wrong", ["Basic !!!", "Basic eDp5", "Bearer x", ""])
def test_wrong_credentials_are_an_invalid_client(sim: Simulator, visit: Visit, wrong: str) -> None:
    url, form = f"{sim.login}/anaf-oauth2/v1/token", {"grant_type": "refresh_token", "refresh_token": "x"}
    answer = visit().http.post(url, data=form, headers={"Authorization": wrong})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_the_callback_of_the_exchange_must_be_that_of_the_authorisation(visit: Visit) -> None:
    visitor = visit("ilinca")
    code = came_back(visitor.authorize())["code"]
    assert visitor.exchange(code, redirect_uri=CALLBACK + "/").json()["error"] == "invalid_request"


def test_without_the_jwt_parameter_the_token_is_opaque_and_opens_nothing(visit: Visit) -> None:
    visitor = visit("ilinca")
    code = came_back(visitor.authorize(token_content_type=""))["code"]
    visitor.bearer = visitor.exchange(code).json()["access_token"]
    assert "." not in visitor.bearer
    assert visitor.get("stareMesaj", id_incarcare="1").status_code == 401


def test_a_refresh_gives_a_new_pair_and_kills_the_old_refresh_token(visit: Visit) -> None:
    visitor = visit("ilinca")
    first = visitor.connect()
    second = _refresh(visitor, first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert _refresh(visitor, first["refresh_token"]) == {
        "error": "invalid_grant",
        "error_description": "Refresh Token status is revoked",
    }
    assert "access_token" in _refresh(visitor, second["refresh_token"])


def test_rotation_can_be_lenient_since_sources_disagree(visit: Visit) -> None:
    visitor = visit("ilinca")
    visitor.control("POST", "/settings", {"strict_rotation": False})
    first = visitor.connect()
    assert "access_token" in _refresh(visitor, first["refresh_token"])
    assert "access_token" in _refresh(visitor, first["refresh_token"])


def test_a_refresh_token_lives_a_year(visit: Visit) -> None:
    visitor = visit("ilinca")
    pair = visitor.connect()
    visitor.advance(365 * DAY)
    assert _refresh(visitor, pair["refresh_token"]) == {
        "error": "invalid_grant",
        "error_description": "Refresh Token status is expired",
    }


@pytest.mark.parametrize(("sliding", "alive"), [(True, True), (False, False)])
def test_whether_the_year_begins_again_is_a_setting(visit: Visit, sliding: bool, alive: bool) -> None:
    visitor = visit("ilinca")
    visitor.control("POST", "/settings", {"sliding_refresh": sliding})
    pair = visitor.connect()
    visitor.advance(300 * DAY)
    pair = _refresh(visitor, pair["refresh_token"])
    visitor.advance(70 * DAY)  # day 370 since the authorisation, day 70 since the refresh
    assert ("access_token" in _refresh(visitor, pair["refresh_token"])) == alive


@pytest.mark.parametrize(("days", "status"), [(89, 200), (90, 401)])
def test_an_access_token_lives_ninety_days(ilinca: Visitor, days: int, status: int) -> None:
    ilinca.advance(days * DAY)
    assert ilinca.http.get(f"{ilinca.sim.api}/TestOauth/jaxrs/hello", headers=ilinca.headers).status_code == status


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer x", "Bearer a.b.c", "Bearer ă.b.c", "Basic eDp5"])
def test_a_token_that_is_none_of_ours_is_unauthorized(visit: Visit, authorization: str) -> None:
    visitor = visit()
    headers = [(b"Authorization", authorization.encode())]
    answer = visitor.http.get(f"{visitor.sim.api}/test/FCTEL/rest/stareMesaj", headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized", "status": "401"})


def test_a_forged_payload_is_unauthorized(ilinca: Visitor) -> None:
    header, payload, signature = ilinca.bearer.split(".")
    claims = json.loads(_decode(payload)) | {"sub": ilinca.sim.certificate("fara-drept").serial}
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    ilinca.bearer = f"{header}.{forged}.{signature}"
    assert ilinca.get("stareMesaj", id_incarcare="1").status_code == 401


def _refresh(visitor: Visitor, token: str) -> dict[str, str]:
    return dict(visitor.token(grant_type="refresh_token", refresh_token=token, token_content_type="jwt").json())


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

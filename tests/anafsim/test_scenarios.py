"""Every scenario by name, over real sockets: what the caller sees, and what the ledger says was really filed."""

import base64
import hashlib
import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from cryptography.hazmat.primitives import hashes
from lxml import etree

from punte.anafsim import Simulator
from punte.anafsim.scenarios import scenarios

from .conftest import PFA, SRL, Visitor, came_back, invoice
from .test_download import DSIG, verify

Visit = Callable[..., Visitor]
Play = Callable[[Visitor], None]
HOUR, DAY = 3600, 24 * 3600
INDEX, DOWNLOAD = "5000000000", "3000000000"
PLAYS: dict[str, Play] = {}


def plays(name: str) -> Callable[[Play], Play]:
    """The function that plays a scenario, which has been switched on for it."""

    def note(play: Play) -> Play:
        PLAYS[name] = play
        return play

    return note


@pytest.mark.parametrize("name", list(scenarios()))
def test_the_scenario_plays_what_its_row_says(ilinca: Visitor, name: str) -> None:
    """A scenario without a play below fails here."""
    if scenarios()[name].group == "Arhiva și sigiliul" or name == "limit-download":
        file_and_wait(ilinca)
    switch(ilinca, name)
    PLAYS[name](ilinca)


def test_every_trouble_that_anaf_can_make_is_played() -> None:
    """The others are made by the caller, or chosen on the page with the certificates: docs/anafsim.md says how."""
    troubles = {f"S{number:02}" for number in range(1, 11)} | {"T01", "T02", "T03", "T05"}
    troubles |= {"C05", "C06", "C07", "C08", "C09", "C10", "C17", "C18", "C19"}
    assert {code for one in scenarios().values() for code in one.codes} == troubles


# Sending


@plays("lost-reply")
def lost_reply(ilinca: Visitor) -> None:
    with pytest.raises(httpx2.TransportError):
        ilinca.upload(invoice())
    assert filed(ilinca) == [("EX-1", "in prelucrare")]
    call = last_call(ilinca)
    assert (call["status"], call["outcome"]) == (None, f"registered {INDEX}")
    assert (call["fault"], call["scenario"]) == ("lose_reply", "lost-reply")
    assert on(ilinca) == []  # spent with its one call
    assert accepted(ilinca.upload(invoice("EX-2")))


@plays("lost-before")
def lost_before(ilinca: Visitor) -> None:
    with pytest.raises(httpx2.TransportError):
        ilinca.upload(invoice())
    assert filed(ilinca) == []
    assert last_call(ilinca)["scenario"] == "lost-before"
    assert accepted(ilinca.upload(invoice()))


@plays("slow")
def slow(ilinca: Visitor) -> None:
    switch(ilinca, "slow", seconds=0.3)  # its 20 s would be 20 s of yours
    for number in ("EX-1", "EX-2"):
        began = time.monotonic()
        assert accepted(ilinca.upload(invoice(number)))
        assert time.monotonic() - began >= 0.3
    assert [number for number, _ in filed(ilinca)] == ["EX-1", "EX-2"]


@plays("gateway-timeout")
def gateway_timeout(ilinca: Visitor) -> None:
    answer = ilinca.upload(invoice())
    assert (answer.status_code, answer.headers["content-type"]) == (504, "text/html; charset=utf-8")
    assert filed(ilinca) == [("EX-1", "in prelucrare")]
    assert last_call(ilinca)["outcome"] == f"registered {INDEX}"


@plays("technical")
def technical(ilinca: Visitor) -> None:
    answers = [ilinca.upload(invoice(f"EX-{number}")) for number in range(30)]
    refused = [answer for answer in answers if "A aparut o eroare tehnica. Cod: 1814" in answer.text]
    assert 7 <= len(refused) <= 23  # 30 × 0.5 = 15
    assert len(filed(ilinca)) == 30 - len(refused)


@plays("technical-filed")
def technical_filed(ilinca: Visitor) -> None:
    assert "A aparut o eroare tehnica. Cod: 104" in ilinca.upload(invoice()).text
    assert filed(ilinca) == [("EX-1", "in prelucrare")]


@plays("sent-before")
def sent_before(ilinca: Visitor) -> None:
    assert 'index_incarcare="5000000001"' in ilinca.upload(invoice()).text
    ilinca.advance(HOUR + 60)
    assert filed(ilinca) == [("EX-1", "ok"), ("EX-1", "nok")]
    answer = ilinca.get("descarcare", id="3000000002").content  # after the two entries of the first
    told = zipfile.ZipFile(io.BytesIO(answer)).read("5000000001.xml").decode()
    assert f"Factura a mai fost transmisa anterior cu index={INDEX} si data incarcare=" in told
    outcome = next(call["outcome"] for call in calls(ilinca) if call["path"].endswith("/upload"))
    assert outcome == f"registered {INDEX} for another program, then registered 5000000001"


@plays("index-late")
def index_late(ilinca: Visitor) -> None:
    ilinca.upload(invoice())
    told = [ilinca.get("stareMesaj", id_incarcare=INDEX).text for _ in range(3)]
    assert [f"Nu exista factura cu id_incarcare= {INDEX}" in answer for answer in told] == [True, True, False]
    assert len(filed(ilinca)) == 1


@plays("company-unknown")
def company_unknown(ilinca: Visitor) -> None:
    assert accepted(ilinca.upload(invoice()))
    ilinca.advance(HOUR + 60)
    [one] = ledger(ilinca)["filed"]
    assert (one["state"], "R6.1" in one["errors"][0]) == ("nok", True)
    assert look_up(ilinca)["notFound"] == [int(PFA)]
    off(ilinca, "company-unknown")
    assert look_up(ilinca)["found"][0]["date_generale"]["cui"] == int(PFA)


# ANAF as a whole


@plays("server-error")
def server_error(ilinca: Visitor) -> None:
    assert [ilinca.upload(invoice()).status_code, ilinca.get("stareMesaj").status_code] == [500, 500]
    assert ilinca.token(grant_type="refresh_token").status_code == 500
    assert filed(ilinca) == []


@plays("bad-gateway")
def bad_gateway(ilinca: Visitor) -> None:
    statuses = [ilinca.upload(invoice(f"EX-{number}")).status_code for number in range(30)]
    assert 3 <= statuses.count(502) <= 18  # 30 × 0.33 = 10
    assert len(filed(ilinca)) == statuses.count(200) == 30 - statuses.count(502)


@plays("outage")
def outage(ilinca: Visitor) -> None:
    for _ in range(3):
        with pytest.raises(httpx2.TransportError):
            ilinca.upload(invoice())
    assert filed(ilinca) == []
    assert last_call(ilinca)["status"] is None
    off(ilinca, "outage")
    assert accepted(ilinca.upload(invoice()))


@plays("maintenance")
def maintenance(ilinca: Visitor) -> None:
    answer = ilinca.upload(invoice())
    assert (answer.status_code, "Mentenanta sistem" in answer.text) == (503, True)
    assert "Mentenanta sistem" in ilinca.authorize().text
    assert filed(ilinca) == []


@plays("firewall")
def firewall(ilinca: Visitor) -> None:
    answer = ilinca.http.post(f"{ilinca.sim.public}/api/PlatitorTvaRest/v9/tva", json=[])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<title>Request Rejected</title>" in answer.text
    assert accepted(ilinca.upload(invoice()))
    assert len(filed(ilinca)) == 1


@plays("empty")
def empty(ilinca: Visitor) -> None:
    answers = [ilinca.upload(invoice(f"EX-{number}")) for number in range(30)]
    nothing = [answer for answer in answers if (answer.status_code, answer.content) == (200, b"")]
    assert 2 <= len(nothing) <= 15  # 30 × 0.25 = 7.5
    assert len(filed(ilinca)) == 30 - len(nothing)


@plays("month-end")
def month_end(ilinca: Visitor) -> None:
    switch(ilinca, "month-end", seconds=0)
    indexed = lost = 0
    for number in range(60):
        try:
            indexed += accepted(ilinca.upload(invoice(f"EX-{number}")))
        except httpx2.TransportError:
            lost += 1
    assert indexed < 60
    assert len(filed(ilinca)) == indexed + lost
    settings = ilinca.control("GET", "/world")["settings"]
    assert (settings["processing"], settings["listing_lag"]) == (1800, 900)


# Authorisation and certificate


@plays("handshake")
def handshake(ilinca: Visitor) -> None:
    with pytest.raises(httpx2.TransportError):
        ilinca.authorize()
    assert accepted(ilinca.upload(invoice()))


@plays("redirect-loop")
def redirect_loop(ilinca: Visitor) -> None:
    for _ in range(3):  # no browser's patience is endless either
        answer = ilinca.http.get(f"{ilinca.sim.login}/my.policy")
        assert (answer.status_code, answer.headers["location"]) == (302, "/my.policy")
    assert last_call(ilinca)["scenario"] == "redirect-loop"


@plays("certificate-renewed")
def certificate_renewed(ilinca: Visitor) -> None:
    assert came_back(ilinca.authorize()) == {"error": "access_denied", "state": "abc"}
    assert last_call(ilinca)["outcome"] == "denied, whichever the certificate"
    assert accepted(ilinca.upload(invoice()))  # the access given before goes on
    off(ilinca, "certificate-renewed")
    assert "code" in came_back(ilinca.authorize())


@plays("enrolled-today")
def enrolled_today(ilinca: Visitor) -> None:
    assert came_back(ilinca.authorize())["error"] == "access_denied"
    ilinca.advance(DAY - 60)
    assert came_back(ilinca.authorize())["error"] == "access_denied"
    ilinca.advance(60)
    assert "code" in came_back(ilinca.authorize())
    assert on(ilinca) == []


@plays("token-expired")
def token_expired(ilinca: Visitor) -> None:
    assert ilinca.upload(invoice()).status_code == 401
    assert filed(ilinca) == []
    ilinca.advance(2)
    assert refresh(ilinca).status_code == 200
    assert accepted(ilinca.upload(invoice()))


@plays("token-revoked")
def token_revoked(ilinca: Visitor) -> None:
    assert ilinca.upload(invoice()).status_code == 401
    answer = refresh(ilinca)
    assert answer.status_code == 400
    assert answer.json() == {"error": "invalid_grant", "error_description": "Refresh Token status is revoked"}
    assert filed(ilinca) == []
    ilinca.advance(2)
    ilinca.connect()  # with the certificate: healed, the scenario still on
    assert accepted(ilinca.upload(invoice()))
    assert refresh(ilinca).status_code == 200


@plays("refresh-expired")
def refresh_expired(ilinca: Visitor) -> None:
    assert accepted(ilinca.upload(invoice()))
    assert refresh(ilinca).json()["error_description"] == "Refresh Token status is expired"
    ilinca.connect()
    assert refresh(ilinca).status_code == 200


@plays("refresh-down")
def refresh_down(ilinca: Visitor) -> None:
    answer = refresh(ilinca)
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert accepted(ilinca.upload(invoice()))
    off(ilinca, "refresh-down")
    assert refresh(ilinca).status_code == 200  # the refused call has not used the token up


# Rights and limits


@plays("not-entitled")
def not_entitled(ilinca: Visitor) -> None:
    assert ilinca.upload(invoice()).status_code == 403
    assert filed(ilinca) == []


@plays("right-withdrawn")
def right_withdrawn(ilinca: Visitor) -> None:
    assert f"Nu aveti drept in SPV pentru CIF={PFA}" in ilinca.upload(invoice()).text
    assert filed(ilinca) == []
    assert accepted(ilinca.upload(invoice(seller=SRL), cif=SRL))
    off(ilinca, "right-withdrawn")
    assert accepted(ilinca.upload(invoice()))


@plays("no-rights")
def no_rights(ilinca: Visitor) -> None:
    assert "Nu exista niciun CIF pentru care sa aveti drept in SPV" in ilinca.upload(invoice()).text
    assert filed(ilinca) == []


@plays("limit-download")
def limit_download(ilinca: Visitor) -> None:
    text = f"S-au facut deja 10 descarcari la mesajul cu id_descarcare={DOWNLOAD} in cursul zilei"
    assert ilinca.get("descarcare", id=DOWNLOAD).json()["eroare"] == text
    off(ilinca, "limit-download")
    assert ilinca.get("descarcare", id=DOWNLOAD).content.startswith(b"PK")


@plays("limit-list")
def limit_list(ilinca: Visitor) -> None:
    told = ilinca.get("listaMesajeFactura", zile="1", cif=PFA).json()["eroare"]
    assert told == "S-au facut deja 1500 interogari de lista mesaje de catre utilizator in cursul zilei"
    assert "S-au facut deja 100000 interogari" in paged(ilinca)["eroare"]
    assert accepted(ilinca.upload(invoice()))


@plays("limit-state")
def limit_state(ilinca: Visitor) -> None:
    ilinca.upload(invoice())
    told = ilinca.get("stareMesaj", id_incarcare=INDEX).text
    assert "S-au facut deja 100 descarcari de mesaj in cursul zilei" in told


@plays("limit-minute")
def limit_minute(ilinca: Visitor) -> None:
    assert ilinca.upload(invoice()).status_code == 429
    assert filed(ilinca) == []


# Archives and seal; one document is filed, and listed


@plays("zip-reset")
def zip_reset(ilinca: Visitor) -> None:
    with pytest.raises(httpx2.TransportError):
        ilinca.get("descarcare", id=DOWNLOAD)
    assert last_call(ilinca)["outcome"] == f"downloaded {INDEX}"
    verify(archive(ilinca), INDEX)


@plays("zip-broken")
def zip_broken(ilinca: Visitor) -> None:
    answer = ilinca.get("descarcare", id=DOWNLOAD)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert len(answer.content) == int(answer.headers["content-length"])
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(answer.content))
    assert last_call(ilinca)["outcome"] == f"downloaded {INDEX}, broken_zip"


@plays("zip-altered")
def zip_altered(ilinca: Visitor) -> None:
    opened = archive(ilinca)
    content = opened.read(f"{INDEX}.xml")
    assert content == invoice() + b"\n"
    digest = etree.fromstring(opened.read(f"semnatura_{INDEX}.xml")).findtext(f".//{DSIG}DigestValue")
    assert digest != base64.b64encode(hashlib.sha256(content).digest()).decode()


@plays("seal-unknown")
def seal_unknown(ilinca: Visitor) -> None:
    certificate = verify(archive(ilinca), INDEX)  # as a seal it is right
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex(":").upper()
    assert fingerprint != ilinca.sim.describe()["seal_fingerprint"]


@plays("download-expired")
def download_expired(ilinca: Visitor) -> None:
    assert ilinca.get("listaMesajeFactura", zile="1", cif=PFA).json()["mesaje"][0]["id"] == DOWNLOAD
    assert "a trecut perioada de 60 de zile" in ilinca.get("descarcare", id=DOWNLOAD).json()["eroare"]


# Time


@plays("clock-behind")
def clock_behind(ilinca: Visitor) -> None:
    assert "nu poate in viitor fata de momentul requestului = " in paged(ilinca)["eroare"]  # asked until the real now
    assert accepted(ilinca.upload(invoice()))
    off(ilinca, "clock-behind")
    assert paged(ilinca)["eroare"] == "Nu exista mesaje in intervalul selectat"


@plays("listing-lag")
def listing_lag(ilinca: Visitor) -> None:
    ilinca.upload(invoice())
    ilinca.advance(HOUR + 899)
    assert 'stare="ok"' in ilinca.get("stareMesaj", id_incarcare=INDEX).text
    assert "mesaje" not in ilinca.get("listaMesajeFactura", zile="1", cif=PFA).json()
    ilinca.advance(2)
    assert "mesaje" in ilinca.get("listaMesajeFactura", zile="1", cif=PFA).json()


@plays("processing-hours")
def processing_hours(ilinca: Visitor) -> None:
    ilinca.upload(invoice())
    ilinca.advance(4 * HOUR - 10)
    assert 'stare="in prelucrare"' in ilinca.get("stareMesaj", id_incarcare=INDEX).text
    ilinca.advance(10)
    assert 'stare="ok"' in ilinca.get("stareMesaj", id_incarcare=INDEX).text


# Switching


def test_two_scenarios_over_one_setting_give_back_what_lay_beneath(ilinca: Visitor) -> None:
    def lag() -> float:
        return float(ilinca.control("GET", "/world")["settings"]["listing_lag"])

    switch(ilinca, "listing-lag", listing_lag=100)
    switch(ilinca, "month-end")
    assert lag() == 900  # the later one has it
    off(ilinca, "month-end")
    assert lag() == 100
    off(ilinca, "listing-lag")
    assert lag() == 60  # as the simulator was started


def test_what_a_hand_has_set_in_between_stays(ilinca: Visitor) -> None:
    switch(ilinca, "right-withdrawn")
    ilinca.control("POST", "/rights", {"certificate": "ilinca", "cifs": [PFA]})
    off(ilinca, "right-withdrawn")
    assert ilinca.control("GET", "/world")["holders"][0]["cifs"] == [PFA]


def test_switching_on_again_begins_anew_with_other_values(ilinca: Visitor) -> None:
    switch(ilinca, "slow")
    switch(ilinca, "slow", seconds=1, minutes=5)
    [fault] = ilinca.control("GET", "/world")["faults"]
    assert (fault["seconds"], fault["times"], fault["scenario"]) == (1, None, "slow")
    ilinca.advance(300)
    assert on(ilinca) == []
    assert ilinca.control("GET", "/world")["faults"] == []


def test_all_are_switched_off_at_once_and_by_a_reset(ilinca: Visitor) -> None:
    def world() -> dict[str, Any]:
        said = ilinca.control("GET", "/world") | {"clock": ""}
        return said | {"companies": sorted(one["cui"] for one in said["companies"])}

    before = world()
    for end in ({"method": "DELETE", "path": "/scenarios"}, {"method": "POST", "path": "/reset", "json": {}}):
        for name in scenarios():
            switch(ilinca, name)
        assert len(on(ilinca)) == len(scenarios())
        ilinca.control(**end)
        assert world() == before


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, '{"name": scenario} is expected'),
        ({"name": "slowly"}, "no scenario is called 'slowly'; there are: lost-reply, lost-before, slow"),
        ({"name": "slow", "share": 0.5}, "slow has no 'share'; it has: seconds, times, minutes"),
        ({"name": "slow", "seconds": "5"}, "seconds is a number"),
        ({"name": "slow", "self": 1}, "slow has no 'self'"),
        ({"name": "not-entitled", "application_enrolled": "x"}, "application_enrolled is true or false"),
        ({"name": "slow", "seconds": True}, "seconds is a number"),
        ({"name": "slow", "seconds": 5000}, "seconds in [0, 600]"),
        ({"name": "slow", "minutes": -1}, "minutes is from 0 to"),
        ({"name": "listing-lag", "listing_lag": -1}, "listing_lag is from 0 to"),
        ({"name": "clock-behind", "clock": 1e12}, "further than ten years"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused_with_what_can(sim: Simulator, asked: Any, told: str) -> None:
    answer = httpx2.post(f"{sim.control}/scenarios", json=asked)
    assert answer.status_code == 400
    assert told in answer.json()["error"]
    world = httpx2.get(f"{sim.control}/world").json()
    assert (world["scenarios"], world["faults"]) == ([], [])


def test_switching_off_what_does_not_exist_is_told(sim: Simulator) -> None:
    assert httpx2.delete(f"{sim.control}/scenarios/slowly").status_code == 404
    assert httpx2.delete(f"{sim.control}/scenarios/slow").json() == {"on": []}  # it was not on: nothing to do


# Asking


def switch(visitor: Visitor, name: str, **dials: Any) -> None:
    visitor.control("POST", "/scenarios", {"name": name, **dials})


def off(visitor: Visitor, name: str) -> None:
    visitor.control("DELETE", f"/scenarios/{name}")


def on(visitor: Visitor) -> list[str]:
    return [one["name"] for one in visitor.control("GET", "/scenarios")["scenarios"] if one["on"]]


def ledger(visitor: Visitor) -> dict[str, Any]:
    return dict(visitor.control("GET", "/ledger"))


def filed(visitor: Visitor) -> list[tuple[str, str]]:
    return [(one["number"], one["state"]) for one in ledger(visitor)["filed"]]


def calls(visitor: Visitor) -> list[dict[str, Any]]:
    return list(ledger(visitor)["calls"])


def last_call(visitor: Visitor) -> dict[str, Any]:
    return calls(visitor)[-1]


def accepted(answer: httpx2.Response) -> bool:
    return answer.status_code == 200 and 'ExecutionStatus="0"' in answer.text


def file_and_wait(visitor: Visitor) -> None:
    visitor.upload(invoice())
    visitor.advance(HOUR + 60)


def archive(visitor: Visitor) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(visitor.get("descarcare", id=DOWNLOAD).content))


def look_up(visitor: Visitor) -> dict[str, Any]:
    address = f"{visitor.sim.public}/api/PlatitorTvaRest/v9/tva"
    return dict(visitor.http.post(address, json=[{"cui": int(PFA), "data": "2026-11-22"}]).json())


def paged(visitor: Visitor) -> dict[str, Any]:
    """The paged list of the last hour, until the caller's own now."""
    now = int(time.time() * 1000)
    query = {"startTime": str(now - HOUR * 1000), "endTime": str(now - 1000), "cif": PFA, "pagina": "1"}
    return dict(visitor.get("listaMesajePaginatieFactura", **query).json())


def refresh(visitor: Visitor) -> httpx2.Response:
    """With the refresh token of the last connection; the access token that it brings is the visitor's from then on."""
    answer = visitor.token(grant_type="refresh_token", refresh_token=visitor.refresh_token)
    if answer.status_code == 200:
        visitor.bearer, visitor.refresh_token = answer.json()["access_token"], answer.json()["refresh_token"]
    return answer

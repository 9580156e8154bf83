"""The doctor stage by stage, what it shows to others by a link, and what else stands on Integrări."""

from __future__ import annotations

import re
import ssl
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from django.test import Client
from django.utils import timezone

from punte.web.connection.difference import difference
from punte.web.connection.doctor import STAGES, Finding, Outcome, verdict
from punte.web.connection.models import Authorization, Checkup, Crossing
from punte.web.connection.rights import is_cui
from punte.web.firms.models import Firm, Role

TO_SIGN_IN = 302
EXAMPLE = Path(__file__).parents[2] / "data/ubl/examples/minimal-invoice.xml"


@pytest.fixture
def checkup(people, anaf) -> Checkup:
    people["ana"].post("/integrari/doctor/")
    return Checkup.objects.get()


def address_in(page: str) -> str:
    found = re.search(r'value="https://punte\.example(/integrari/diagnostic/[\w-]{32}/)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("method", "path", "expected"),  # of Ana, Bogdan who only reads, Carmen, nobody
    [
        ("get", "/integrari/doctor/", (200, 200, 200, TO_SIGN_IN)),
        ("post", "/integrari/doctor/", (302, 403, 302, TO_SIGN_IN)),
        ("get", "/integrari/doctor/{pk}/", (200, 404, 404, TO_SIGN_IN)),
        ("get", "/integrari/doctor/{pk}/pas/", (405, 405, 405, TO_SIGN_IN)),
        ("post", "/integrari/doctor/{pk}/pas/", (302, 404, 404, TO_SIGN_IN)),
        ("post", "/integrari/doctor/{pk}/legatura/", (200, 404, 404, TO_SIGN_IN)),
        ("post", "/integrari/doctor/{pk}/legatura/anulare/", (302, 404, 404, TO_SIGN_IN)),
        ("get", "/integrari/doctor/0/", (404, 404, 404, TO_SIGN_IN)),
        ("get", "/integrari/intrebari/conectarea/", (200, 200, 200, TO_SIGN_IN)),
        ("get", "/integrari/intrebari/fantoma/", (404, 404, 404, TO_SIGN_IN)),
        ("post", "/integrari/intrebari/conectarea/", (404, 404, 404, TO_SIGN_IN)),  # no diagnosis yet
        ("post", "/integrari/intrebari/conectarea.altul/", (200, 200, 200, TO_SIGN_IN)),
        ("get", "/integrari/diagnostic/none/", (404, 404, 404, 404)),
    ],
)
def test_who_gets_what(people, checkup, method, path, expected):
    address = path.format(pk=checkup.pk)
    for who, status_code in reversed(list(zip(people, expected, strict=True))):
        assert (who, getattr(people[who], method)(address).status_code) == (who, status_code)


def test_who_leaves_the_firm_leaves_its_checkups_behind(people, checkup, ana, firm):
    firm.memberships.filter(user=ana).delete()
    assert people["ana"].get(f"/integrari/doctor/{checkup.pk}/").status_code == 404


def test_with_htmx_each_stage_comes_by_itself_and_the_last_brings_the_verdict(people, checkup):
    step = f"/integrari/doctor/{checkup.pk}/pas/"
    for number in range(1, len(STAGES) + 1):
        piece = people["ana"].post(step, headers={"HX-Request": "true"}).content.decode()
        assert piece.count("<li") == 1
        assert ("hx-trigger" in piece) == (number < len(STAGES))
    assert "Răspundeți la întrebări" in piece
    after = people["ana"].post(step, headers={"HX-Request": "true"}).content.decode()
    assert "<li" not in after
    assert len(Checkup.objects.get().findings) == len(STAGES)


def test_two_requests_do_not_take_the_same_stage(people, checkup):
    Checkup.objects.update(taken=1)  # another request is at the clock, and has not answered yet
    piece = people["ana"].post(f"/integrari/doctor/{checkup.pk}/pas/", headers={"HX-Request": "true"}).content.decode()
    assert "Serverul ANAF" in piece
    assert [row["finding"]["stage"] for row in Checkup.objects.get().findings] == ["anaf"]


def test_a_silent_anaf_is_asked_once_and_not_at_every_stage(people, anaf):
    anaf.scenario("outage")
    page = people["ana"].post("/integrari/doctor/")["Location"]
    people["ana"].post(f"{page}pas/")
    assert "S01" in people["ana"].get(page).content.decode()
    assert len(anaf.world.ledger.describe(0)) == 2  # the clock's knock, and the door's


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        ({"clock": Outcome.GOOD, "rights": Outcome.GOOD}, None),
        ({"clock": Outcome.NOTE, "rights": Outcome.GOOD}, "clock"),
        ({"clock": Outcome.NOTE, "certificate": Outcome.OPEN}, "certificate"),
        ({"clock": Outcome.NOTE, "certificate": Outcome.OPEN, "token": Outcome.BAD, "rights": Outcome.BAD}, "token"),
        ({"rights": Outcome.SKIPPED}, None),
    ],
)
def test_the_verdict_is_the_first_that_fails_else_a_question_else_a_note(outcomes, told):
    found = verdict([Finding(stage, outcome, "", "S09") for stage, outcome in outcomes.items()])
    assert (found.stage if found else None) == told


def test_a_failed_walk_beside_a_connection_that_works_is_told_and_does_not_hurt_it(people, traveller):
    traveller.cross("ilinca")
    callback = traveller.at_anaf(traveller.agree(), "reinnoit")
    people["ana"].get(callback)
    page = people["ana"].post("/integrari/doctor/")["Location"]
    people["ana"].post(f"{page}pas/")
    outcomes = {row["finding"]["stage"]: row["finding"]["outcome"] for row in Checkup.objects.get().findings}
    assert outcomes["certificate"] == Outcome.NOTE
    assert outcomes["rights"] == Outcome.GOOD


# --- the link ---


def test_a_link_shows_code_stages_firm_and_no_secret(people, traveller, anaf, ana):
    pfa = Firm.objects.create(cui="41287658", name="Dobre Ilinca PFA")
    pfa.memberships.create(user=ana, role=Role.OWNER)
    traveller.cross("ilinca")
    anaf.world.rights[anaf.certificate("ilinca").serial] = {"41287658"}
    page = people["ana"].post("/integrari/doctor/")["Location"]
    people["ana"].post(f"{page}pas/")
    shown = Client().get(address_in(people["ana"].post(f"{page}legatura/").content.decode()))
    text = shown.content.decode()
    for told in ("C10", "Arcada Studio SRL", "19283749", "Dreptul pe CUI", "Ce faceți acum"):
        assert told in text
    authorization = Authorization.objects.get()
    full = {authorization.serial, authorization.serial.replace(":", ""), authorization.serial.replace(":", " ")}
    for secret in (authorization.access_token, authorization.refresh_token, *full, ana.email, "Moldovan", "Dobre"):
        assert secret not in text
    assert shown["X-Robots-Tag"] == "noindex"
    assert shown["Referrer-Policy"] == "no-referrer"
    assert "no-store" in shown["Cache-Control"]


def test_a_link_ends_after_a_week_when_replaced_and_when_taken_back(people, checkup):
    link = f"/integrari/doctor/{checkup.pk}/legatura/"
    first = address_in(people["ana"].post(link).content.decode())
    assert Client().get(first).status_code == 200
    second = address_in(people["ana"].post(link).content.decode())
    assert [Client().get(address).status_code for address in (first, second)] == [404, 200]
    Checkup.objects.update(link_until=timezone.now())
    assert Client().get(second).status_code == 404
    third = address_in(people["ana"].post(link).content.decode())
    people["ana"].post(f"{link}anulare/")
    assert Client().get(third).status_code == 404


def test_the_end_of_the_dialogue_is_shared_with_what_the_doctor_saw(people, checkup):
    people["ana"].post(f"/integrari/doctor/{checkup.pk}/pas/")
    page = people["ana"].post("/integrari/intrebari/refuzul.pin.reinnoit/").content.decode()
    text = Client().get(address_in(page)).content.decode()
    assert "C05" in text
    assert "Demult, dar certificatul a fost reînnoit de atunci" in text
    assert "Serverul ANAF" in text
    assert Checkup.objects.latest("pk").key == "C05"


# --- the dialogue ---


def test_without_an_answer_the_question_stays_and_says_so(people):
    page = people["ana"].get("/integrari/intrebari/conectarea/?mai-departe=").content.decode()
    assert "Alegeți un răspuns" in page
    assert "Ce ați văzut ultima dată" in page


@pytest.mark.parametrize(
    ("agent", "answer"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "firefox"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "telefon"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605 Version/18 Safari/605", "mac"),
        ("curl/8", None),
    ],
)
def test_what_the_browser_tells_of_itself_is_chosen_beforehand(people, agent, answer):
    page = people["ana"].get("/integrari/intrebari/conectarea.nimic/", headers={"User-Agent": agent}).content.decode()
    assert re.findall(r'value="([a-z]+)" checked', page) == ([answer] if answer else [])


def test_the_two_callbacks_are_compared_letter_by_letter(people, settings):
    settings.BASE_URL = "https://punte.example"
    page = people["ana"].get("/integrari/problema/C12/?inregistrata=http://punte.example/integrari/anaf/intoarcere/")
    assert "http<mark>s</mark>://punte.example/integrari/anaf/intoarcere/" in page.content.decode()
    same = people["ana"].get("/integrari/problema/C12/?inregistrata=https://punte.example/integrari/anaf/intoarcere/")
    assert "nu aceasta este cauza" in same.content.decode()
    assert not difference("https://a/", "https://a").equal


# --- Integrări: who never came back, and which other companies there are ---


def test_who_never_came_back_is_asked_until_another_walk_ends_or_a_day_passes(people, traveller):
    traveller.agree()
    assert "Nu v-ați întors de la ANAF" in people["ana"].get("/integrari/").content.decode()
    assert "Nu v-ați întors de la ANAF" not in people["carmen"].get("/integrari/").content.decode()
    traveller.cross("ilinca")
    assert "Nu v-ați întors de la ANAF" not in people["ana"].get("/integrari/").content.decode()
    traveller.agree()
    Crossing.objects.update(started_at=timezone.now() - timedelta(hours=25))
    assert "Nu v-ați întors de la ANAF" not in people["ana"].get("/integrari/").content.decode()


def test_companies_that_anaf_names_are_offered_until_they_are_added(people, traveller, anaf, ana, firm):
    """ANAF tells them beside a list that is not empty alone: a message must be there first, older than a minute."""
    anaf.world.clock.advance(-3600)
    traveller.cross("ilinca")
    assert Authorization.objects.get().companies == []
    with httpx2.Client(verify=ssl.create_default_context(cafile=str(anaf.ca_file))) as http:
        http.post(
            f"{anaf.api}/test/FCTEL/rest/upload?standard=UBL&cif={firm.cui}",
            content=EXAMPLE.read_bytes().replace(b"RO12345674", f"RO{firm.cui}".encode()),
            headers={"Authorization": f"Bearer {Authorization.objects.get().access_token}"},
        ).raise_for_status()
    anaf.world.clock.advance(3600)
    people["ana"].post("/integrari/verificare/")
    assert Authorization.objects.get().companies == ["19283749", "41287658"]
    page = people["ana"].get("/integrari/").content.decode()
    assert "/firme/noua/?cui=41287658" in page
    assert "?cui=19283749" not in page  # has been here all the time
    assert "41287658" not in people["bogdan"].get("/integrari/").content.decode()
    Firm.objects.create(cui="41287658", name="Dobre Ilinca PFA").memberships.create(user=ana, role=Role.OWNER)
    assert "?cui=41287658" not in people["ana"].get("/integrari/").content.decode()


@pytest.mark.parametrize(
    ("cif", "kept"), [("41287658", True), ("1960101410019", False), ("19283748", False), ("", False)]
)
def test_a_cnp_among_the_companies_is_not_kept(cif, kept):
    assert is_cui(cif) is kept


def test_the_road_leads_back_to_where_it_was_left(people, traveller, carmens_firm):
    people["ana"].get("/integrari/?spre=https://elsewhere.example/")
    traveller.cross("ilinca")
    assert "Înapoi unde ați rămas" not in people["ana"].get("/integrari/?conectat").content.decode()
    people["ana"].get("/integrari/?spre=/venituri/7/")
    traveller.cross("ilinca")
    page = people["ana"].get("/integrari/?conectat").content.decode()
    assert 'href="/venituri/7/"' in page
    assert "Înapoi unde ați rămas" not in people["carmen"].get("/integrari/?conectat").content.decode()

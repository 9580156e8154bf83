"""To ANAF and back, over TLS with a client certificate: who comes back connected, who with which diagnosis."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest
from django.db import connection as database
from django.test import Client

from punte.web.connection.client import Kind, NotConnected, efactura_for, status
from punte.web.connection.models import CONNECTED, Authorization, Crossing, Problem, Right, RightState
from punte.web.firms.models import Firm, Role

CONNECTED_PAGE = "/integrari/?conectat"


def earlier(**delta: float) -> None:
    """Let the walk have begun that much earlier."""
    crossing = Crossing.objects.latest("pk")
    Crossing.objects.filter(pk=crossing.pk).update(started_at=crossing.started_at - timedelta(**delta))


def nothing_is_kept() -> bool:
    return not Authorization.objects.exists() and not Right.objects.exists()


def test_a_certificate_with_the_right_connects_the_firm(traveller, firm, ana):
    assert traveller.cross("ilinca") == CONNECTED_PAGE
    page = traveller.browser.get(CONNECTED_PAGE).content.decode()
    assert "Sunteți deja conectat la ANAF" in page
    connection = status(firm)
    assert connection is not None
    assert connection.works
    assert connection.serial.replace(":", "") == traveller.anaf.certificate("ilinca").serial
    assert connection.holder == "Ana Moldovan"
    assert (connection.until - connection.since).days == 365
    assert (connection.access_until - connection.since).days in {89, 90}


def test_the_connection_works_for_what_comes_next(traveller, firm, now):
    traveller.cross()
    with efactura_for(firm, now) as anaf:
        page = anaf.messages_page(firm.cui, now - timedelta(days=1), now - timedelta(minutes=1))
    assert page.messages == ()


def test_tokens_and_state_are_not_readable_in_the_database(traveller, firm):
    address = traveller.agree()
    state = dict(httpx2.URL(address).params)["state"]
    traveller.browser.get(traveller.at_anaf(address, "ilinca"))
    authorization = Authorization.objects.get()
    with database.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token FROM connection_authorization")
        stored = "".join(cursor.fetchone())
        cursor.execute("SELECT state_hash FROM connection_crossing")
        assert cursor.fetchone()[0] != state
    assert authorization.access_token.count(".") == 2  # a JWT, for us
    assert authorization.access_token not in stored
    assert authorization.refresh_token not in stored


@pytest.mark.parametrize(
    ("certificate", "seconds_at_anaf", "diagnosis"),
    [
        ("neinrolat", 1, "C01"),  # nobody types a PIN in five seconds: ANAF saw no certificate
        ("neinrolat", 30, "C04"),  # the first time: perhaps interrupted; not enrolled stands beside it
        ("reinnoit", 30, "C04"),
        ("fara-drept", 30, "C08"),  # enrolled, with a right on another company alone
    ],
)
def test_a_refusal_ends_in_its_diagnosis_and_no_connection(traveller, certificate, seconds_at_anaf, diagnosis):
    callback = traveller.at_anaf(traveller.agree(), certificate)
    earlier(seconds=seconds_at_anaf)
    answer = traveller.browser.get(callback)
    assert answer["Location"] == f"/integrari/problema/{diagnosis}/"
    page = traveller.browser.get(answer["Location"]).content.decode()
    assert "Ce faceți acum" in page
    assert diagnosis in page
    assert nothing_is_kept()
    assert "Nu sunteți conectat la ANAF" in traveller.browser.get("/integrari/").content.decode()


def test_a_second_refusal_points_at_enrolment(traveller):
    for diagnosis in ("C04", "C07"):
        callback = traveller.at_anaf(traveller.agree(), "neinrolat")
        earlier(seconds=30)
        assert traveller.browser.get(callback)["Location"] == f"/integrari/problema/{diagnosis}/"


def test_a_refusal_after_a_connection_points_at_the_renewed_certificate(traveller):
    traveller.cross("ilinca")
    callback = traveller.at_anaf(traveller.agree(), "reinnoit")
    earlier(seconds=30)
    assert traveller.browser.get(callback)["Location"] == "/integrari/problema/C05/"
    assert Authorization.objects.live().count() == 1  # the connection of before stays


def test_anafs_words_stand_on_the_page_of_the_diagnosis(traveller, firm):
    traveller.cross("fara-drept")
    page = traveller.browser.get("/integrari/problema/C08/").content.decode()
    assert f"Nu aveti drept in SPV pentru CIF={firm.cui}" in page


def test_a_certificate_without_any_right_gets_its_own_diagnosis(traveller):
    traveller.anaf.world.rights[traveller.anaf.certificate("fara-drept").serial] = set()
    assert traveller.cross("fara-drept") == "/integrari/problema/C09/"
    assert nothing_is_kept()


def test_a_right_on_another_firm_of_the_same_person_is_kept_for_that_firm(traveller, ana, firm):
    """The decision of `crossing`: the consent serves the firms it can, and says of this one that it cannot."""
    mill = Firm.objects.create(cui="21990350", name="Morile Someșului SRL")
    mill.memberships.create(user=ana, role=Role.OWNER)
    assert traveller.cross("fara-drept") == "/integrari/problema/C10/"
    assert status(mill).works
    assert status(firm).right is RightState.DENIED
    assert "Fără drept pentru Arcada Studio SRL" in traveller.browser.get("/integrari/").content.decode()


def test_a_firm_in_which_the_holder_only_reads_is_not_connected(traveller, ana, carmens_firm):
    serial = traveller.anaf.certificate("ilinca").serial
    traveller.anaf.world.rights[serial].add(carmens_firm.cui)
    carmens_firm.memberships.create(user=ana, role=Role.VIEWER)
    traveller.cross("ilinca")
    assert status(carmens_firm) is None


def test_who_leaves_the_firm_takes_the_certificate_along(traveller, ana, firm, now):
    traveller.cross("ilinca")
    firm.memberships.filter(user=ana).delete()
    with pytest.raises(NotConnected) as caught:
        efactura_for(firm, now)
    assert caught.value.kind is Kind.NOT_CONNECTED


def test_a_reload_of_the_callback_shows_the_connection_and_asks_anaf_nothing(traveller):
    callback = traveller.at_anaf(traveller.agree(), "ilinca")
    assert traveller.browser.get(callback)["Location"] == CONNECTED_PAGE
    calls = len(traveller.anaf.world.ledger.describe(0))
    assert traveller.browser.get(callback)["Location"] == CONNECTED_PAGE
    assert len(traveller.anaf.world.ledger.describe(0)) == calls
    assert Authorization.objects.count() == 1


def test_a_callback_replayed_after_the_disconnection_connects_nothing(traveller):
    callback = traveller.at_anaf(traveller.agree(), "ilinca")
    traveller.browser.get(callback)
    traveller.browser.post(f"/integrari/{Authorization.objects.get().pk}/deconectare/")
    assert traveller.browser.get(callback)["Location"] == "/integrari/problema/C16-folosit/"
    assert not Authorization.objects.live().exists()


def test_a_reload_of_a_refused_callback_shows_the_same_diagnosis(traveller):
    callback = traveller.at_anaf(traveller.agree(), "fara-drept")
    assert traveller.browser.get(callback)["Location"] == traveller.browser.get(callback)["Location"]


def test_a_state_of_nobody_is_refused(traveller):
    callback = traveller.at_anaf(traveller.agree(), "ilinca")
    forged = str(httpx2.URL(callback).copy_set_param("state", "x" * 43))
    assert traveller.browser.get(forged)["Location"] == "/integrari/problema/C16-necunoscut/"
    assert traveller.browser.get("/integrari/anaf/intoarcere/")["Location"] == "/integrari/problema/C16-necunoscut/"
    assert nothing_is_kept()
    assert Crossing.objects.get().returned_at is None  # the true one is still to come


def test_another_persons_state_is_refused(traveller, people):
    callback = traveller.at_anaf(traveller.agree(), "ilinca")
    assert people["carmen"].get(callback)["Location"] == "/integrari/problema/C16-alt-cont/"
    assert nothing_is_kept()
    assert traveller.browser.get(callback)["Location"] == CONNECTED_PAGE  # Carmen has taken nothing from Ana


def test_the_same_person_in_another_session_is_refused(traveller, ana):
    callback = traveller.at_anaf(traveller.agree(), "ilinca")
    elsewhere = Client()
    elsewhere.force_login(ana)
    assert elsewhere.get(callback)["Location"] == "/integrari/problema/C16-alta-sesiune/"
    assert nothing_is_kept()


def test_a_session_that_ended_on_the_way_keeps_nothing_and_says_to_start_again(traveller, ana):
    callback = traveller.at_anaf(traveller.agree(), "ilinca")
    traveller.browser.logout()
    answer = traveller.browser.get(callback)
    assert answer["Location"].startswith("/cont/")
    assert "C16-iesit" in answer["Location"]
    assert "code=" not in answer["Location"]
    assert "Sesiunea s-a încheiat cât ați fost la ANAF" in traveller.browser.get(answer["Location"]).content.decode()
    assert nothing_is_kept()
    traveller.browser.force_login(ana)
    page = traveller.browser.get("/integrari/problema/C16-iesit/").content.decode()
    assert "Începeți din nou" in page
    assert traveller.browser.get(callback)["Location"] == "/integrari/problema/C16-alta-sesiune/"


def test_half_an_hour_is_the_most_a_walk_may_take(traveller):
    callback = traveller.at_anaf(traveller.agree(), "ilinca")
    earlier(minutes=31)
    assert traveller.browser.get(callback)["Location"] == "/integrari/problema/C16-tarziu/"
    assert nothing_is_kept()


def test_a_code_of_more_than_a_minute_is_expired(traveller):
    callback = traveller.at_anaf(traveller.agree(), "ilinca")
    traveller.anaf.world.clock.advance(61)
    assert traveller.browser.get(callback)["Location"] == "/integrari/problema/C15/"
    assert nothing_is_kept()


@pytest.mark.parametrize("kind", ["lose_before", "lose_reply", "status"])
def test_an_anaf_that_does_not_answer_the_exchange_is_named(traveller, kind):
    callback = traveller.at_anaf(traveller.agree(), "ilinca")
    fault = {"kind": kind, "operation": "token", "code": "503" if kind == "status" else ""}
    httpx2.post(f"{traveller.anaf.control}/faults", json=fault).raise_for_status()
    assert traveller.browser.get(callback)["Location"] == "/integrari/problema/S01/"
    assert nothing_is_kept()


def test_a_right_that_anaf_does_not_tell_is_asked_again(traveller, firm, now):
    httpx2.post(
        f"{traveller.anaf.control}/faults", json={"kind": "lose_before", "operation": "listaMesajePaginatieFactura"}
    ).raise_for_status()
    assert traveller.cross("ilinca") == CONNECTED_PAGE
    assert status(firm).right is RightState.UNKNOWN
    assert "dreptul încă neverificat" in traveller.browser.get("/integrari/").content.decode()
    with pytest.raises(NotConnected) as caught:
        efactura_for(firm, now)
    assert caught.value.kind is Kind.ANAF_UNWELL
    traveller.browser.post("/integrari/verificare/")
    assert status(firm).works


def test_a_wrong_client_secret_is_told_as_the_operators_affair(traveller, settings):
    callback = traveller.at_anaf(traveller.agree(), "ilinca")
    settings.ANAF_CLIENT_SECRET = "another"
    assert traveller.browser.get(callback)["Location"] == "/integrari/problema/T05-client/"
    assert nothing_is_kept()


def test_without_an_application_the_walk_does_not_begin(people, settings):
    settings.ANAF_CLIENT_ID = ""
    answer = people["ana"].post("/integrari/conectare/", {"agreed": "on"})
    assert answer["Location"] == "/integrari/problema/T05-client/"
    assert not Crossing.objects.exists()


def test_without_consent_the_walk_does_not_begin(people):
    answer = people["ana"].post("/integrari/conectare/", {})
    assert "Bifați că sunteți de acord" in answer.content.decode()
    assert not Crossing.objects.exists()


def test_connecting_again_with_the_same_certificate_ends_the_older_consent(traveller, firm):
    traveller.cross("ilinca")
    traveller.cross("ilinca")
    older, newer = Authorization.objects.order_by("pk")
    assert older.ended_at
    assert older.access_token == older.refresh_token == ""
    assert status(firm).authorization_id == newer.pk
    assert set(Crossing.objects.values_list("outcome", flat=True)) == {CONNECTED}
    assert newer.problem == Problem.NONE

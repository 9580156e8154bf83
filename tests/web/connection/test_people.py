"""Who may see and do what under Integrări; and the end of a connection."""

from __future__ import annotations

import httpx2
import pytest

from punte.web.config.anaf import hosts
from punte.web.connection import invitations
from punte.web.connection.client import status
from punte.web.connection.models import Authorization, Crossing, Problem
from punte.web.firms.models import Firm, Role

TO_SIGN_IN = 302


@pytest.fixture
def authorization(traveller) -> Authorization:
    traveller.cross("ilinca")
    return Authorization.objects.get()


# Carmen has a firm of her own: pages without a firm in their address show hers, and hers alone.
@pytest.mark.parametrize(
    ("method", "path", "expected"),  # of Ana, Bogdan, Carmen, nobody
    [
        ("get", "/integrari/", (200, 200, 200, TO_SIGN_IN)),
        ("get", "/integrari/conectare/", (200, 403, 200, TO_SIGN_IN)),
        ("post", "/integrari/conectare/", (200, 403, 200, TO_SIGN_IN)),  # 200: the box is not ticked
        ("get", "/integrari/problema/C08/", (200, 200, 200, TO_SIGN_IN)),
        ("get", "/integrari/problema/C99/", (404, 404, 404, TO_SIGN_IN)),
        ("post", "/integrari/verificare/", (302, 403, 302, TO_SIGN_IN)),
        ("get", "/integrari/verificare/", (405, 405, 405, TO_SIGN_IN)),
        ("get", "/integrari/{pk}/deconectare/", (200, 403, 404, TO_SIGN_IN)),
        ("post", "/integrari/{pk}/deconectare/", (302, 403, 404, TO_SIGN_IN)),
        ("get", "/integrari/0/deconectare/", (404, 404, 404, TO_SIGN_IN)),
        ("get", "/integrari/certificate/", (200, 200, 200, TO_SIGN_IN)),
        ("post", "/integrari/certificate/{right}/intai/", (302, 403, 404, TO_SIGN_IN)),
        ("post", "/integrari/certificate/{right}/data/", (302, 403, 404, TO_SIGN_IN)),
        ("get", "/integrari/certificate/{right}/data/", (405, 405, 405, TO_SIGN_IN)),
        ("post", "/integrari/contabil/", (200, 403, 200, TO_SIGN_IN)),
        ("get", "/integrari/contabil/", (405, 405, 405, TO_SIGN_IN)),
        ("post", "/integrari/contabil/{invitation}/retragere/", (302, 403, 404, TO_SIGN_IN)),
        ("get", "/integrari/jurnal/", (200, 200, 200, TO_SIGN_IN)),
        ("get", "/integrari/jurnal.csv", (200, 200, 200, TO_SIGN_IN)),
        ("get", "/integrari/aplicatie/", (200, 200, 200, TO_SIGN_IN)),
        ("post", "/integrari/aplicatie/", (400, 403, 400, TO_SIGN_IN)),  # 400: nothing was filled in
        ("post", "/integrari/aplicatie/scoatere/", (302, 403, 302, TO_SIGN_IN)),
        ("get", "/integrari/adresa-de-intoarcere/", (302, 302, 302, TO_SIGN_IN)),
        # for anybody: the link decides, not the person
        ("get", "/integrari/invitatie/altceva/", (410, 410, 410, 410)),
        ("get", "/integrari/oaspete/", (404, 404, 404, 404)),
        ("get", "/integrari/retragere/altceva/", (404, 404, 404, 404)),
    ],
)
def test_who_gets_what(people, authorization, firm, ana, now, method, path, expected):
    invitation, _ = invitations.invite(firm, ana, now)
    address = path.format(pk=authorization.pk, right=authorization.rights.get().pk, invitation=invitation.pk)
    for who, status_code in reversed(list(zip(people, expected, strict=True))):  # Ana last: hers changes things
        assert (who, getattr(people[who], method)(address).status_code) == (who, status_code)


def test_a_stranger_sees_nothing_of_the_connection(people, authorization):
    page = people["carmen"].get("/integrari/").content.decode()
    assert "Nu sunteți conectat la ANAF" in page
    assert "Arcada" not in page


def test_who_only_reads_sees_the_connection_and_no_way_to_change_it(people, authorization):
    page = people["bogdan"].get("/integrari/").content.decode()
    assert "Sunteți deja conectat la ANAF" in page
    assert "deconectare" not in page
    assert "conectare/" not in page


def test_the_matrix_shows_ones_own_firms_alone(people, traveller, ana, bogdan):
    second = Firm.objects.create(cui="41287658", name="Dobre Ilinca PFA")
    second.memberships.create(user=ana, role=Role.OWNER)
    traveller.cross("ilinca")
    assert "Dobre Ilinca PFA" in people["ana"].get("/integrari/").content.decode()
    assert "Dobre Ilinca PFA" not in people["bogdan"].get("/integrari/").content.decode()


def test_a_disconnection_forgets_the_tokens_and_says_what_anaf_still_knows(people, authorization, firm):
    page = people["ana"].get(f"/integrari/{authorization.pk}/deconectare/").content.decode()
    assert "ANAF nu ne dă o cale să îi spunem" in page
    people["ana"].post(f"/integrari/{authorization.pk}/deconectare/")
    ended = Authorization.objects.get()
    assert ended.ended_at
    assert (ended.access_token, ended.refresh_token, ended.previous_refresh_token) == ("", "", "")
    assert status(firm) is None
    assert "Nu sunteți conectat la ANAF" in people["ana"].get("/integrari/").content.decode()


def test_a_colleague_takes_the_own_firm_out_and_leaves_the_holders_others(people, traveller, ana, bogdan, firm):
    firm.memberships.filter(user=bogdan).update(role=Role.OWNER)
    second = Firm.objects.create(cui="41287658", name="Dobre Ilinca PFA")
    second.memberships.create(user=ana, role=Role.OWNER)
    traveller.cross("ilinca")
    authorization = Authorization.objects.get()
    page = people["bogdan"].get(f"/integrari/{authorization.pk}/deconectare/").content.decode()
    assert "Dobre Ilinca PFA" not in page
    people["bogdan"].post(f"/integrari/{authorization.pk}/deconectare/")
    assert status(firm) is None
    assert status(second).works


def test_a_new_firm_of_the_holder_is_asked_for_without_a_new_walk(people, authorization, ana):
    second = Firm.objects.create(cui="41287658", name="Dobre Ilinca PFA")
    second.memberships.create(user=ana, role=Role.OWNER)
    people["ana"].post(f"/firme/{second.pk}/alege/")
    assert "Întrebați ANAF" in people["ana"].get("/integrari/").content.decode()
    people["ana"].post("/integrari/verificare/")
    assert status(second).works
    assert Crossing.objects.count() == 1


def test_a_right_withdrawn_in_spv_is_seen_when_asked_again(people, authorization, traveller, firm):
    traveller.anaf.world.rights[traveller.anaf.certificate("ilinca").serial] = {"41287658"}
    page = people["ana"].post("/integrari/verificare/", follow=True).content.decode()
    assert "Certificatul nu mai are drept pentru această firmă" in page
    assert not status(firm).works


def test_a_check_that_anaf_does_not_answer_leaves_the_right_as_it_was(people, authorization, traveller, firm):
    fault = {"kind": "lose_before", "operation": "listaMesajePaginatieFactura"}
    httpx2.post(f"{traveller.anaf.control}/faults", json=fault).raise_for_status()
    people["ana"].post("/integrari/verificare/")
    assert status(firm).works


def test_an_application_that_anaf_keeps_out_is_the_operators_affair_until_it_lets_it_in(
    people, authorization, settings
):
    there = settings.ANAF_API
    settings.ANAF_API = there + "/altundeva"  # a path that the gateway forbids
    hosts.cache_clear()
    page = people["ana"].post("/integrari/verificare/", follow=True).content.decode()
    assert "ANAF nu lasă aplicația la e-Factura" in page
    assert Authorization.objects.get().problem == Problem.OPERATOR
    settings.ANAF_API = there
    hosts.cache_clear()
    people["ana"].post("/integrari/verificare/")
    assert Authorization.objects.get().problem == Problem.NONE


def test_without_a_firm_the_way_leads_to_one(client, carmen):
    client.force_login(carmen)
    for path in ("/integrari/", "/integrari/conectare/", "/setari/"):
        assert client.get(path)["Location"] == "/firme/noua/"

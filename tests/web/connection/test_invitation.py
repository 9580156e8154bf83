"""The link for the accountant: one firm, 24 hours, one connection, and no account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from punte.web.connection import rounds
from punte.web.connection.client import status
from punte.web.connection.models import Authorization, Crossing, Event, Invitation
from punte.web.firms.models import Firm

from .conftest import GUEST


def test_a_guest_connects_the_firm_and_sees_nothing_else(guest, link, second, firm, anaf):
    path = link()
    page = guest.browser.get(path).content.decode()
    assert "Conectați Arcada Studio SRL la ANAF" in page
    assert "Bogdan" not in page  # of the firm's people, who asks alone
    assert guest.cross_by(path, second) == "/integrari/oaspete/"
    done = guest.browser.get("/integrari/oaspete/").content.decode()
    assert "Gata, puntea este deschisă" in done
    connection = status(firm)
    assert connection.works
    assert (connection.holder, connection.holder_id) == ("Maria Contabil", None)
    for inside in ("/", "/integrari/", "/venituri/", "/setari/", "/integrari/certificate/", "/integrari/jurnal/"):
        assert guest.browser.get(inside).status_code == 302  # to sign in


def test_only_the_firm_of_the_link_is_asked_for(guest, link, second, ana, firm, anaf):
    """Ana, who made it, has another firm, and the guest's certificate has a right on that one too."""
    mill = Firm.objects.create(cui="21990350", name="Morile Someșului SRL")
    mill.memberships.create(user=ana)
    guest.cross_by(link(), second)
    assert [right.firm for right in Authorization.objects.get().rights.all()] == [firm]
    assert status(mill) is None


def test_a_used_link_is_closed(guest, link, second):
    path = link()
    guest.cross_by(path, second)
    assert Client().get(path).status_code == 410
    assert Client().post(path, GUEST).status_code == 410


def test_a_link_ends_after_24_hours(link, guest, time):
    path = link()
    time.forward(hours=23, minutes=59)
    assert guest.browser.get(path).status_code == 200
    time.forward(minutes=2)
    assert guest.browser.get(path).status_code == 410


def test_a_withdrawn_link_stops_even_who_is_at_anaf(people, guest, link, second):
    path = link()
    address = guest.agree_by(path)
    people["ana"].post(f"/integrari/contabil/{Invitation.objects.get().pk}/retragere/")
    answer = guest.browser.get(guest.at_anaf(address, second), follow=True)
    assert answer.status_code == 410
    assert not Authorization.objects.exists()


def test_two_who_open_the_link_make_one_connection(guest, link, second, anaf, tmp_path):
    path = link()
    other = type(guest)(Client(), anaf, tmp_path / "other.pem")
    first_way, second_way = guest.agree_by(path), other.agree_by(path)
    assert guest.browser.get(guest.at_anaf(first_way, second))["Location"] == "/integrari/oaspete/"
    assert other.browser.get(other.at_anaf(second_way, second), follow=True).status_code == 410
    assert Authorization.objects.count() == 1


def test_a_refusal_leaves_the_link_open_and_says_why(guest, link, second):
    path = link()
    assert guest.cross_by(path, "neinrolat") == path
    page = guest.browser.get(path).content.decode()
    assert "Ce faceți acum" in page
    assert "Linkul merge în continuare" in page
    assert "Ce faceți acum" not in Client().get(path).content.decode()  # another browser learns nothing of it
    assert guest.cross_by(path, second) == "/integrari/oaspete/"


def test_another_browser_cannot_finish_the_walk(guest, link, second):
    callback = guest.at_anaf(guest.agree_by(link()), second)
    assert Client().get(callback).status_code == 410
    assert not Authorization.objects.exists()


def test_a_link_of_a_firm_whose_plan_has_ended_says_so_and_stays_good(guest, link, second, firm, settings):
    path = link()
    settings.PLANS, settings.PLANS_FILE = True, ""
    Firm.objects.filter(pk=firm.pk).update(created_at=timezone.now() - timedelta(days=365))  # no trial lasts a year
    answer = guest.browser.get(path)
    assert answer.status_code == 403
    assert "Abonamentul firmei la acest serviciu s-a încheiat" in answer.content.decode()
    assert guest.browser.post(path, GUEST).status_code == 403
    assert not Crossing.objects.exists()
    settings.PLANS = False  # the same as a plan taken up again
    assert guest.cross_by(path, second) == "/integrari/oaspete/"


@pytest.mark.parametrize("missing", ["name", "email", "agreed"])
def test_without_name_mail_and_consent_nobody_leaves(guest, link, missing):
    answer = guest.browser.post(link(), {key: value for key, value in GUEST.items() if key != missing})
    assert answer.status_code == 400


def test_the_guest_withdraws_by_the_link_in_the_mail(guest, link, second, firm, ana):
    guest.cross_by(link(), second)
    rounds.make(timezone.now())
    (letter,) = mail.outbox
    assert letter.to == [GUEST["email"]]
    path = next(word for word in letter.body.split() if "/retragere/" in word).removeprefix("https://punte.example")
    anywhere = Client()
    assert "ANAF nu ne dă o cale să îi spunem" in anywhere.get(path).content.decode()
    assert status(firm).works  # asking ends nothing
    assert "Acordul s-a încheiat" in anywhere.post(path).content.decode()
    assert status(firm) is None
    assert Authorization.objects.get().refresh_token == ""
    rounds.make(timezone.now())
    assert ana.email in {letter.to[0] for letter in mail.outbox}
    assert Client().get("/integrari/retragere/altceva/").status_code == 404


def test_the_owner_disconnects_a_guests_certificate(guest, link, second, people, firm):
    guest.cross_by(link(), second)
    held = Authorization.objects.get()
    page = people["ana"].get(f"/integrari/{held.pk}/deconectare/").content.decode()
    assert "Maria Contabil" in page
    people["ana"].post(f"/integrari/{held.pk}/deconectare/")
    held.refresh_from_db()
    assert (held.access_token, held.refresh_token, held.previous_refresh_token) == ("", "", "")
    assert status(firm) is None


def test_a_link_given_again_after_a_year_takes_the_place_of_the_first(guest, link, second, firm):
    guest.cross_by(link(), second)
    guest.cross_by(link(), second)
    assert [one.rights.get().rank for one in Authorization.objects.live()] == [0]


def test_the_link_is_mailed_when_an_address_is_given(link):
    path = link("maria@cabinet.example")
    (letter,) = mail.outbox
    assert letter.to == ["maria@cabinet.example"]
    assert path in letter.body


def test_the_link_is_nowhere_in_the_database_or_the_journal(link):
    token = link().rstrip("/").rpartition("/")[2]
    assert Invitation.objects.get().token_hash != token
    assert not [event for event in Event.objects.all() if token in str(event.facts)]


def test_who_agreed_is_who_holds_whatever_another_wrote_meanwhile(guest, link, second, firm, anaf, tmp_path):
    path = link()
    callback = guest.at_anaf(guest.agree_by(path), second)
    Client().post(path, GUEST | {"name": "Altcineva", "email": "altcineva@cabinet.example"})
    guest.browser.get(callback)
    assert status(firm).holder == "Maria Contabil"

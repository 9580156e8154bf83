"""The operator's application or the firm's own; and the callback compared before anybody leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection as database

from punte.web.connection import applications, renewal
from punte.web.connection.callbacks import compare, registrable
from punte.web.connection.models import Application, Authorization, Event
from punte.web.firms.models import Firm

OURS = "https://punte.example/integrari/anaf/intoarcere/"


def put(browser, anaf, callback=OURS, **other):
    facts = {"client_id": anaf.client_id, "client_secret": anaf.client_secret, "callback": callback} | other
    return browser.post("/integrari/aplicatie/", facts)


@pytest.mark.parametrize(
    ("registered", "differs", "reason"),
    [
        ("http://punte.example/integrari/anaf/intoarcere/", "", "una începe cu http, cealaltă cu https"),
        ("https://punte.example/integrari/anaf/intoarcere", "", "bara / de la sfârșit lipsește la una"),
        ("https://punte.ro/integrari/anaf/intoarcere/", "ro", "numele serverului diferă"),
        ("https://punte.example:8443/integrari/anaf/intoarcere/", ":8443", "portul diferă"),
        ("https://punte.example/integrari/intoarcere/", "", "calea de după numele serverului diferă"),
        ("https://punte.example/Integrari/anaf/intoarcere/", "I", "diferă literele mari și mici"),
        (OURS + " ", " ", "calea de după numele serverului diferă"),
    ],
)
def test_two_callbacks_are_compared_to_the_letter(registered, differs, reason):
    comparison = compare(OURS, registered)
    assert "".join(piece.text for piece in comparison.registered) == registered
    assert "".join(piece.text for piece in comparison.ours) == OURS
    assert "".join(piece.text for piece in comparison.registered if piece.differs) == differs
    assert reason in comparison.reasons


def test_the_same_callback_has_no_difference():
    comparison = compare(OURS, OURS)
    assert comparison.reasons == ()
    assert not any(piece.differs for piece in (*comparison.ours, *comparison.registered))


@pytest.mark.parametrize(
    ("address", "good"),
    [
        (OURS, True),
        ("https://localhost:8765/", True),
        ("http://punte.example/", False),
        ("punte.example", False),
        ("https://punte.example/#x", False),
        (OURS + " ", False),
    ],
)
def test_anaf_registers_https_alone(address, good):
    assert (registrable(address) == "") is good


def test_a_firms_own_application_connects_renews_and_serves_that_firm_alone(traveller, firm, anaf, ana, settings, now):
    second = Firm.objects.create(cui="41287658", name="Dobre Ilinca PFA")  # ilinca has a right on it too
    second.memberships.create(user=ana)
    settings.ANAF_CLIENT_ID = settings.ANAF_CLIENT_SECRET = ""  # the operator has none
    assert put(traveller.browser, anaf).status_code == 302
    assert traveller.cross("ilinca") == "/integrari/?conectat"
    authorization = Authorization.objects.get()
    assert authorization.application == Application.objects.get()
    assert [right.firm for right in authorization.rights.all()] == [firm]
    renewal.renew(authorization.pk, now + timedelta(days=76))
    assert Authorization.objects.get().refreshed_at


def test_the_secret_is_ciphertext_and_on_no_page(traveller, firm, anaf):
    put(traveller.browser, anaf)
    with database.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM connection_application")
        assert anaf.client_secret not in cursor.fetchone()[0]
    page = traveller.browser.get("/integrari/aplicatie/").content.decode()
    assert anaf.client_secret not in page
    assert anaf.client_id not in page  # shortened
    assert not [event for event in Event.objects.all() if anaf.client_secret in str(event.facts)]


def test_a_wrong_form_does_not_echo_the_secret(traveller, anaf):
    answer = put(traveller.browser, anaf, callback="http://punte.example/")
    assert answer.status_code == 400
    assert anaf.client_secret not in answer.content.decode()
    assert not Application.objects.exists()


def test_a_callback_that_differs_is_explained_before_leaving(traveller, anaf):
    put(traveller.browser, anaf, callback=OURS.rstrip("/"))
    answer = traveller.browser.post("/integrari/conectare/", {"agreed": "on"})
    assert answer["Location"] == "/integrari/adresa-de-intoarcere/"
    page = traveller.browser.get(answer["Location"]).content.decode()
    assert "Nu v-am trimis la ANAF" in page
    assert "Bara / de la sfârșit lipsește la una" in page
    assert "<mark>/</mark>" in page


def test_the_operators_callback_is_compared_too(traveller, settings):
    settings.ANAF_CALLBACK = "https://facturi.example/integrari/anaf/intoarcere/"
    answer = traveller.browser.post("/integrari/conectare/", {"agreed": "on"}, follow=True)
    page = answer.content.decode()
    assert "PUNTE_BASE_URL" in page
    assert "Numele serverului diferă" in page
    settings.ANAF_CALLBACK = OURS
    assert traveller.cross("ilinca") == "/integrari/?conectat"


def test_a_replaced_application_keeps_its_secret_until_its_last_connection_ends(traveller, firm, anaf, ana, now):
    put(traveller.browser, anaf)
    traveller.cross("ilinca")
    old = Application.objects.get()
    traveller.browser.post("/integrari/aplicatie/scoatere/")
    assert applications.own(firm) is None
    old.refresh_from_db()
    assert old.client_secret == anaf.client_secret
    renewal.renew(Authorization.objects.get().pk, now + timedelta(days=76))  # by the application that got it
    assert Authorization.objects.get().problem == ""
    Authorization.objects.get().end(now)
    applications.forget_unused()
    old.refresh_from_db()
    assert old.client_secret == ""

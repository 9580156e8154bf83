"""Which language a page and a letter speak, and how it is switched."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from django.utils import translation

from punte.web.accounts.models import Language, User
from punte.web.delivery import showing
from punte.web.plans import letters

pytestmark = pytest.mark.django_db
GATE = "/cont/login/"


def spoken(client: Client, path: str = GATE, **headers: str) -> str:
    """The language a page says it is in."""
    said = re.search(r'<html lang="(\w+)">', client.get(path, headers=headers).content.decode())
    assert said
    return said[1]


@pytest.mark.parametrize(
    ("browser", "language"),
    [
        ("", "ro"),
        ("ro-RO,ro;q=0.9,en;q=0.8", "ro"),
        ("en-US,en;q=0.9", "en"),
        ("en-GB,en;q=0.9,ro;q=0.3", "ro"),  # Romanian is understood
        ("de-DE,de;q=0.9,en;q=0.5", "ro"),  # English is not what is preferred
        ("*", "ro"),
        ("en;q=x,;;", "ro"),
    ],
)
def test_a_first_visit_is_romanian_unless_the_browser_clearly_wants_english(client, browser, language):
    assert spoken(client, accept_language=browser) == language


def test_a_guest_chooses_and_comes_back_to_the_same_page(client):
    page = client.get("/ajutor/intrebari/?q=pin").content.decode()
    assert '<input type="hidden" name="next" value="/ajutor/intrebari/?q=pin">' in page
    assert '<button type="submit" name="language" value="en" lang="en">' in page

    answer = client.post("/cont/limba/", {"language": "en", "next": "/ajutor/intrebari/?q=pin"})
    assert answer["Location"] == "/ajutor/intrebari/?q=pin"
    page = client.get(answer["Location"])
    assert page["Content-Language"] == "en"
    assert "<h1>Frequent questions</h1>" in page.content.decode()
    assert spoken(client, accept_language="ro") == "en"  # a choice stands above the browser

    client.post("/cont/limba/", {"language": "ro", "next": GATE})
    assert spoken(client, accept_language="en") == "ro"


def test_the_choice_of_who_has_an_account_follows_them_to_every_device(people, ana):
    people["ana"].post("/cont/limba/", {"language": "en", "next": "/setari/"})
    assert User.objects.get(pk=ana.pk).language == Language.ENGLISH

    elsewhere = Client()
    assert spoken(elsewhere) == "ro"
    elsewhere.post(GATE, {"login": ana.email, "password": "peste-punte-2026"})
    assert spoken(elsewhere, "/setari/", accept_language="ro") == "en"
    assert spoken(people["bogdan"], "/setari/", accept_language="en") == "ro"  # the browser never asks for a person


def test_signed_out_the_language_stays(people):
    people["ana"].post("/cont/limba/", {"language": "en", "next": "/"})
    people["ana"].post("/cont/logout/")
    assert spoken(people["ana"]) == "en"


def test_a_new_account_keeps_the_language_of_its_first_page(client):
    client.post("/cont/limba/", {"language": "en", "next": "/cont/signup/"})
    client.post("/cont/signup/", {"email": "jane@weir.example", "password1": "a footbridge of limestone"})
    assert User.objects.get().language == Language.ENGLISH


@pytest.mark.parametrize("language", ["", "de", "en-GB", "<b>"])
def test_a_language_we_do_not_have_changes_nothing(people, ana, language):
    assert people["ana"].post("/cont/limba/", {"language": language, "next": "/"}).status_code == 400
    assert User.objects.get(pk=ana.pk).language == Language.ROMANIAN


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else(client, target):
    assert client.post("/cont/limba/", {"language": "en", "next": target})["Location"] == "/"


def test_a_link_alone_switches_nothing(client):
    assert client.get("/cont/limba/?language=en").status_code == 405


def test_an_answer_to_a_form_is_switched_on_the_page_of_the_form(client, people, firm):
    """The address that took the form may not be a page by itself."""
    page = client.post(GATE, {"login": "x"}, headers={"Referer": f"http://testserver{GATE}?next=/setari/"})
    assert f'name="next" value="http://testserver{GATE}?next=/setari/"' in page.content.decode()
    page = client.post(GATE, {"login": "x"}, headers={"Referer": "https://elsewhere.example/"})
    assert 'name="next" value="/"' in page.content.decode()


@pytest.mark.parametrize("path", [GATE, "/cont/signup/", "/ajutor/", "/integrari/ghid/", "/setari/", "/nu-exista/"])
def test_every_page_has_the_switch(people, path):
    for who in ("ana", "nobody"):
        answer = people[who].get(path, follow=True)
        assert answer.content.decode().count('action="/cont/limba/"') == 1, who


def test_a_request_leaves_the_language_of_the_process_as_it_was(people, ana):
    User.objects.filter(pk=ana.pk).update(language=Language.ENGLISH)
    before = translation.get_language()
    assert spoken(people["ana"], "/setari/") == "en"
    assert translation.get_language() == before == "ro"


def test_pages_for_guests_say_what_they_vary_by(client):
    assert {"Accept-Language", "Cookie"} <= {one.strip() for one in client.get(GATE)["Vary"].split(",")}


# --- what is said ---


def test_allauth_speaks_english_too(client):
    client.post("/cont/limba/", {"language": "en", "next": GATE})
    page = client.post(GATE, {"login": "ana@arcada.example", "password": "x"}).content.decode()
    assert "The email address and/or password you specified are not correct." in page
    page = client.post("/cont/signup/", {"email": "", "password1": ""}).content.decode()
    assert "This field is required." in page


def test_a_wrong_cui_is_explained_in_english(people, ana):
    User.objects.filter(pk=ana.pk).update(language=Language.ENGLISH)
    page = people["ana"].get("/firme/noua/", {"cui": "18547291"}).content.decode()
    assert "check digit (the last) does not fit the others" in page


# --- letters ---


def test_a_letter_about_the_account_is_in_the_readers_language_not_in_the_askers(client, ana):
    User.objects.filter(pk=ana.pk).update(language=Language.ENGLISH)
    client.post("/cont/password/reset/", {"email": ana.email})
    (letter,) = mail.outbox
    assert letter.subject == "Punte: A new password for your Punte account"
    assert letter.body.startswith("Hello,")


def test_a_letter_to_who_has_no_account_is_in_the_language_of_the_page(client):
    client.post("/cont/limba/", {"language": "en", "next": GATE})
    client.post("/cont/password/reset/", {"email": "nobody@weir.example"})
    assert "there is no account with this address" in mail.outbox[0].body


def test_each_owner_is_reminded_in_their_language(firm, ana, carmen, settings):
    settings.PLANS = True
    firm.memberships.create(user=carmen, role="owner")
    User.objects.filter(pk=carmen.pk).update(language=Language.ENGLISH)
    type(firm).objects.update(created_at=datetime.now(UTC) - timedelta(days=30 - 7))
    assert letters.remind(datetime.now(UTC)) == 1
    subjects = {letter.to[0]: letter.subject for letter in mail.outbox}
    assert "se încheie pe" in subjects[ana.email]
    assert "ends on" in subjects[carmen.email]


def test_the_cookie_of_the_choice_is_ours_alone(client):
    client.post("/cont/limba/", {"language": "en", "next": GATE})
    cookie = client.cookies[django_settings.LANGUAGE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_states_and_reasons_follow_the_language(db):
    with translation.override("en"):
        assert showing.word("uncertain").title == "We do not know yet whether it arrived"
    assert showing.word("uncertain").title == "Nu știm încă dacă a ajuns"

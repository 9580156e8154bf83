"""In and out of the account, as a person walks it: our pages, our mail, our words."""

import re

import pytest
from django.core import mail
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_forgotten_password_is_replaced_by_a_link_in_the_mail(client: Client, ana) -> None:
    asked = client.post("/cont/password/reset/", {"email": ana.email}, follow=True)
    assert "<h1>Verificați e-mailul</h1>" in asked.content.decode()
    (letter,) = mail.outbox
    assert "O parolă nouă pentru contul Punte" in letter.subject
    assert letter.body.startswith("Bună ziua,")
    assert "Dacă nu ați cerut-o, nu trebuie să faceți nimic" in letter.body

    link = re.search(r"https?://[^/]+(/\S+)", letter.body)
    assert link
    form = client.get(link[1], follow=True)
    assert "<h1>Alegeți o parolă nouă</h1>" in form.content.decode()
    action = form.redirect_chain[-1][0]
    done = client.post(action, {"password1": "alt pod, mai lung", "password2": "alt pod, mai lung"}, follow=True)
    assert "<h1>Parola este schimbată</h1>" in done.content.decode()
    assert client.login(email=ana.email, password="alt pod, mai lung")

    again = Client().get(link[1], follow=True).content.decode()
    assert "<h1>Linkul nu mai este bun</h1>" in again


def test_an_address_without_an_account_is_told_only_by_mail(client: Client) -> None:
    asked = client.post("/cont/password/reset/", {"email": "nimeni@exemplu.ro"}, follow=True)
    assert "<h1>Verificați e-mailul</h1>" in asked.content.decode()
    assert [letter.to for letter in mail.outbox] == [["nimeni@exemplu.ro"]]
    assert "nu există un cont cu această adresă" in mail.outbox[0].body


def test_inside_the_account_there_are_menu_name_and_way_out(client: Client, ana) -> None:
    client.force_login(ana)
    html = client.get("/cont/password/change/").content.decode()
    assert 'aria-label="Meniu principal"' in html
    assert 'aria-label="Meniu rapid"' in html
    assert "Contul meu: Ana Moldovan" in html
    assert html.count('action="/cont/logout/"') == 2  # in the band and in the phone's menu
    assert "<h1>Ieșiți din cont?</h1>" in client.get("/cont/logout/").content.decode()


def test_a_changed_password_is_said_once(client: Client, ana) -> None:
    client.force_login(ana)
    new = "alt pod, mai lung"
    passwords = {"oldpassword": "peste-punte-2026", "password1": new, "password2": new}
    client.post("/cont/password/change/", passwords)
    assert "Parola este schimbată." in client.get("/cont/email/").content.decode()
    assert "Parola este schimbată." not in client.get("/cont/email/").content.decode()


def test_a_person_sees_the_addresses_of_the_account(client: Client, ana) -> None:
    client.force_login(ana)
    html = client.get("/cont/email/").content.decode()
    assert "<h1>Adrese de e-mail</h1>" in html
    assert '<label for="id_email">Adresa de e-mail</label>' in html

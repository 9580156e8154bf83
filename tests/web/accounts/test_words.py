"""In and out of the account: what people are told, in Romanian and in the polite plural."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import punte.web.accounts as accounts
from punte.web.accounts.models import User

MESSAGES = Path(accounts.__file__).parent / "locale" / "ro" / "LC_MESSAGES"


def words(catalog: Catalog) -> list[tuple[str, str]]:
    """Singular and plural alike, as text; the header left out."""
    return sorted((str(list(message.id)), str(list(message.string))) for message in catalog if message.id)


def test_the_compiled_words_are_those_of_the_source():
    with (MESSAGES / "django.po").open("rb") as source, (MESSAGES / "django.mo").open("rb") as compiled:
        assert words(read_mo(compiled)) == words(read_po(source))


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("", "", "Completați acest câmp."),
        ("ilinca", "un pod peste Someș", "Adresa de e-mail nu este întreagă"),
        ("ilinca@vadul-lat.example", "pod", "Trebuie să aibă cel puțin 8 caractere"),
        ("ilinca@vadul-lat.example", "password123", "se ghicește ușor"),
        ("ilinca@vadul-lat.example", "ilinca@vadul-lat", "seamănă prea mult cu"),
    ],
)
def test_a_sign_up_that_cannot_be_says_why(client, db, email, password, said):
    page = client.post("/cont/signup/", {"email": email, "password1": password}).content.decode()
    assert said in page
    assert not User.objects.exists()


def test_a_sign_up_leads_to_the_first_firm(client, db):
    answer = client.post("/cont/signup/", {"email": "Ilinca@Vadul-Lat.example", "password1": "un pod peste Someș"})
    assert answer.status_code == 302
    user = User.objects.get()
    assert user.email == "ilinca@vadul-lat.example"
    assert client.get("/integrari/")["Location"] == "/firme/noua/"


def test_a_taken_address_makes_no_second_account_and_says_what_to_do(client, ana):
    """With PUNTE_EMAIL_VERIFICATION=mandatory this is said by mail alone; without, a sign-up cannot hide it."""
    page = client.post("/cont/signup/", {"email": ana.email, "password1": "un pod peste Someș"}).content.decode()
    assert "Există deja un cont cu această adresă" in page
    assert User.objects.count() == 1


def test_a_wrong_password_is_told_without_saying_which_was_wrong(client, ana):
    said = "Adresa de e-mail sau parola nu se potrivesc"
    for email in (ana.email, "nimeni@exemplu.ro"):
        page = client.post("/cont/login/", {"login": email, "password": "alta"}).content.decode()
        assert said in page


def test_in_and_out(client, ana):
    assert client.post("/cont/login/", {"login": ana.email, "password": "peste-punte-2026"}).status_code == 302
    assert client.get("/cont/password/change/").status_code == 200
    assert client.post("/cont/logout/")["Location"] == "/cont/login/"
    assert client.get("/integrari/")["Location"].startswith("/cont/login/")


def test_a_wrong_password_of_before_changes_nothing(client, ana):
    client.force_login(ana)
    passwords = {"oldpassword": "alta", "password1": "alt pod, mai lung", "password2": "alt pod, mai lung"}
    assert "Parola de acum nu se potrivește" in client.post("/cont/password/change/", passwords).content.decode()
    ana.refresh_from_db()
    assert ana.check_password("peste-punte-2026")


def test_two_different_passwords_are_told(client, ana):
    client.force_login(ana)
    passwords = {"oldpassword": "peste-punte-2026", "password1": "alt pod, mai lung", "password2": "altul"}
    assert "Cele două parole nu sunt la fel" in client.post("/cont/password/change/", passwords).content.decode()

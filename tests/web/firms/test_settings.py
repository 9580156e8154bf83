"""Setări, and who may see and do what with a firm."""

from __future__ import annotations

import httpx2
import pytest

from punte.web.firms.models import Firm, Role

TO_SIGN_IN = 302
GOOD = {
    "street": "Str. Podului 14",
    "city": "Cluj-Napoca",
    "county": "RO-CJ",
    "post_code": "400098",
    "iban": "RO49 AAAA 1B31 0075 9384 0000",
    "bank": "Banca Exemplu",
    "phone": "0264 000 000",
    "email": "facturi@arcada.example",
}


@pytest.mark.parametrize(
    ("method", "path", "expected"),  # of Ana, Bogdan, Carmen, nobody; Carmen's /setari/ is her own firm's
    [
        ("get", "/firme/noua/", (200, 200, 200, TO_SIGN_IN)),
        ("get", "/setari/", (200, 200, 200, TO_SIGN_IN)),
        ("post", "/setari/", (200, 403, 200, TO_SIGN_IN)),  # 200: the form is empty
        ("post", "/setari/reverificare/", (302, 403, 302, TO_SIGN_IN)),
        ("get", "/setari/reverificare/", (405, 405, 405, TO_SIGN_IN)),
        ("post", "/firme/{pk}/alege/", (302, 302, 404, TO_SIGN_IN)),
        ("post", "/firme/0/alege/", (404, 404, 404, TO_SIGN_IN)),
        ("get", "/firme/{pk}/alege/", (405, 405, 405, TO_SIGN_IN)),
    ],
)
def test_who_gets_what(people, firm, anaf, method, path, expected):
    address = path.format(pk=firm.pk)
    for who, status_code in zip(people, expected, strict=True):
        answer = getattr(people[who], method)(address)
        assert (who, answer.status_code) == (who, status_code)
        if status_code != TO_SIGN_IN:
            continue
        assert (who == "nobody") == answer["Location"].startswith("/cont/login/")


def test_the_owner_changes_what_is_the_firms_own(people, firm):
    assert people["ana"].post("/setari/", GOOD)["Location"] == "/setari/"
    firm.refresh_from_db()
    assert (firm.street, firm.iban) == ("Str. Podului 14", "RO49AAAA1B31007593840000")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"iban": "RO49AAAA1B31007593840001"}, "cifrele de control (după codul țării) nu se potrivesc"),
        ({"iban": "RO49AAAA1B3100759384"}, "Un IBAN românesc are 24 de caractere; ați scris 20"),
        ({"email": "facturi@"}, "Adresa de e-mail nu este întreagă"),
        ({"county": ""}, "Alegeți județul"),
        ({"county": "RO-XX"}, "Selectați o opțiune validă"),
        ({"street": ""}, "Scrieți strada"),
        ({"county": "RO-B", "city": "București"}, "Alegeți de la SECTOR1 la SECTOR6"),
        ({"city": "C" * 51}, "cel mult 50"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_saved(people, firm, change, said):
    page = people["ana"].post("/setari/", GOOD | change).content.decode()
    assert said in page
    assert 'aria-invalid="true"' in page
    firm.refresh_from_db()
    assert firm.street == "Str. Podului 12"


def test_a_refresh_takes_name_and_vat_from_anaf_and_leaves_the_address(people, firm, anaf):
    Firm.objects.update(name="Nume vechi", vat_registered=False)
    people["ana"].post("/setari/reverificare/")
    firm.refresh_from_db()
    assert (firm.name, firm.vat_registered, firm.street) == ("Arcada Studio SRL", True, "Str. Podului 12")
    assert firm.looked_up_at


def test_a_refresh_without_an_answer_changes_nothing_and_says_so(people, firm, anaf):
    httpx2.post(f"{anaf.control}/faults", json={"kind": "lose_before", "operation": "PlatitorTvaRest"})
    page = people["ana"].post("/setari/reverificare/", follow=True).content.decode()
    assert "Registrul ANAF nu răspunde acum. Datele au rămas cum erau" in page
    firm.refresh_from_db()
    assert firm.name == "Arcada Studio SRL"
    assert firm.looked_up_at is None


def test_who_only_reads_sees_the_firm_and_no_form(people):
    page = people["bogdan"].get("/setari/").content.decode()
    assert "RO49AAAA1B31007593840000" in page
    assert 'name="iban"' not in page
    assert "reverificare" not in page


def test_the_people_of_the_firm_are_listed_with_their_roles(people):
    page = people["ana"].get("/setari/").content.decode()
    for words in (
        "Ana Moldovan",
        "Administrator",
        "bogdan@arcada.example",
        "Coleg, doar citire",
        "/cont/password/change/",
    ):
        assert words in page
    assert "Carmen" not in page


def test_the_chosen_firm_is_kept_for_the_session(people, ana, firm):
    second = Firm.objects.create(cui="41287658", name="Dobre Ilinca PFA")
    second.memberships.create(user=ana, role=Role.OWNER)
    assert people["ana"].post(f"/firme/{second.pk}/alege/")["Location"] == "/"
    assert "<p>Dobre Ilinca PFA, CUI" in people["ana"].get("/setari/").content.decode()


@pytest.mark.parametrize(
    ("wanted", "led"),
    [("/integrari/", "/integrari/"), ("https://altundeva.example/", "/"), ("//altundeva.example", "/"), ("", "/")],
)
def test_a_switch_leads_back_into_the_product_alone(people, firm, wanted, led):
    assert people["ana"].post(f"/firme/{firm.pk}/alege/", {"next": wanted})["Location"] == led

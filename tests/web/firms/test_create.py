"""A firm from its CUI, by ANAF's public register."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx2
import pytest
from django.utils import timezone

from punte.web.config.anaf import hosts
from punte.web.firms.founding import AlreadyYours, found
from punte.web.firms.models import Firm, Role

NEW = "/firme/noua/"
ADDRESS = {"street": "Str. Fântânelor nr. 7", "city": "Cluj-Napoca", "county": "RO-CJ", "post_code": "400327"}


def page(client, cui: str) -> str:
    return client.get(NEW, {"cui": cui}).content.decode()


@pytest.fixture
def ana_at(client, ana):
    """Ana, before she has a firm."""
    client.force_login(ana)
    return client


def silence(anaf, kind="lose_before", **facts) -> None:
    httpx2.post(f"{anaf.control}/faults", json={"kind": kind, "operation": "PlatitorTvaRest", **facts})


def test_a_firm_is_shown_as_the_register_has_it_and_saved_when_confirmed(ana_at, ana, anaf):
    shown = page(ana_at, "RO 412 876 58")
    assert "Dobre Ilinca PFA" in shown
    assert "neînregistrată în scopuri de TVA" in shown
    assert 'value="Cluj-Napoca"' in shown
    answer = ana_at.post(NEW, {"cui": "41287658", **ADDRESS})
    assert answer["Location"] == "/integrari/"
    firm = Firm.objects.get()
    assert (firm.cui, firm.vat_registered, firm.county, firm.city) == ("41287658", False, "RO-CJ", "Cluj-Napoca")
    assert firm.trade_register_number == "F12/418/2019"
    assert firm.looked_up_at
    assert firm.memberships.get().user == ana
    assert firm.memberships.get().role == Role.OWNER
    assert "Dobre Ilinca" in ana_at.get("/setari/").content.decode()


def test_what_is_saved_is_what_the_register_said_not_what_the_browser_sends(ana_at, anaf):
    page(ana_at, "41287658")
    ana_at.post(NEW, {"cui": "41287658", "name": "Altceva SRL", "vat_registered": "on", **ADDRESS})
    firm = Firm.objects.get()
    assert firm.name.startswith("Dobre Ilinca")
    assert not firm.vat_registered


def test_a_cui_that_was_not_looked_up_is_looked_up_first(ana_at, anaf):
    page(ana_at, "41287658")
    answer = ana_at.post(NEW, {"cui": "19283749", **ADDRESS})
    assert "Arcada Studio" in answer.content.decode()
    assert not Firm.objects.exists()


def test_a_sector_of_bucharest_is_written_as_ro_cius_wants_it(ana_at, anaf):
    assert 'value="SECTOR3"' in page(ana_at, "33451201")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Scrieți CUI-ul firmei."),
        ("41287659", "cifra de control (ultima) nu se potrivește"),  # 41287658 is right
        ("ABC", "nu are forma unui CUI"),
    ],
)
def test_a_wrong_cui_is_told_before_anaf_is_asked(ana_at, anaf, typed, said):
    assert said in page(ana_at, typed)
    assert anaf.world.ledger.describe(0) == []


def test_a_cui_that_the_register_does_not_know_is_told_and_can_be_typed_by_hand(ana_at, anaf):
    assert "ANAF nu are în registru acest CUI" in page(ana_at, "18547290")
    ana_at.post(NEW, {"cui": "18547290", "name": "Exemplu SRL", "vat_registered": "on", **ADDRESS})
    firm = Firm.objects.get()
    assert (firm.name, firm.vat_registered, firm.looked_up_at) == ("Exemplu SRL", True, None)


@pytest.mark.parametrize("fault", [{"kind": "lose_before"}, {"kind": "status", "code": "503"}])
def test_an_anaf_that_does_not_answer_is_told_and_the_firm_can_be_typed_by_hand(ana_at, anaf, fault):
    silence(anaf, **fault)
    assert "Registrul ANAF nu răspunde acum" in page(ana_at, "41287658")
    answer = ana_at.post(NEW, {"cui": "41287658", "name": "", **ADDRESS})
    assert "Scrieți denumirea" in answer.content.decode()
    ana_at.post(NEW, {"cui": "41287658", "name": "Dobre Ilinca PFA", **ADDRESS})
    assert "Date completate de mână" in ana_at.get("/setari/").content.decode()


def test_bucharest_without_a_sector_is_refused_with_the_list(ana_at, anaf):
    page(ana_at, "33451201")
    answer = ana_at.post(NEW, {"cui": "33451201", "street": "Str. Morarilor 21", "city": "București", "county": "RO-B"})
    assert "Alegeți de la SECTOR1 la SECTOR6" in answer.content.decode()
    assert not Firm.objects.exists()


def test_an_inactive_firm_is_warned_of(ana_at, anaf):
    shown = page(ana_at, "37044189")
    assert "declarată inactivă fiscal" in shown
    assert "Folosiți această firmă" in shown


def test_a_firm_struck_off_is_refused(ana_at, anaf, settings):
    """The simulator's register has none: one answer of it, changed by a server in between."""
    asked = httpx2.post(
        f"{anaf.public}/api/PlatitorTvaRest/v9/tva",
        json=[{"cui": 41287658, "data": "2026-11-22"}],
        verify=ssl.create_default_context(cafile=str(anaf.ca_file)),
    ).json()
    asked["found"][0]["date_generale"]["stare_inregistrare"] = "RADIERE din data 02.03.2024"
    with answering(json.dumps(asked).encode()) as address:
        settings.ANAF_PUBLIC = address
        hosts.cache_clear()
        shown = page(ana_at, "41287658")
    assert "Firma este radiată" in shown
    assert "RADIERE din data 02.03.2024" in shown
    ana_at.post(NEW, {"cui": "41287658", **ADDRESS})
    assert not Firm.objects.exists()


@contextmanager
def answering(body: bytes) -> Iterator[str]:
    """The address of a server that gives every POST this JSON."""

    class Register(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Register)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_firm_that_is_already_ones_own_is_named(people, firm, anaf):
    shown = page(people["ana"], firm.cui)
    assert "este deja în contul dumneavoastră" in shown
    assert anaf.world.ledger.describe(0) == []


def test_anothers_firm_with_the_same_cui_stays_private(ana_at, carmens_firm, anaf):
    Firm.objects.update(cui="41287658")
    assert "deja" not in page(ana_at, "41287658")
    ana_at.post(NEW, {"cui": "41287658", **ADDRESS})
    assert Firm.objects.count() == 2


def test_a_second_click_makes_no_second_firm(ana, firm):
    with pytest.raises(AlreadyYours) as caught:
        found(ana, looked_up_at=timezone.now(), cui=firm.cui, name="Arcada")
    assert caught.value.firm == firm
    assert Firm.objects.count() == 1


CNP = "1800101221144"


def test_a_person_without_a_company_writes_a_cnp_and_nobody_is_asked(ana_at, ana):
    shown = ana_at.post(NEW, {"cui": CNP, "cauta": "1"}).content.decode()
    assert "Persoană fizică, cu CNP" in shown
    assert "Numele și prenumele" in shown
    assert "Registrul Comerțului" not in shown
    answer = ana_at.post(NEW, {"cui": CNP, "name": "Ana Moldovan", "iban": "", **ADDRESS}, follow=True)
    firm = Firm.objects.get()
    assert (firm.cui, firm.identified_by_cnp, firm.vat_registered) == (CNP, True, False)
    page = answer.content.decode()
    assert CNP not in page  # on the screen, its end alone
    assert "CNP •••\u00a01144" in page
    assert "Verificați din nou la ANAF" not in ana_at.get("/setari/").content.decode()


def test_a_wrong_cnp_is_told(ana_at):
    shown = ana_at.post(NEW, {"cui": "1800101221145", "cauta": "1"}).content.decode()
    assert "cifra de control (ultima)" in shown

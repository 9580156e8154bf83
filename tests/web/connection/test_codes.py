"""Each of the 43 codes, and the ways that reach it: answers to the dialogue, and what the program finds out by itself.

docs/ghid/coduri-de-diagnostic.md is this table for readers. After a change: PUNTE_WRITE_DOCS=1 pytest <this file>.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from punte.anaf import errors
from punte.anaf.package import ErrorLine
from punte.web.config.anaf import hosts
from punte.web.connection.diagnoses import diagnoses
from punte.web.connection.models import Authorization, Checkup, Crossing
from punte.web.connection.questions import follow, paths
from punte.web.delivery.models import State
from punte.web.delivery.steps import Answer, Rejected, Situation, next_step
from punte.web.delivery.words import WORDS
from punte.web.firms.models import Firm, Role

DOCUMENT = Path(__file__).parents[3] / "docs/ghid/coduri-de-diagnostic.md"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TWICE = ErrorLine("Factura a mai fost transmisa anterior cu index=4999", duplicate_of="4999")
CODES = [*(f"C{n:02}" for n in range(1, 26)), *(f"T{n:02}" for n in range(1, 7)), *(f"S{n:02}" for n in range(1, 13))]


class Person:
    """Ana, with a simulator to spoil and the doctor to ask."""

    def __init__(self, traveller, ana, settings) -> None:
        self.traveller, self.ana, self.settings = traveller, ana, settings
        self.anaf, self.browser = traveller.anaf, traveller.browser

    def refused(self, certificate: str, seconds: float = 30) -> str:
        """The code of a walk on which the person spent `seconds` at ANAF."""
        callback = self.traveller.at_anaf(self.traveller.agree(), certificate)
        crossing = Crossing.objects.latest("pk")
        Crossing.objects.filter(pk=crossing.pk).update(started_at=crossing.started_at - timedelta(seconds=seconds))
        return code_in(self.browser.get(callback)["Location"])

    def connected(self) -> Person:
        assert self.traveller.cross("ilinca") == "/integrari/?conectat"
        return self

    def day(self, *scenarios: str) -> Person:
        for name in scenarios:
            self.anaf.scenario(name)
        return self

    def works_for_the_pfa(self) -> Person:
        pfa = Firm.objects.create(cui="41287658", name="Dobre Ilinca PFA")
        pfa.memberships.create(user=self.ana, role=Role.OWNER)
        self.browser.post(f"/firme/{pfa.pk}/alege/")
        return self

    def doctor(self) -> str:
        page = self.browser.post("/integrari/doctor/")["Location"]
        self.browser.post(f"{page}pas/")
        checkup = Checkup.objects.latest("pk")
        assert checkup.taken == len(checkup.findings) == 9
        shown = self.browser.get(page).content.decode()
        assert checkup.key == "" or diagnoses()[checkup.key].now[:20] in shown
        return checkup.key.partition("-")[0]

    def never_back(self, *answers: str) -> str:
        """Lost on the way to ANAF: what Integrări asks, answered."""
        with pytest.raises(httpx2.TransportError):
            self.traveller.at_anaf(self.traveller.agree(), "ilinca")
        assert "Nu v-ați întors de la ANAF" in self.browser.get("/integrari/").content.decode()
        return asked(self.browser, f"neintors.{'.'.join(answers)}")


def code_in(address: str) -> str:
    found = re.search("/problema/([A-Z][0-9][0-9])", address)
    assert found, address
    return found[1]


def asked(browser, path: str) -> str:
    """The code at the end of `path`, every question on the way answered on its page."""
    begin, *answers = path.split(".")
    address = f"/integrari/intrebari/{begin}/"
    for answer in answers:
        assert f'value="{answer}"' in browser.get(address).content.decode()
        address = browser.get(address, {"raspuns": answer})["Location"]
    codes = re.findall('<h2>.*<span class="code-tag">([A-Z][0-9][0-9])</span>', browser.get(address).content.decode())
    assert len(codes) == 1  # exactly one cause, one cure
    return codes[0]


def c05(ana: Person) -> str:
    return ana.connected().refused("reinnoit")


def c06(ana: Person) -> str:
    """ANAF says what it says to all; the person knows the day; and a day later the same certificate is let in."""
    assert ana.day("enrolled-today").refused("ilinca") == "C04"
    code = asked(ana.browser, "refuzul.pin.azi")
    ana.anaf.world.clock.advance(24 * 3600 + 1)
    ana.connected()
    return code


def c07(ana: Person) -> str:
    assert ana.refused("neinrolat") == "C04"
    return ana.refused("neinrolat")


def c12(ana: Person) -> str:
    ana.anaf.world.desk.callbacks.clear()
    return ana.doctor()


def c13(ana: Person) -> str:
    assert hosts().login == ana.anaf.login  # and stays so: the addresses are read once
    ana.settings.BASE_URL, ana.settings.ANAF = "http://punte.example", "prod"
    return ana.doctor()


def c15(ana: Person) -> str:
    callback = ana.traveller.at_anaf(ana.traveller.agree(), "ilinca")
    ana.anaf.world.clock.advance(61)
    return code_in(ana.browser.get(callback)["Location"])


def c16(ana: Person) -> str:
    return code_in(ana.browser.get("/integrari/anaf/intoarcere/?code=1&state=old")["Location"])


def c18(ana: Person) -> str:
    return ana.day("handshake").never_back("eroare", "ssl")


def t01(ana: Person) -> str:
    ana.connected().day("token-expired")
    ana.anaf.world.clock.advance(2)  # tokens of the very second of the switch count as older
    return ana.doctor()


def s03(ana: Person) -> str:
    ana.connected()
    fault = {"kind": "technical", "code": "104", "operation": "listaMesajePaginatieFactura", "times": None}
    httpx2.post(f"{ana.anaf.control}/faults", json=fault).raise_for_status()
    return ana.doctor()


def s05(ana: Person) -> str:
    return ana.works_for_the_pfa().connected().day("company-unknown").doctor()


def shown(state: State, answer: Answer) -> Callable[[Person], str]:
    """The code on the page of an invoice in `state` to which `answer` comes."""
    return lambda _: WORDS[next_step(Situation(state), answer, NOW).kind].code


# code: a path of the dialogue; what the program finds by itself, in Romanian for the document; how
PROOFS: dict[str, tuple[str, str, Callable[[Person], str] | None]] = {
    "C01": ("conectarea.nimic.windows.nu", "drumul, refuzat în sub 5 secunde", lambda ana: ana.refused("neinrolat", 1)),
    "C02": ("conectarea.nimic.windows.da.nu", "", None),
    "C03": ("conectarea.altul", "drumul, cu alt certificat", lambda ana: ana.connected().refused("fara-drept")),
    "C04": ("refuzul.inchis", "drumul, refuzat după 30 de secunde", lambda ana: ana.refused("neinrolat")),
    "C05": ("refuzul.pin.reinnoit", "drumul, certificatul `reinnoit`, după o conectare", c05),
    "C06": ("refuzul.pin.azi", "`enrolled-today`, apoi întrebările; după 24 de ore, conectat", c06),
    "C07": ("refuzul.pin.niciodata", "drumul, certificatul `neinrolat`, a doua oară", c07),
    "C08": ("conectarea.drept.firma.nu", "drumul, certificatul `fara-drept`", lambda ana: ana.refused("fara-drept")),
    "C09": ("conectarea.drept.niciuna.meu", "drumul, `no-rights`", lambda ana: ana.day("no-rights").refused("ilinca")),
    "C10": (
        "conectarea.drept.firma.da",
        "doctorul, `right-withdrawn`",
        lambda ana: ana.works_for_the_pfa().connected().day("right-withdrawn").doctor(),
    ),
    "C11": ("conectarea.drept.numar", "", None),
    "C12": ("administrez.toti", "doctorul, cu altă adresă înregistrată", c12),
    "C13": ("administrez.inscriere", "doctorul, cu http:// în PUNTE_BASE_URL", c13),
    "C14": ("administrez.localhost", "", None),
    "C15": ("conectarea.intoarcere.reincarcat", "drumul, întors după 61 de secunde", c15),
    "C16": ("conectarea.intoarcere.alta", "drumul, cu un `state` străin", c16),
    "C17": ("neintors.bucla", "`redirect-loop`, apoi întrebările (în Chromium)", None),
    "C18": (
        "neintors.eroare.ssl",
        "`handshake`, apoi întrebările",
        c18,
    ),
    "C19": ("neintors.pin", "`handshake`, apoi întrebările", lambda ana: ana.day("handshake").never_back("pin")),
    "C20": ("conectarea.nimic.mac.nu", "", None),
    "C21": ("conectarea.nimic.firefox", "", None),
    "C22": ("conectarea.nimic.telefon", "", None),
    "C23": ("conectarea.nimic.arm", "", None),
    "C24": ("conectarea.legatura", "", None),
    "C25": ("factura.lipsesc", "", None),
    "T01": ("accesul.singur", "doctorul, `token-expired`", t01),
    "T02": (
        "accesul.reinnoire",
        "doctorul, `token-expired` și `refresh-down`",
        lambda ana: ana.connected().day("token-expired", "refresh-down").doctor(),
    ),
    "T03": (
        "accesul.reconectare",
        "doctorul, `token-revoked`",
        lambda ana: ana.connected().day("token-revoked").doctor(),
    ),
    "T04": ("accesul.lipit", "", None),
    "T05": ("accesul.tot", "doctorul, `not-entitled`", lambda ana: ana.connected().day("not-entitled").doctor()),
    "T06": ("accesul.deconectat", "", None),
    "S01": ("anaf.nimic", "doctorul, `outage`", lambda ana: ana.day("outage").doctor()),
    "S02": (
        "factura.incerta",
        "pagina facturii, starea „Incertă”",
        shown(State.SENDING, errors.ReplyLost("timed out")),
    ),
    "S03": ("factura.tehnica", "doctorul, cu eroarea tehnică 104 la liste", s03),
    "S04": ("factura.dubla", "pagina facturii, `sent-before`", shown(State.PROCESSING, Rejected("3001", (TWICE,), 1))),
    "S05": ("factura.cui", "doctorul, `company-unknown`", s05),
    "S06": ("anaf.mentenanta", "doctorul, `maintenance`", lambda ana: ana.day("maintenance").doctor()),
    "S07": ("anaf.respins", "doctorul, `firewall`", lambda ana: ana.connected().day("firewall").doctor()),
    "S08": ("factura.descarcare.limita", "", None),
    "S09": ("factura.lista", "doctorul, `clock-behind`", lambda ana: ana.connected().day("clock-behind").doctor()),
    "S10": (
        "factura.descarcare.veche",
        "pagina facturii, fără arhivă",
        shown(State.ACCEPTED, errors.Expired("")),
    ),
    "S11": ("administrez.validare", "", None),
    "S12": ("factura.ziua", "", None),
}


@pytest.fixture
def person(traveller, ana, settings) -> Person:
    return Person(traveller, ana, settings)


def test_the_table_has_the_43_codes_and_no_other():
    assert sorted({diagnosis.code for diagnosis in diagnoses().values()}) == sorted(CODES) == sorted(PROOFS)
    assert len(CODES) == 43


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_reached_by_the_dialogue(people, code):
    assert asked(people["ana"], PROOFS[code][0]) == code


@pytest.mark.parametrize("code", [code for code in CODES if PROOFS[code][2]])
def test_a_code_is_found_out(person, code):
    find_out = PROOFS[code][2]
    assert find_out
    assert find_out(person) == code


def test_every_path_of_the_dialogue_ends_in_one_code_and_is_short():
    ends = list(paths())
    assert all(end.diagnosis and len(end.said) <= 7 for end in ends)
    assert {end.diagnosis.code for end in ends if end.diagnosis} == set(CODES)


def test_a_path_that_begins_in_the_middle_does_not_exist(people):
    for path in ("tokenul.da", "inceput.altceva", "conectarea.altul.inca", ""):
        assert people["ana"].get(f"/integrari/intrebari/{path or 'x'}/").status_code == 404


def test_a_connection_in_good_health_has_no_code(person):
    assert person.connected().doctor() == ""
    assert Authorization.objects.get().stale_since is None


def document() -> str:
    lines = [
        "# Codurile de diagnostic",
        "",
        "Când drumul spre ANAF se oprește, Punte arată un cod. Spuneți-l când cereți ajutor; PIN-ul nu i-l spuneți",
        "nimănui. Codurile C țin de certificat și de conectare, T de acces, S de serviciile ANAF.",
        "",
        "În ultima coloană, „drumul” este conectarea, „doctorul” este Integrări → Doctorul conexiunii, iar întrebările",
        "încep la Integrări → Nu merge conectarea? Numele scrise `astfel` sunt certificate și zile proaste ale",
        "simulatorului (docs/anafsim.md). Fiecare rând este dovedit de tests/web/connection/test_codes.py.",
        "",
        "| Cod | Ce este | Cauza | Ce faceți | Cum se dovedește |",
        "|---|---|---|---|---|",
    ]
    for code in CODES:
        path, found_out, _ = PROOFS[code]
        said = " → ".join(option.says for _, option in follow(path).said)
        ways = "; ".join(filter(None, [f"întrebările: {said}", found_out]))
        of_the_code = [one for one in diagnoses().values() if one.code == code]
        title, why, now = ("<br>".join(getattr(one, name) for one in of_the_code) for name in ("title", "why", "now"))
        lines.append(f"| {code} | {title} | {why} | {now} | {ways} |")
    return "\n".join(lines) + "\n"


def test_the_document_is_the_table():
    if os.environ.get("PUNTE_WRITE_DOCS"):
        DOCUMENT.write_text(document(), "utf-8")
    assert DOCUMENT.read_text("utf-8") == document()

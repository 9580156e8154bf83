"""validare, transformare and the firewall before them."""

import re

import httpx2
import pytest

from punte.anafsim.judge import by_the_rules
from punte.anafsim.validation import LARGEST

from .conftest import PFA, Visitor, invoice, valid

VALID = valid()
HOSTS = ["api", "public"]


def post(visitor: Visitor, host: str, path: str, body: bytes, environment: str = "prod") -> httpx2.Response:
    base = getattr(visitor.sim, host)
    url = f"{base}/{environment}/FCTEL/rest/{path}"
    return visitor.http.post(url, content=body, headers=visitor.headers, timeout=60)


@pytest.mark.parametrize("host", HOSTS)
def test_a_valid_document_is_ok(ilinca: Visitor, host: str) -> None:
    answer = post(ilinca, host, "validare/FACT1", invoice())
    assert answer.headers["content-type"] == "application/json"
    assert re.fullmatch(r'\{"stare":"ok","trace_id":"[0-9a-f-]{36}"\}', answer.text)


def test_the_public_host_asks_for_no_token_and_the_gateway_does(ilinca: Visitor) -> None:
    ilinca.bearer = "nothing"
    assert post(ilinca, "public", "validare/FACT1", invoice()).status_code == 200
    assert post(ilinca, "api", "validare/FACT1", invoice()).status_code == 401
    assert post(ilinca, "api", "transformare/FACT1/DA", invoice()).status_code == 401


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["validare/FACT1", "validare/", "transformare/FACT1", "transformare/FCN/DA"])
def test_on_the_test_environment_there_is_neither(ilinca: Visitor, host: str, path: str) -> None:
    answer = post(ilinca, host, path, invoice(), environment="test")
    assert answer.status_code == 404
    assert list(answer.json()) == ["timestamp", "status", "error", "path"]


def test_without_a_standard_the_path_is_not_found(ilinca: Visitor) -> None:
    answer = post(ilinca, "public", "validare/", invoice())
    assert (answer.status_code, answer.json()["path"]) == (404, "/FCTEL/rest/validare/")
    assert answer.json()["timestamp"].endswith("+00:00")


@pytest.mark.parametrize(
    ("path", "body", "text"),
    [
        ("validare/UBL", invoice(), "Valorile acceptate pentru parametrul standard sunt FACT1 si FCN"),
        ("validare/FACT1", b" " * (LARGEST + 1), "Marime fisier transmis mai mare de 5 MB."),
        (
            "validare/FACT1",
            b"<Invoice1/>",
            "Fisierul transmis nu este valid. org.xml.sax.SAXParseException; ",
        ),
        ("validare/FCN", invoice(), "cvc-elt.1.a: Cannot find the declaration of element 'Invoice'."),
        (
            "validare/FACT1",
            invoice(seller="12345674"),
            "CIF-ul vanzatorului nu figureaza in baza de date:12345674",
        ),
        # no parameter `extern`: a foreign buyer is looked for in vain
        ("validare/FACT1", invoice(buyer="HU12345678"), "textEroare=nu a fost identificat cui cumparator"),
        ("transformare/FACT1", invoice(buyer="HU12345678"), "textEroare=nu a fost identificat cui cumparator"),
        ("transformare/UBL/DA", invoice(), "Valorile acceptate pentru parametrul standard sunt FACT1 si FCN"),
    ],
    ids=["standard", "size", "root", "another root", "seller", "buyer", "not printed", "not printed, DA"],
)
def test_what_is_wrong_is_said_with_200(ilinca: Visitor, path: str, body: bytes, text: str) -> None:
    answer = post(ilinca, "public", path, body)
    assert answer.status_code == 200
    assert list(answer.json()) == ["stare", "Messages", "trace_id"]
    assert answer.json()["stare"] == "nok"
    assert any(text in one["message"] for one in answer.json()["Messages"])


def test_the_rules_are_those_of_the_upload(ilinca: Visitor) -> None:
    ilinca.sim.world.judge = by_the_rules
    broken = VALID.replace(b'<cbc:PayableAmount currencyID="RON">', b'<cbc:PayableAmount currencyID="RON">9')
    assert broken != VALID
    messages = post(ilinca, "public", "validare/FACT1", broken).json()["Messages"]
    assert messages[0]["message"].startswith("tipAssert=FailedAssert; codEroare=BR-CO-16; localizareEroare=/")


@pytest.mark.parametrize(("host", "path"), [("public", "transformare/FACT1"), ("api", "transformare/FACT1/DA")])
def test_a_document_becomes_a_pdf(ilinca: Visitor, host: str, path: str) -> None:
    ilinca.sim.world.judge = by_the_rules
    answer = post(ilinca, host, path, VALID)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_with_da_nothing_is_judged(ilinca: Visitor) -> None:
    foreign = VALID.replace(b"RO33451201", b"HU33451201")
    assert post(ilinca, "public", "transformare/FACT1/DA", foreign).content.startswith(b"%PDF")
    assert post(ilinca, "public", "transformare/FACT1/DA", invoice()).json()["stare"] == "nok"  # nothing to print


LOCATION = (
    b'<Invoice xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x ../maindoc/UBL.xsd" '
)


@pytest.mark.parametrize(
    ("host", "path", "body", "blocked"),
    [
        ("public", "transformare/FACT1", LOCATION, True),
        ("public", "transformare/FACT1/DA", LOCATION, True),
        ("public", "transformare/FACT1", b"Cablu ;CP 3x2,5", False),
        ("public", "transformare/FACT1/DA", b"Cablu ;CP 3x2,5", True),
        ("public", "transformare/FACT1/DA", b"Cablu CP 3x2,5; rosu", False),
        ("public", "validare/FACT1", LOCATION, False),
        ("api", "transformare/FACT1/DA", LOCATION, False),
    ],
)
def test_the_firewall_takes_some_documents_for_an_attack(
    ilinca: Visitor, host: str, path: str, body: bytes, blocked: bool
) -> None:
    answer = post(ilinca, host, path, body)
    assert answer.status_code == 200
    assert ("Request Rejected" in answer.text) == blocked
    assert ("text/html" in answer.headers["content-type"]) == blocked


def test_the_firewall_can_be_opened(ilinca: Visitor) -> None:
    ilinca.control("POST", "/settings", {"firewall": False})
    assert "Request Rejected" not in post(ilinca, "public", "transformare/FACT1", LOCATION).text


def test_a_technical_error_has_the_shape_of_validare(ilinca: Visitor) -> None:
    ilinca.control("POST", "/faults", {"kind": "technical", "operation": "validare", "code": "104"})
    answer = post(ilinca, "public", "validare/FACT1", invoice(seller=PFA)).json()
    assert answer["Messages"] == [{"message": "A aparut o eroare tehnica. Cod: 104"}]

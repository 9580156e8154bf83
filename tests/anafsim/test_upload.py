"""POST upload: what is refused at the door, in which words, and what gets an index."""

import hashlib
from collections.abc import Callable, Iterator

import pytest

from .conftest import CLIENT, PFA, STRANGER, Visitor, invoice

Visit = Callable[..., Visitor]

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def test_an_invoice_is_accepted_with_an_index(ilinca: Visitor) -> None:
    answer = ilinca.upload(invoice())
    assert answer.headers["content-type"] == "application/xml"
    when = answer.text.partition('dateResponse="')[2][:12]
    assert when.isdecimal()
    assert answer.text == (
        f'{DECLARATION}<header xmlns="mfp:anaf:dgti:spv:respUploadFisier:v1" dateResponse="{when}" '
        'ExecutionStatus="0" index_incarcare="5000000000"/>\n'
    )


def test_each_environment_counts_on_its_own(ilinca: Visitor) -> None:
    url = f"{ilinca.sim.api}/prod/FCTEL/rest/upload"
    answer = ilinca.http.post(url, params={"standard": "UBL", "cif": PFA}, content=invoice(), headers=ilinca.headers)
    assert 'index_incarcare="6400000000"' in answer.text
    assert 'index_incarcare="5000000000"' in ilinca.upload(invoice()).text


REFUSALS: list[tuple[dict[str, str], str]] = [
    ({"standard": "EDI"}, "Valorile acceptate pentru parametrul standard sunt UBL, CN, CII sau RASP"),
    ({"extern": "NU"}, "Daca parametrul extern trebuie completat, valoarea acceptata este DA"),
    ({"autofactura": "da"}, "Daca parametrul autofacturare trebuie completat, valoarea acceptata este DA"),
    ({"executare": "1"}, "Daca parametrul executare trebuie completat, valoarea acceptata este DA"),
    ({"cif": "123a"}, "CIF introdus= 123a nu este un numar"),
    ({"cif": f"RO{PFA}"}, f"CIF introdus= RO{PFA} nu este un numar"),
    ({"cif": STRANGER}, f"Nu aveti drept in SPV pentru CIF={STRANGER}"),
    ({"executare": "DA"}, f"CIF introdus= {PFA} nu este inregistrat in Registrul RO e-Factura executari silite"),
    # the first of several faults is told: standard, flags, number, right
    ({"standard": "EDI", "cif": "x", "extern": "NU"}, "Valorile acceptate pentru parametrul standard sunt"),
    ({"cif": "x", "extern": "NU"}, "Daca parametrul extern trebuie completat"),
]


@pytest.fixture
def refused_by(ilinca: Visitor) -> Iterator[Visitor]:
    """A refusal leaves nothing behind."""
    yield ilinca
    assert ilinca.sim.filed == []


@pytest.mark.parametrize(("query", "text"), REFUSALS)
def test_a_refusal_speaks_anafs_words(refused_by: Visitor, query: dict[str, str], text: str) -> None:
    answer = refused_by.upload(invoice(), **query)
    assert answer.status_code == 200
    assert 'ExecutionStatus="1">\n    <Errors errorMessage="' in answer.text
    assert text in answer.text
    assert "index_incarcare" not in answer.text


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (b"not xml", "org.xml.sax.SAXParseException; lineNumber: 1; columnNumber: 1; "),
        (b"<a>\n<b></a>", "org.xml.sax.SAXParseException; lineNumber: 2; columnNumber: "),
        (b"<Invoice1/>", "cvc-elt.1.a: Cannot find the declaration of element 'Invoice1'. \""),  # one trailing space
        (b"<!DOCTYPE x [<!ENTITY y 'z'>]><x>&y;</x>", "DOCTYPE is disallowed"),
        (b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>", "DOCTYPE is disallowed"),
        (b"<a>" * 5000, "org.xml.sax.SAXParseException"),
        (b"\xff\xfe\x00", "org.xml.sax.SAXParseException"),
    ],
)
def test_what_is_no_document_is_refused_with_the_parsers_words(refused_by: Visitor, xml: bytes, text: str) -> None:
    answer = refused_by.upload(xml)
    assert 'errorMessage="Fisierul transmis nu este valid. ' in answer.text
    assert text.replace('"', '"/>' if text.endswith('"') else '"') in answer.text


def test_a_credit_note_is_of_standard_cn(refused_by: Visitor) -> None:
    assert "cvc-elt.1.a" in refused_by.upload(invoice(), standard="CN").text


def test_ten_megabytes_are_the_most(refused_by: Visitor) -> None:
    answer = refused_by.upload(invoice() + b" " * (10 << 20))
    assert "Marime fisier transmis mai mare de 10 MB." in answer.text


@pytest.mark.parametrize(
    ("query", "xml", "message"),
    [
        ({"standard": ""}, invoice(), "Parametrii standard si cif sunt obligatorii"),
        ({"cif": ""}, invoice(), "Parametrii standard si cif sunt obligatorii"),
        ({"cif": ""}, b"", "Parametrii standard si cif sunt obligatorii"),
        ({}, b"", "Trebuie sa aveti atasat in request un fisier de tip xml"),
    ],
)
def test_what_is_missing_is_a_bad_request(refused_by: Visitor, query: dict[str, str], xml: bytes, message: str) -> None:
    answer = refused_by.upload(xml, **query)
    assert answer.status_code == 400
    assert list(answer.json()) == ["timestamp", "status", "error", "message"]
    assert (answer.json()["error"], answer.json()["message"]) == ("Bad Request", message)


def test_a_certificate_without_any_right_is_told_so(visit: Visit) -> None:
    visitor = visit("fara-drept")
    visitor.connect()
    visitor.control("POST", "/rights", {"certificate": "fara-drept", "cifs": []})
    assert "Nu exista niciun CIF pentru care sa aveti drept in SPV" in visitor.upload(invoice()).text
    assert "Nu exista niciun CIF petru care sa aveti drept" in visitor.get("stareMesaj", id_incarcare="1").text  # sic


@pytest.mark.parametrize("path", ["/FCTEL/rest/upload", "/test/upload", "/dev/FCTEL/rest/upload", "/"])
def test_a_path_that_the_gateway_does_not_know_is_forbidden(refused_by: Visitor, path: str) -> None:
    answer = refused_by.http.post(refused_by.sim.api + path, content=invoice(), headers=refused_by.headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("operation", ["validare/FACT1", "transformare/FACT1/DA"])
def test_validation_and_rendering_do_not_exist_on_test(refused_by: Visitor, operation: str) -> None:
    url = f"{refused_by.sim.api}/test/FCTEL/rest/{operation}"
    answer = refused_by.http.post(url, content=invoice(), headers=refused_by.headers)
    assert (answer.status_code, answer.json()["error"]) == (404, "Not Found")


def test_an_application_without_the_service_is_forbidden(ilinca: Visitor) -> None:
    ilinca.control("POST", "/settings", {"application_enrolled": False})
    assert ilinca.upload(invoice()).status_code == 403


def test_too_many_calls_in_a_minute_are_429_until_it_has_passed(ilinca: Visitor) -> None:
    ilinca.control("POST", "/settings", {"limit_minute": 2})
    statuses = [ilinca.get("stareMesaj", id_incarcare="1").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    ilinca.advance(61)
    assert ilinca.get("stareMesaj", id_incarcare="1").status_code == 200


def test_what_was_filed_is_in_the_ledger_with_its_hash(ilinca: Visitor) -> None:
    xml = invoice(number="A-7")
    ilinca.upload(xml)
    ledger = ilinca.control("GET", "/ledger")
    sha256 = hashlib.sha256(xml).hexdigest()
    [filed] = ledger["filed"]
    assert filed["upload_index"] == "5000000000"
    assert (filed["cif"], filed["number"], filed["buyer"], filed["sha256"]) == (PFA, "A-7", CLIENT, sha256)
    call = ledger["calls"][-1]
    assert (call["path"], call["status"], call["sha256"]) == ("/test/FCTEL/rest/upload", 200, sha256)
    assert call["outcome"] == "registered 5000000000"
    assert ilinca.bearer not in str(ledger)

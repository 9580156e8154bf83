import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punte.anaf.errors import BadPackage
from punte.anaf.package import MOST_INFLATED, error_line, open_package

CALM = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])  # a shared machine


def _zip(members, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_document_and_signature_come_out_byte_for_byte(wire):
    package = open_package(wire("descarcare-ok.zip"))
    assert package.upload_index == "5001131297"
    assert package.document == wire("5001131297.xml")
    assert package.signature == wire("semnatura_5001131297.xml")
    assert package.errors == ()


@pytest.mark.parametrize(
    ("sample", "lines"),
    [
        ("nok-errors-file.xml", [("R6.1", None), ("R_BT_32_cui", None)]),
        ("nok-errors-file-structured.xml", [("BR-RO-065", None)]),
        ("nok-duplicate.xml", [(None, "5001131297")]),
        ("rasp.xml", []),
    ],
)
def test_error_lines_name_their_rule_or_the_earlier_upload(wire, sample, lines):
    package = open_package(_zip({"5.xml": wire(sample), "semnatura_5.xml": b"<s/>"}))
    assert [(line.rule, line.duplicate_of) for line in package.errors] == lines


@pytest.mark.parametrize("name", ["Error", "Errors", "Eroare"])
def test_the_error_element_goes_by_three_names(name):
    document = f'<header xmlns="x"><{name} errorMessage="[BR-CO-09]-a&#xA;&#x9;#b"/></header>'.encode()
    (line,) = open_package(_zip({"5.xml": document})).errors
    assert (line.rule, line.text) == ("BR-CO-09", "[BR-CO-09]-a\n\t#b")  # verbatim


@pytest.mark.parametrize(
    ("text", "rule", "duplicate_of"),
    [
        ("[BR-RO-065]-Identificatorul\n\t\t#The Seller", "BR-RO-065", None),
        ("tipAssert=E; codEroare=ERRIdentif; textEroare=[x]", "ERRIdentif", None),
        ("tipAssert=FailedAssert; codEroare=UBL-CR-661; textEroare=[UBL-CR-661]-…", "UBL-CR-661", None),
        ("E: validari globale  SCHEMATRON   eroare: [BR-CO-09]-…", "BR-CO-09", None),
        ("ID (1)  eroare regula: R_BT_32_cui: Cui vanzator incorect / validare CUI (1234) ", "R_BT_32_cui", None),
        ("E: x factura a mai fost transmisa anterior cu index=42 si data incarcare=2026-01-20", None, "42"),
        ("o propozitie noua", None, None),
    ],
)  # fmt: skip
def test_families_of_error_lines(text, rule, duplicate_of):
    line = error_line(text)
    assert (line.text, line.rule, line.duplicate_of) == (text, rule, duplicate_of)


def test_an_extra_member_is_tolerated_and_a_missing_signature_told():
    package = open_package(_zip({"7.xml": b"<Invoice/>", "7.pdf": b"%PDF"}))
    assert (package.upload_index, package.signature) == ("7", None)


@pytest.mark.parametrize(
    ("members", "complaint"),
    [
        ({}, "0 documents"),
        ({"a.xml": b""}, "0 documents"),
        ({"../5.xml": b""}, "0 documents"),
        ({"5.xml": b"", "6.xml": b""}, "2 documents"),
        ({"5.xml": b"", "semnatura_6.xml": b""}, "seal of another"),
        ({f"{n}.txt": b"" for n in range(9)}, "9 members"),
        ({"5.xml": bytes(MOST_INFLATED + 1)}, "inflates above"),  # 24 MB of zeros in 24 kB
    ],
)
def test_what_is_no_package_of_anaf_is_refused(members, complaint):
    with pytest.raises(BadPackage, match=complaint):
        open_package(_zip(members))


def test_a_size_that_lies_is_not_believed():
    honest = bytearray(_zip({"5.xml": bytes(MOST_INFLATED + 1)}))
    for marker, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # uncompressed size in both headers
        at = honest.index(marker) + offset
        honest[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(BadPackage):
        open_package(bytes(honest))


@CALM
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_bad_package(content):
    for candidate in (content, b"PK\x03\x04" + content, b"PK\x05\x06" + content):
        with pytest.raises(BadPackage):
            open_package(candidate)


@CALM
@given(at=st.integers(0, 2000), byte=st.integers(0, 255))
def test_a_damaged_zip_opens_as_itself_or_not_at_all(wire, at, byte):
    whole = wire("descarcare-ok.zip")
    damaged = bytearray(whole)
    damaged[at % len(whole)] = byte
    try:
        package = open_package(bytes(damaged))
    except BadPackage:
        return
    assert package.document == wire("5001131297.xml")

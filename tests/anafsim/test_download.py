"""GET descarcare: the ZIP, its two members, the seal on it, and what stands in its way."""

import base64
import hashlib
import io
import zipfile
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml import etree

from .conftest import PFA, SRL, Visitor, invoice

Visit = Callable[..., Visitor]
HOUR, DAY = 3600, 24 * 3600
DSIG = "{http://www.w3.org/2000/09/xmldsig#}"


def test_the_zip_holds_the_uploaded_bytes_and_a_seal_that_verifies(ilinca: Visitor) -> None:
    xml = invoice()
    archive = fetch(ilinca, xml)
    assert archive.namelist() == ["5000000000.xml", "semnatura_5000000000.xml"]
    assert archive.read("5000000000.xml") == xml
    certificate = verify(archive, "5000000000")
    assert certificate.fingerprint(hashes.SHA256()).hex(":").upper() == ilinca.sim.describe()["seal_fingerprint"]


def test_the_zip_is_written_as_java_writes_it(ilinca: Visitor) -> None:
    for member in fetch(ilinca, invoice()).infolist():
        assert (member.flag_bits, member.create_system, member.compress_type) == (0x0808, 0, zipfile.ZIP_DEFLATED)


def test_a_changed_byte_breaks_the_seal(ilinca: Visitor) -> None:
    archive = fetch(ilinca, invoice())
    digest = etree.fromstring(archive.read("semnatura_5000000000.xml")).findtext(f".//{DSIG}DigestValue")
    changed = archive.read("5000000000.xml").replace(b"EX-1", b"EX-2")
    assert digest != base64.b64encode(hashlib.sha256(changed).digest()).decode()


def test_a_rejected_document_gives_the_error_file_sealed_too(ilinca: Visitor) -> None:
    ilinca.sim.world.judge = lambda _xml: ["[BR-RO-065]-Identificatorul\n\t\t#The Seller", 'a "b" & <c>']
    archive = fetch(ilinca, invoice())
    assert archive.read("5000000000.xml").decode() == (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<header xmlns="mfp:anaf:dgti:efactura:mesajEroriFactuta:v1" '  # sic: Factuta
        f'Index_incarcare="5000000000" Cif_emitent="{PFA}">\n'
        '    <Error errorMessage="[BR-RO-065]-Identificatorul&#xA;&#x9;&#x9;#The Seller"/>\n'
        '    <Error errorMessage="a &quot;b&quot; &amp; &lt;c&gt;"/>\n'
        "</header>\n"
    )
    verify(archive, "5000000000")


def test_seller_and_buyer_download_the_same_bytes(ilinca: Visitor) -> None:
    ilinca.upload(invoice(buyer=SRL))
    ilinca.advance(HOUR + 60)
    sold, bought = (ilinca.get("descarcare", id=name).content for name in ("3000000000", "3000000001"))
    assert sold == bought


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"id": "123a"}, "Id descarcare introdus= 123a nu este un numar intreg"),
        ({"id": "21"}, "Pentru id=21 nu exista inregistrata nici o factura"),
        (
            {"id": "5000000000"},
            "Pentru id=5000000000 nu exista inregistrata nici o factura",
        ),  # the upload index is none
    ],
)
def test_the_texts_of_a_refused_download(ilinca: Visitor, query: dict[str, str], text: str) -> None:
    ilinca.upload(invoice())
    answer = ilinca.get("descarcare", **query)
    assert (answer.status_code, answer.json()) == (200, {"eroare": text, "titlu": "Descarcare mesaj"})


def test_a_missing_id_is_a_bad_request(ilinca: Visitor) -> None:
    answer = ilinca.get("descarcare")
    assert (answer.status_code, answer.json()["message"]) == (400, "Parametrul id este obligatoriu")


def test_another_companys_message_stays_closed(ilinca: Visitor, visit: Visit) -> None:
    fetch(ilinca, invoice())
    stranger = visit("fara-drept")
    stranger.connect()
    told = stranger.get("descarcare", id="3000000000").json()["eroare"]
    assert told == "Nu aveti dreptul sa descarcati acesta factura"  # sic: acesta


def test_ten_downloads_a_day_for_one_message(ilinca: Visitor) -> None:
    fetch(ilinca, invoice())  # the first
    answers = [ilinca.get("descarcare", id="3000000000") for _ in range(10)]
    assert [answer.headers["content-type"] for answer in answers] == ["application/zip"] * 9 + ["application/json"]
    text = "S-au facut deja 10 descarcari la mesajul cu id_descarcare=3000000000 in cursul zilei"
    assert answers[-1].json()["eroare"] == text
    ilinca.advance(DAY)
    assert ilinca.get("descarcare", id="3000000000").content.startswith(b"PK")


def test_after_sixty_days_a_listed_message_may_be_gone(ilinca: Visitor) -> None:
    fetch(ilinca, invoice())
    ilinca.advance(60 * DAY - HOUR - 60)  # 60 days since the upload; listed an hour and a minute later
    assert "mesaje" in ilinca.get("listaMesajeFactura", zile="60", cif=PFA).json()
    assert ilinca.get("descarcare", id="3000000000").json()["eroare"] == (
        "Fisierul nu mai poate fi descarcat pentru ca a trecut perioada de 60 de zile in care este disponibil"
    )


def fetch(visitor: Visitor, xml: bytes) -> zipfile.ZipFile:
    visitor.upload(xml)
    visitor.advance(HOUR + 60)
    answer = visitor.get("descarcare", id="3000000000")
    assert answer.headers["content-type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def verify(archive: zipfile.ZipFile, index: str) -> x509.Certificate:
    """As a client must: the digest over the raw bytes of the other member, the signature over SignedInfo."""
    content, signature = archive.read(f"{index}.xml"), etree.fromstring(archive.read(f"semnatura_{index}.xml"))
    signed_info = signature.find(f"{DSIG}SignedInfo")
    assert signature.tag == f"{DSIG}Signature"
    assert signed_info.find(f"{DSIG}Reference").get("URI") == ""
    digest = signed_info.findtext(f"{DSIG}Reference/{DSIG}DigestValue")
    assert base64.b64decode(digest) == hashlib.sha256(content).digest()
    der = base64.b64decode("".join(signature.findtext(f".//{DSIG}X509Certificate").split()))
    certificate = x509.load_der_x509_certificate(der)
    value = base64.b64decode("".join(signature.findtext(f"{DSIG}SignatureValue").split()))
    canonical = etree.tostring(signed_info, method="c14n", exclusive=True)
    public = certificate.public_key()
    assert isinstance(public, RSAPublicKey)
    public.verify(value, canonical, PKCS1v15(), hashes.SHA256())
    return certificate

"""validate/signature: whose seal, over which document."""

import io
import zipfile
from pathlib import Path

import httpx2
import pytest

from .conftest import PFA, Visitor, invoice


@pytest.fixture(params=[False, True], ids=["detached", "enveloped"])
def sealed(request: pytest.FixtureRequest, ilinca: Visitor) -> tuple[bytes, bytes]:
    """A document and its seal as they come out of descarcare, in both known forms."""
    ilinca.control("POST", "/settings", {"enveloped_seal": request.param})
    ilinca.upload(invoice())
    ilinca.advance(3660)
    [row] = ilinca.get("listaMesajeFactura", zile="1", cif=PFA).json()["mesaje"]
    with zipfile.ZipFile(io.BytesIO(ilinca.get("descarcare", id=row["id"]).content)) as package:
        return package.read("5000000000.xml"), package.read("semnatura_5000000000.xml")


def validate(visitor: Visitor, host: str = "public", **files: bytes) -> httpx2.Response:
    url = f"{getattr(visitor.sim, host)}/api/validate/signature"
    headers = {"Authorization": f"Bearer {visitor.bearer}"}
    parts = {name: (f"{name}.xml", content, "text/xml") for name, content in files.items()}
    return visitor.http.post(url, files=parts, headers=headers)


@pytest.mark.parametrize("host", ["api", "public"])
def test_a_seal_of_ours_is_genuine(ilinca: Visitor, sealed: tuple[bytes, bytes], host: str) -> None:
    answer = validate(ilinca, host, file=sealed[0], signature=sealed[1])
    assert answer.status_code == 200
    assert "au fost validate cu succes" in answer.json()["msg"]
    assert " NU " not in answer.json()["msg"]


def test_what_was_touched_is_not(ilinca: Visitor, sealed: tuple[bytes, bytes]) -> None:
    document, seal = sealed
    head, _, rest = seal.partition(b"<SignatureValue>")
    other = head + b"<SignatureValue>" + (b"A" if rest[:1] != b"A" else b"B") + rest[1:]
    cases = [
        (document.replace(b"EX-1", b"EX-2"), seal),
        (document, seal.replace(b"EX-1", b"EX-2")) if b"EX-1" in seal else (document + b" <!-- -->", b"<x/>"),
        (document, other),
        (document, seal.replace(b"<DigestValue>", b"<DigestValue>AA")),
        (document, b"<Signature/>"),
    ]
    for one, two in cases:
        answer = validate(ilinca, file=one, signature=two)
        assert answer.status_code == 200
        assert " NU au putut fi validate" in answer.json()["msg"]


def test_the_seal_of_another_authority_is_not_the_ministrys(ilinca: Visitor) -> None:
    wire = Path(__file__).parents[1] / "data" / "wire"
    document, seal = ((wire / name).read_bytes() for name in ("5001131297.xml", "semnatura_5001131297.xml"))
    assert " NU au putut fi validate" in validate(ilinca, file=document, signature=seal).json()["msg"]


@pytest.mark.parametrize("files", [{"file": b"<a/>"}, {"signature": b"<a/>"}, {"file": b"%PDF", "signature": b"<a/>"}])
def test_a_missing_part_or_no_xml_is_400(ilinca: Visitor, files: dict[str, bytes]) -> None:
    answer = validate(ilinca, **files)
    assert answer.status_code == 400
    assert answer.json()["msg"].startswith("Eroare tehnică: request incorect.")


def test_no_multipart_at_all_is_400_and_no_token_401(ilinca: Visitor) -> None:
    for body in (b"", b"<a/>", b"--x\r\n"):
        assert ilinca.http.post(f"{ilinca.sim.public}/api/validate/signature", content=body).status_code == 400
    assert ilinca.http.post(f"{ilinca.sim.api}/api/validate/signature", content=b"").status_code == 401

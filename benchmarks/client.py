"""A call of the ANAF client beside bare httpx2 to the same server in the same run; the seal of a ZIP.

The server is a process of its own on the loopback, without TLS: against a real one the client's share only shrinks.
"""

from __future__ import annotations

import base64
import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from punte.anaf.efactura import EFactura
from punte.anaf.hosts import Hosts
from punte.anaf.package import open_package
from punte.anaf.seal import SealForm, SealVerdict, verify

from .timing import Row, invoice_of, row, side_by_side

TOKEN: Final = "x" * 1400  # as long as ANAF's
NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)

#: Reads a request to its last byte, answers by the path, closes: as ANAF's front end does with our client.
SERVER: Final = """
import socket

STATE = b'<header xmlns="mfp:anaf:dgti:efactura:stareMesajFactura:v1" stare="ok" id_descarcare="3001474425"/>'
TAKEN = (b'<header xmlns="mfp:anaf:dgti:spv:respUploadFisier:v1" dateResponse="202611221015" '
         b'ExecutionStatus="0" index_incarcare="5001131297"/>')
listener = socket.create_server(("127.0.0.1", 0), backlog=64)
print(listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    with connection:
        received = b""
        while b"\\r\\n\\r\\n" not in received:
            received += connection.recv(65536)
        head, _, body = received.partition(b"\\r\\n\\r\\n")
        length = next((int(line[15:]) for line in head.lower().split(b"\\r\\n") if line[:15] == b"content-length:"), 0)
        left = length - len(body)
        while left > 0:
            left -= len(connection.recv(65536))
        answer = TAKEN if b"upload" in head.split(b" ", 2)[1] else STATE
        connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Type: application/xml\\r\\nConnection: close\\r\\n"
                           b"Content-Length: %d\\r\\n\\r\\n" % len(answer) + answer)
"""


def run() -> list[Row]:
    return [*_calls(), *_seals()]


def _calls() -> list[Row]:
    xml, rows = invoice_of(100), []
    with _server() as base:
        hosts = Hosts(login=base, api=base, public=base, environment="test")
        headers = {"Authorization": f"Bearer {TOKEN}", "Connection": "close"}
        with EFactura(hosts, TOKEN) as ours, httpx2.Client(headers=headers, trust_env=False) as bare:
            address = hosts.efactura
            upload = {"standard": "UBL", "cif": "18547290"}
            pairs = {
                "upload": (
                    lambda: bare.post(f"{address}/upload", params=upload, content=xml).raise_for_status(),
                    lambda: ours.upload(xml, cif="18547290"),
                ),
                "state": (
                    lambda: bare.get(f"{address}/stareMesaj", params={"id_incarcare": "5001131297"}).raise_for_status(),
                    lambda: ours.state("5001131297"),
                ),
            }
            for name, (without, with_ours) in pairs.items():
                alone, through = side_by_side(without, with_ours)
                rows.append(row(f"{name}, bare httpx2", alone, "ms"))
                rows.append(row(f"{name}, through the client", through, "ms"))
                rows.append(row(f"{name}, overhead of the client", through - alone, "ms"))
                rows.append(row(f"{name}, client / bare httpx2", through / alone, "x"))
    return rows


@contextmanager
def _server() -> Iterator[str]:
    process = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.communicate()


def _seals() -> list[Row]:
    rows = []
    for lines in (10, 1000):
        xml = invoice_of(lines)
        for form in (SealForm.RAW, SealForm.ENVELOPED):
            package, fingerprint = _sealed(xml, form)

            def judge(package: bytes = package, fingerprint: bytes = fingerprint) -> SealVerdict:
                opened = open_package(package)
                seal = verify(opened.document, opened.signature or b"", trusted=[fingerprint], at=NOW)
                return seal.verdict

            assert judge() is SealVerdict.VALID, "the ZIP of the benchmark is well sealed"
            (opened_and_verified,) = side_by_side(judge)
            rows.append(row(f"open and verify one ZIP, {lines} lines, {form}", opened_and_verified, "ms"))
    return rows


def _sealed(xml: bytes, form: SealForm) -> tuple[bytes, bytes]:
    """A ZIP in ANAF's form, sealed by a key made for it, and the fingerprint of that key's certificate."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)  # as the Ministry's
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Benchmark")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )

    def canonical(text: bytes) -> bytes:
        return bytes(etree.tostring(etree.fromstring(text).getroottree(), method="c14n", with_comments=False))

    digest = hashlib.sha256(xml if form is SealForm.RAW else canonical(xml)).digest()
    info = (
        '<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#">'
        '<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
        '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><Reference URI="">'
        '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        f"<DigestValue>{base64.b64encode(digest).decode()}</DigestValue></Reference></SignedInfo>"
    )
    value = key.sign(canonical(info.encode()), padding.PKCS1v15(), hashes.SHA256())
    der = certificate.public_bytes(serialization.Encoding.DER)
    signature = (
        f'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">{info}'
        f"<SignatureValue>{base64.b64encode(value).decode()}</SignatureValue><KeyInfo><X509Data>"
        f"<X509Certificate>{base64.b64encode(der).decode()}</X509Certificate></X509Data></KeyInfo></Signature>"
    ).encode()
    if form is SealForm.ENVELOPED:
        body, close, rest = xml.rpartition(b"</")  # before the end tag of the root
        signature = body + signature + close + rest
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("5001131297.xml", xml)
        archive.writestr("semnatura_5001131297.xml", signature)
    return buffer.getvalue(), certificate.fingerprint(hashes.SHA256())

"""The certificate port over real TLS: whatever the client shows, the conversation comes to its end."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from punte.web.connection.port.server import AT_ONCE_EACH, Door
from punte.web.connection.port.tls import Context
from romania.certificates.authority import NOW, certificate, key, name

TOKEN = "t" * 43
BACK = "https://punte.example/integrari/certificat/intoarcere/?dovada=x"


class Guest:
    """The door on a free port, and what it was told."""

    def __init__(self, directory: Path, patience: float) -> None:
        self.directory = directory
        self.told: list[tuple[str, x509.Certificate | None]] = []
        self.pem = self.write("server", certificate(subject=name("localhost")))
        self.door = Door(("127.0.0.1", 0), Context(self.pem, self.pem), self.answer, patience=patience)

    def answer(self, token: str, shown: x509.Certificate | None) -> str:
        self.told.append((token, shown))
        return BACK

    def write(self, name: str, one: x509.Certificate) -> Path:
        path = self.directory / f"{name}.pem"
        private = key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(private + one.public_bytes(Encoding.PEM))
        return path

    def ask(
        self, path: str, shown: x509.Certificate | None = None, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
    ) -> str:
        """The whole answer to `GET path`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.minimum_version = context.maximum_version = version
        if shown:
            context.load_cert_chain(self.write("client", shown))
        with self.connect() as sock, context.wrap_socket(sock) as tls:
            tls.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            parts = []
            while part := tls.recv(4096):
                parts.append(part)
        return b"".join(parts).decode()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.door.port), timeout=5)


@pytest.fixture
def guest(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Guest]:
    guest = Guest(tmp_path, getattr(request, "param", 10.0))
    thread = threading.Thread(target=guest.door.serve)
    thread.start()
    yield guest
    guest.door.stop()
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize(
    "shown",
    [
        certificate(),
        certificate(issuer=("Nimeni", "Nimeni SRL")),
        certificate(start=NOW - timedelta(days=900), end=NOW - timedelta(days=500)),
        certificate(start=NOW + timedelta(days=900), end=NOW + timedelta(days=1500)),
        certificate(uses={"key_encipherment"}),
        certificate(purposes=(x509.ExtendedKeyUsageOID.EMAIL_PROTECTION,)),
        certificate(qualified=False, subject=name("singur"), issuer=("singur", "")),
    ],
    ids=["qualified", "unknown-issuer", "expired", "not-yet", "encryption-only", "not-for-browsers", "self-signed"],
)
def test_any_certificate_is_taken_and_told(guest, shown, version):
    answer = guest.ask(f"/{TOKEN}", shown, version)
    assert answer.startswith("HTTP/1.1 303")
    assert f"Location: {BACK}\r\n" in answer
    assert guest.told == [(TOKEN, shown)]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_none_is_an_answer_too(guest, version):
    assert "303" in guest.ask(f"/{TOKEN}", None, version)
    assert guest.told == [(TOKEN, None)]


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/short", "/" + "a" * 31, "/" + "a" * 40 + "/../x", "/ăăă" * 20])
def test_what_is_no_token_is_not_found(guest, path):
    assert "404" in guest.ask(path)
    assert not guest.told


def test_noise_ends_the_conversation_and_not_the_door(guest):
    for noise in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\x05hello", b"\0" * 100, b""):
        with guest.connect() as sock:
            sock.sendall(noise)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(4096):
                pass
    assert "303" in guest.ask(f"/{TOKEN}")


def test_a_request_without_end_is_cut(guest):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with guest.connect() as sock, context.wrap_socket(sock) as tls:
        received = b"-"
        try:
            for _ in range(64):
                tls.sendall(b"GET /" + b"a" * 1000)
            received = tls.recv(100)
        except OSError:  # the door has closed: what is still on its way is answered by a reset
            received = b""
        assert received == b""
    assert not guest.told


@pytest.mark.parametrize("guest", [0.3], indirect=True)
def test_who_says_nothing_is_sent_away(guest):
    with guest.connect() as sock:
        assert sock.recv(10) == b""


def test_one_address_has_so_many_places_and_no_more(guest):
    held = [guest.connect() for _ in range(AT_ONCE_EACH)]
    for sock in held:
        sock.sendall(b"\x16")  # a first byte, and then nothing
    with guest.connect() as one_more:
        assert one_more.recv(10) == b""
    for sock in held:
        sock.close()


def test_a_context_needs_a_pair(tmp_path):
    (tmp_path / "x.pem").write_text("nothing")
    with pytest.raises(ValueError, match=r"x\.pem"):
        Context(tmp_path / "x.pem", tmp_path / "x.pem")

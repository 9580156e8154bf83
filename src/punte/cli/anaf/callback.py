"""Where the browser comes back from ANAF: a loopback address we listen on, or an address that a person pastes."""

from __future__ import annotations

import queue
import ssl
import sys
import tempfile
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .exits import Exit
from .telling import Stop

PAGE = """<!doctype html><html lang="ro"><meta charset="utf-8"><title>Punte</title>
<p>Punte a primit răspunsul ANAF. Închideți această pagină; urmarea este în terminal.</p></html>"""


def can_listen(redirect_uri: str) -> bool:
    return urlsplit(redirect_uri).hostname in ("localhost", "127.0.0.1")


class Listener:
    """A server for one answer, on loopback, from the moment it is made. A context manager.

    Raises Stop when the address cannot be listened on.
    """

    def __init__(self, redirect_uri: str, state: str) -> None:
        parts = urlsplit(redirect_uri)
        secure = parts.scheme == "https"
        try:
            self._server = _Server(("127.0.0.1", parts.port or (443 if secure else 80)), _Handler)
        except OSError as reason:
            what = f"Adresa {redirect_uri} nu poate fi ascultată: {reason.strerror}."
            raise Stop(Exit.LOCAL, what, "Eliberați portul, sau lipiți adresa de întoarcere cu --paste.") from None
        self._server.path, self._server.state = parts.path or "/", state
        if secure:
            context = _own_certificate()
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, seconds: float) -> Mapping[str, str]:
        """The query with which the browser came back. One with another `state` is not ours, and waiting goes on."""
        try:
            return self._server.came.get(timeout=seconds)
        except queue.Empty:
            raise Stop(Exit.REAUTHORISE, f"Nimeni nu s-a întors de la ANAF în {seconds:g} secunde.") from None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    path = state = ""

    def __init__(self, *where: Any) -> None:
        self.came: queue.Queue[dict[str, str]] = queue.Queue()
        super().__init__(*where)

    def handle_error(self, *_: object) -> None:
        """A browser that does not trust our certificate yet breaks off; it comes again."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10  # seconds for a browser that opens a connection and says nothing

    def setup(self) -> None:
        if isinstance(self.request, ssl.SSLSocket):
            self.request.settimeout(self.timeout)
            self.request.do_handshake()
        super().setup()

    def do_GET(self) -> None:
        query = query_of(self.path)
        ours = urlsplit(self.path).path == self.server.path and query.get("state") == self.server.state
        body = PAGE.encode() if ours else b""
        self.send_response(200 if ours else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if ours:
            self.server.came.put(query)

    def log_message(self, *_: object) -> None:
        """Nothing: the address holds the code."""


def pasted(state: str) -> Mapping[str, str]:
    """The query of the address on the next line of standard input. Raises Stop when it is not the answer to `state`."""
    query = query_of(sys.stdin.readline().strip())
    if not query:
        raise Stop(Exit.USAGE, "Nu ați lipit adresa la care v-a trimis ANAF: ea conține „?” și „code=”.")
    if query.get("state") != state:
        raise Stop(Exit.REAUTHORISE, "Adresa lipită este a altei autorizări: `state` nu se potrivește.")
    return query


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def _own_certificate() -> ssl.SSLContext:
    """A certificate for this machine and this hour, made and trusted by nobody else; its key is not kept."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    us = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "punte anaf login")])
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder(us, us, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:  # 0700 by itself
        file = Path(folder, "callback.pem")
        file.write_bytes(pem)
        context.load_cert_chain(file)
    return context

"""The verified client certificate, and the means to break a connection, handed to the application.

uvicorn keeps both to itself. The certificate goes where the ASGI TLS extension puts it
(`scope["extensions"]["tls"]["client_cert_chain"]`), here as DER and the leaf alone.
"""

import asyncio
from typing import Any

from cryptography import x509
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

ABORT = "punte.anafsim.abort"


class PeerProtocol(H11Protocol):
    """One connection whose requests know the peer's certificate."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        peer = tls.getpeercert(binary_form=True) if tls else None
        app: Any = self.config.loaded_app

        async def with_peer(scope: Scope, receive: Receive, send: Send) -> None:
            extensions = scope.setdefault("extensions", {})
            extensions["tls"] = {"client_cert_chain": [peer] if peer else []}
            extensions[ABORT] = transport.abort
            await app(scope, receive, send)

        self.app = with_peer


def peer_serial(scope: Scope) -> str | None:
    """The serial of the certificate that the client proved to hold, hexadecimal; None without one."""
    chain = scope["extensions"]["tls"]["client_cert_chain"]
    return f"{x509.load_der_x509_certificate(chain[0]).serial_number:x}" if chain else None


async def abort(scope: Scope) -> None:
    """Break the connection: no answer, no farewell."""
    scope["extensions"][ABORT]()
    await asyncio.sleep(0.01)  # uvicorn learns of it in its next turn, and then asks for no answer

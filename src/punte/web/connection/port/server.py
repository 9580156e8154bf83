"""The door itself: one short conversation a connection, `GET /<token>`, answered by the way back to the product.

Small on purpose: it is reached from the whole world. Threads are counted, all together and for each address; a
request line is all it reads; what it logs is how a conversation ended, never an address's token nor a person.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import structlog
from cryptography import x509

from .tls import Context, TlsConnection, TlsFailed

PATIENCE = 150.0  # seconds: choosing, a PIN, an approval on the phone
AT_ONCE = 64
AT_ONCE_EACH = 8  # of one address; a browser opens two or three
LARGEST = 8 * 1024  # bytes of a request's head

Answer = Callable[[str, x509.Certificate | None], str]  # (token, certificate) → address to send the browser to


class Door:
    """Listens from the start; `serve` blocks until `stop`.

    answer    called in a thread of the conversation's own;  finish  after it, in the same thread
    patience  seconds for a conversation
    """

    def __init__(
        self,
        address: tuple[str, int],
        context: Context,
        answer: Answer,
        *,
        finish: Callable[[], None] = lambda: None,
        patience: float = PATIENCE,
    ) -> None:
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._listener = socket.create_server(address, family=family, backlog=64)
        self._listener.settimeout(0.5)
        self.port: int = self._listener.getsockname()[1]
        self._context, self._answer, self._finish, self._patience = context, answer, finish, patience
        self._stopping = threading.Event()
        self._lock, self._inside = threading.Lock(), Counter[str]()
        self._log: Any = structlog.get_logger()

    def stop(self) -> None:
        self._stopping.set()

    def serve(self) -> None:
        while not self._stopping.is_set():
            try:
                sock, peer = self._listener.accept()
            except TimeoutError:
                continue
            except OSError as exc:  # out of descriptors: the next turn may have some
                self._log.warning("certificate-port", outcome=type(exc).__name__)
                self._stopping.wait(0.5)
                continue
            threading.Thread(target=self._receive, args=(sock, str(peer[0])), daemon=True).start()
        self._listener.close()

    def _receive(self, sock: socket.socket, peer: str) -> None:
        with self._place(peer) as free, TlsConnection(self._context, sock, self._patience) as connection:
            if not free:
                return
            try:
                outcome = self._converse(connection)
            except TlsFailed as failed:
                outcome = str(failed)
            except Exception as exc:  # the door stays open; what happened is the operator's
                self._log.exception("certificate-port", outcome=type(exc).__name__)
                return
            finally:
                self._finish()
        self._log.info("certificate-port", outcome=outcome)

    @contextlib.contextmanager
    def _place(self, peer: str) -> Iterator[bool]:
        with self._lock:
            free = self._inside.total() < AT_ONCE and self._inside[peer] < AT_ONCE_EACH
            self._inside[peer] += 1
        try:
            yield free
        finally:
            with self._lock:
                self._inside[peer] -= 1
                self._inside += Counter()  # forget who has left

    def _converse(self, connection: TlsConnection) -> str:
        connection.handshake()
        token = _token(self._head(connection))
        if token is None:
            connection.write(_response("404 Not Found"))
        else:
            certificate = connection.peer()
            connection.write(_response("303 See Other", self._answer(token, certificate)))
        connection.close()
        return "no token" if token is None else "certificate" if certificate else "no certificate"

    @staticmethod
    def _head(connection: TlsConnection) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.read()
            if len(head) > LARGEST:
                raise TlsFailed("a request too long")
        return head


def _token(head: bytes) -> str | None:
    """The path of `GET /<token> HTTP/1.1`, when it can be a token of ours; browsers also ask for /favicon.ico."""
    method, _, rest = head.partition(b" ")
    path = rest.partition(b" ")[0].partition(b"?")[0].decode("latin-1").removeprefix("/")
    plain = path.replace("-", "a").replace("_", "a")
    return path if method == b"GET" and len(path) >= 32 and plain.isascii() and plain.isalnum() else None


def _response(status: str, location: str = "") -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Length: 0", "Connection: close", "Cache-Control: no-store"]
    lines += ["Referrer-Policy: no-referrer", *([f"Location: {location}"] if location else [])]
    return "\r\n".join([*lines, "", ""]).encode("ascii")

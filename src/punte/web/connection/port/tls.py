"""TLS of the server's side that asks for a client certificate and takes any: known or unknown issuer, expired, for
encryption alone. That is the point: to say what is wrong with it.

Python's `ssl` ends the handshake when it does not trust the issuer, and offers no say in it. OpenSSL does, through
`SSL_CTX_set_verify`, and `cryptography`, which we have, carries OpenSSL with it (the bindings that pyOpenSSL is
written on). The peer still proves that it holds the key: only the chain is left unjudged.
"""

from __future__ import annotations

import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.bindings.openssl.binding import Binding

_ffi: Any = Binding.ffi
_lib: Any = Binding().lib
CHUNK = 16 * 1024
FIRST_WORD = 10.0  # seconds: who connects and says nothing is no browser


@_ffi.callback("int (*)(int, X509_STORE_CTX *)")  # type: ignore[untyped-decorator]
def _any_will_do(verdict: int, store: Any) -> int:
    return 1


class TlsFailed(Exception):
    """The handshake or the connection ended; `str()` is OpenSSL's reason, or ours."""


class Context:
    """Our certificate and key, from PEM files; both may be one file. Raises ValueError when they are not a pair."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self.pointer = _ffi.gc(_lib.SSL_CTX_new(_lib.TLS_server_method()), _lib.SSL_CTX_free)
        _lib.SSL_CTX_set_min_proto_version(self.pointer, _lib.TLS1_2_VERSION)
        chain = _lib.SSL_CTX_use_certificate_chain_file(self.pointer, str(certificate).encode())
        private = _lib.SSL_CTX_use_PrivateKey_file(self.pointer, str(key).encode(), _lib.SSL_FILETYPE_PEM)
        if chain != 1 or private != 1 or _lib.SSL_CTX_check_private_key(self.pointer) != 1:
            raise ValueError(f"{certificate} and {key} are not a PEM certificate and its key: {_reason()}")
        _lib.SSL_CTX_set_verify(self.pointer, _lib.SSL_VERIFY_PEER, _any_will_do)  # asks; an empty answer is one too
        # no resumption: it would bring back an earlier certificate without asking
        _lib.SSL_CTX_set_session_cache_mode(self.pointer, _lib.SSL_SESS_CACHE_OFF)
        _lib.SSL_CTX_set_options(self.pointer, _lib.SSL_OP_NO_TICKET)


class TlsConnection:
    """One accepted connection; a context manager. Raises TlsFailed, from any method.

    patience  seconds for everything: a person chooses a certificate, types a PIN, nods on a phone
    """

    def __init__(self, context: Context, sock: socket.socket, patience: float) -> None:
        self._socket, self._until, self._heard = sock, time.monotonic() + patience, False
        self._ssl = _ffi.gc(_lib.SSL_new(context.pointer), _lib.SSL_free)
        self._in, self._out = _lib.BIO_new(_lib.BIO_s_mem()), _lib.BIO_new(_lib.BIO_s_mem())
        for bio in (self._in, self._out):
            _lib.BIO_set_mem_eof_return(bio, -1)
        _lib.SSL_set_bio(self._ssl, self._in, self._out)  # its own from here on: freed with it
        _lib.SSL_set_accept_state(self._ssl)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def handshake(self) -> None:
        self._drive(lambda: _lib.SSL_do_handshake(self._ssl))

    def peer(self) -> x509.Certificate | None:
        """The certificate whose key the peer has proved to hold; None when it showed none."""
        found = _lib.SSL_get_peer_certificate(self._ssl)
        if found == _ffi.NULL:
            return None
        bio = _ffi.gc(_lib.BIO_new(_lib.BIO_s_mem()), _lib.BIO_free)
        _lib.i2d_X509_bio(bio, found)
        _lib.X509_free(found)
        return x509.load_der_x509_certificate(_drain(bio))

    def read(self) -> bytes:
        buffer = _ffi.new("char[]", CHUNK)
        size = self._drive(lambda: _lib.SSL_read(self._ssl, buffer, CHUNK))
        return bytes(_ffi.buffer(buffer, size))

    def write(self, content: bytes) -> None:
        self._drive(lambda: _lib.SSL_write(self._ssl, content, len(content)))

    def close(self) -> None:
        _lib.ERR_clear_error()
        _lib.SSL_shutdown(self._ssl)
        self._flush()

    def _drive(self, step: Any) -> int:
        """Repeat `step` while it wants bytes from the peer."""
        while True:
            _lib.ERR_clear_error()
            done = step()
            self._flush()
            if done > 0:
                return int(done)
            if _lib.SSL_get_error(self._ssl, done) != _lib.SSL_ERROR_WANT_READ:
                raise TlsFailed(_reason())
            received = self._from_peer()
            _lib.BIO_write(self._in, received, len(received))

    def _from_peer(self) -> bytes:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TlsFailed("too slow")
        self._socket.settimeout(left if self._heard else min(left, FIRST_WORD))
        try:
            received = self._socket.recv(CHUNK)
        except OSError as exc:
            raise TlsFailed(type(exc).__name__) from exc
        if not received:
            raise TlsFailed("the peer left")
        self._heard = True
        return received

    def _flush(self) -> None:
        content = _drain(self._out)
        try:
            if content:
                self._socket.sendall(content)
        except OSError as exc:
            raise TlsFailed(type(exc).__name__) from exc


def _drain(bio: Any) -> bytes:
    parts, buffer = [], _ffi.new("char[]", CHUNK)
    while (size := _lib.BIO_read(bio, buffer, CHUNK)) > 0:
        parts.append(bytes(_ffi.buffer(buffer, size)))
    return b"".join(parts)


def _reason() -> str:
    code = _lib.ERR_get_error()
    text = _lib.ERR_reason_error_string(code) if code else _ffi.NULL
    return "connection closed" if text == _ffi.NULL else str(_ffi.string(text).decode())

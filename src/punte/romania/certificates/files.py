"""The certificate in a file that a person gives us. Only what is public: a key is refused, and forgotten."""

from __future__ import annotations

from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_private_key, pkcs7

LARGEST = 64 * 1024  # bytes; a chain of four certificates has 8 KB
WITH_KEY = (".p12", ".pfx", ".key", ".jks", ".keystore", ".ppk")
PUBLIC = (".cer", ".crt", ".pem", ".p7b")


class KeyOffered(Exception):
    """The file holds, or may hold, a private key."""


class Why(StrEnum):
    """Why a file gives no certificate."""

    TOO_LARGE = "too-large"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


class NoCertificate(Exception):
    """No certificate is in it; `why`."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def certificate_in(name: str, content: bytes) -> x509.Certificate:
    """The holder's certificate in `content`; of a chain, the one that signs no other.

    name  of the file as the person has it: `.p12`, `.pfx`, `.key` are refused unread
    Raises KeyOffered, NoCertificate.
    """
    if name.lower().endswith(WITH_KEY) or _holds_a_key(content):
        raise KeyOffered
    if len(content) > LARGEST:
        raise NoCertificate(Why.TOO_LARGE)
    if not content.strip():
        raise NoCertificate(Why.EMPTY)
    chain = _chain(content)
    if not chain:
        raise NoCertificate(Why.UNREADABLE)
    return _leaf(chain)


def _holds_a_key(content: bytes) -> bool:
    if b"PRIVATE KEY" in content or content.startswith((b"PuTTY-User-Key-File", b"\xfe\xed\xfe\xed")):
        return True
    if not content.startswith(b"\x30"):
        return False
    try:
        load_der_private_key(content, None)
    except TypeError:  # encrypted
        return True
    except (ValueError, UnsupportedAlgorithm):
        return _is_pkcs12(content) or _is_encrypted_key(content)
    return True


def _is_pkcs12(content: bytes) -> bool:
    """RFC 7292, 4: PFX is a SEQUENCE that begins with INTEGER 3."""
    return _first_element(content).startswith(b"\x02\x01\x03")


def _is_encrypted_key(content: bytes) -> bool:
    """RFC 5958, 3: EncryptedPrivateKeyInfo begins with the algorithm PBES2 (1.2.840.113549.1.5.13)."""
    return b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d" in _first_element(content)[:16]


def _first_element(content: bytes) -> bytes:
    """What stands inside the outer SEQUENCE; also of indefinite length, as some programs write PFX."""
    length = content[1] if len(content) > 1 else 0
    return content[2 + (length & 0x7F) :] if length & 0x80 else content[2:]


def _chain(content: bytes) -> list[x509.Certificate]:
    readers = (
        x509.load_pem_x509_certificates,
        lambda der: [x509.load_der_x509_certificate(der)],
        pkcs7.load_der_pkcs7_certificates,
        pkcs7.load_pem_pkcs7_certificates,
    )
    for reader in readers:
        try:
            if found := reader(content):
                return list(found)
        except (ValueError, UnsupportedAlgorithm):
            continue
    return []


def _leaf(chain: list[x509.Certificate]) -> x509.Certificate:
    issuers = {certificate.issuer for certificate in chain if certificate.issuer != certificate.subject}
    return next((certificate for certificate in chain if certificate.subject not in issuers), chain[0])

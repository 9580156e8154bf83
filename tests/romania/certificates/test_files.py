"""Files as people have them: public ones are read, those with a key refused."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
    pkcs12,
)

from punte.romania.certificates import KeyOffered, NoCertificate, certificate_in
from punte.romania.certificates.files import LARGEST, Why
from romania.certificates.authority import certificate, key, name

LEAF = certificate(serial=7)
CA = certificate(
    subject=name("certSIGN Qualified CA", "CERTSIGN SA"), issuer=("Rădăcina", "CERTSIGN SA"), authority=True
)
PEM, DER = Encoding.PEM, Encoding.DER
LOCKED = BestAvailableEncryption(b"1234")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("al-meu.cer", LEAF.public_bytes(DER)),
        ("al-meu.CRT", LEAF.public_bytes(PEM)),
        ("lant.pem", CA.public_bytes(PEM) + LEAF.public_bytes(PEM)),  # the holder's, wherever it stands
        ("lant.pem", b"Bag Attributes\n" + LEAF.public_bytes(PEM) + CA.public_bytes(PEM)),
        ("lant.p7b", pkcs7.serialize_certificates([CA, LEAF], DER)),
        ("lant.p7b", pkcs7.serialize_certificates([CA, LEAF], PEM)),
        ("fara-nume", LEAF.public_bytes(DER)),  # what it is counts, not what it is called
    ],
)
def test_a_public_certificate_is_found(file, content):
    assert certificate_in(file, content).serial_number == 7


P12 = pkcs12.serialize_key_and_certificates(b"eu", key(), LEAF, [CA], LOCKED)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("al-meu.p12", P12),
        ("al-meu.PFX", b"anything: it is not read"),
        ("al-meu.cer", P12),  # renamed
        ("al-meu.cer", P12 + b"\0" * LARGEST),
        ("al-meu.key", b""),
        ("al-meu.pem", LEAF.public_bytes(PEM) + key().private_bytes(PEM, PrivateFormat.PKCS8, NoEncryption())),
        ("al-meu.pem", key().private_bytes(PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())),
        ("al-meu.pem", key().private_bytes(PEM, PrivateFormat.PKCS8, LOCKED)),
        ("al-meu.cer", key().private_bytes(DER, PrivateFormat.PKCS8, NoEncryption())),
        ("al-meu.cer", key().private_bytes(DER, PrivateFormat.PKCS8, LOCKED)),
        (
            "al-meu.cer",
            rsa.generate_private_key(65537, 2048).private_bytes(DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
        ),
        ("al-meu.cer", b"PuTTY-User-Key-File-3: rsa"),
        ("al-meu.cer", b"\xfe\xed\xfe\xed\0\0\0\2"),  # a Java key store
    ],
)
def test_a_key_is_refused(file, content):
    with pytest.raises(KeyOffered):
        certificate_in(file, content)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Why.EMPTY),
        (b" \n", Why.EMPTY),
        (b"hello", Why.UNREADABLE),
        (b"\x30", Why.UNREADABLE),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", Why.UNREADABLE),
        (b"%PDF" + b"x" * LARGEST, Why.TOO_LARGE),
    ],
)
def test_what_is_no_certificate_is_told(content, why):
    with pytest.raises(NoCertificate, match=why):
        certificate_in("ceva.cer", content)

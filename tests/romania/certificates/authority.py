"""Certificates for the tests: a small authority that makes what the simulator's makes, and every variation of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from punte.anafsim import qcstatements

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIGN_IN = {"digital_signature", "content_commitment"}
USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip
ISSUER = ("certSIGN Qualified CA", "CERTSIGN SA")


@cache
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def name(common_name: str, organisation: str = "", serial_number: str = "") -> x509.Name:
    parts = [
        (NameOID.COUNTRY_NAME, "RO"),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.SERIAL_NUMBER, serial_number),
        (NameOID.COMMON_NAME, common_name),
    ]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def certificate(
    *,
    subject: x509.Name | None = None,
    issuer: tuple[str, str] = ISSUER,
    serial: int = 0x2210701E,
    start: datetime = NOW - timedelta(days=100),
    end: datetime = NOW + timedelta(days=265),
    uses: set[str] | None = SIGN_IN,
    purposes: tuple[Any, ...] = (ExtendedKeyUsageOID.CLIENT_AUTH,),
    qc: bytes | None = None,
    qualified: bool = True,
    policies: tuple[str, ...] = (),
    authority: bool = False,
) -> x509.Certificate:
    """A qualified certificate of certSIGN's, in force, unless told otherwise."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject or name("Ilinca Dobre"))
        .issuer_name(name(*issuer))
        .public_key(key().public_key())
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if uses is not None:
        builder = builder.add_extension(x509.KeyUsage(**{use: use in uses for use in USES}), critical=True)
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    if qc is not None:
        oid = x509.ObjectIdentifier(qcstatements.QC_STATEMENTS)
        builder = builder.add_extension(x509.UnrecognizedExtension(oid, qc), critical=False)
    elif qualified:
        builder = builder.add_extension(qcstatements.qualified_signature(), critical=False)
    if policies:
        named = [x509.PolicyInformation(x509.ObjectIdentifier(policy), None) for policy in policies]
        builder = builder.add_extension(x509.CertificatePolicies(named), critical=False)
    return builder.sign(key(), hashes.SHA256())


def statements(*oids: str, types: tuple[str, ...] = ()) -> bytes:
    """QcStatements with these, and QcType when `types` are given."""
    parts = [qcstatements._sequence(qcstatements._oid(oid)) for oid in oids]
    if types:
        inside = qcstatements._sequence(*(qcstatements._oid(oid) for oid in types))
        parts.append(qcstatements._sequence(qcstatements._oid(qcstatements.QC_TYPE), inside))
    return qcstatements._sequence(*parts)

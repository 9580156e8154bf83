"""What a certificate says of itself, as far as a page may show it.

The subject's `serialNumber` is never read: Romanian issuers write the CNP there (ETSI EN 319 412-1, `PNORO-…`).
Thirteen digits in a row are hidden wherever else they stand.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from . import qcstatements
from .providers import issuer_of

POLICIES = {  # ETSI EN 319 411-2, 5.3
    "0.4.0.194112.1.0": "QCP-n",
    "0.4.0.194112.1.1": "QCP-l",
    "0.4.0.194112.1.2": "QCP-n-qscd",
    "0.4.0.194112.1.3": "QCP-l-qscd",
    "0.4.0.194112.1.4": "QEVCP-w",
}
A_PERSONS_NUMBER = re.compile(r"\d{13,}")


class Qualified(StrEnum):
    """Regulation (EU) 910/2014: signature (art. 28), seal (art. 38), web site (art. 45)."""

    SIGNATURE = "signature"
    SEAL = "seal"
    WEB = "web"
    NO = "no"


class KeyUse(StrEnum):
    """What keyUsage lets the key do; signing in over TLS needs digitalSignature."""

    SIGN_IN = "sign-in"
    SIGN_ONLY = "sign-only"  # nonRepudiation alone
    ENCRYPT_ONLY = "encrypt-only"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateReport:
    """
    name, organisation    of the holder; empty when the certificate has none
    serial                hexadecimal in lower-case pairs, as ANAF's token shows it: `22:10:70:1e`
    issuer, issuer_organisation   by their names; the issuer's signature is not checked here
    provider, issuer_known   the provider of `providers.tsv` by the issuer's name; whether that authority is in our list
    on_device             the issuer states that the key lives in a qualified device (token, or the provider's own)
    for_browsers          extendedKeyUsage lets it sign in (or does not say)
    policy                of ETSI EN 319 411-2, `QCP-n-qscd`; empty when it names none
    """

    name: str
    organisation: str
    serial: str
    issuer: str
    issuer_organisation: str
    provider: str
    issuer_known: bool
    not_before: datetime
    not_after: datetime
    qualified: Qualified
    on_device: bool
    key_use: KeyUse
    for_browsers: bool
    policy: str

    @property
    def spaced_serial(self) -> str:
        return self.serial.replace(":", " ")

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> CertificateReport:
        facts: dict[str, Any] = json.loads(text)
        typed = {
            "not_before": datetime.fromisoformat(facts["not_before"]),
            "not_after": datetime.fromisoformat(facts["not_after"]),
            "qualified": Qualified(facts["qualified"]),
            "key_use": KeyUse(facts["key_use"]),
        }
        return cls(**(facts | typed))


def read_certificate(certificate: x509.Certificate) -> CertificateReport:
    """Never fails: an extension that cannot be read counts as absent."""
    extensions = _extensions(certificate)
    statements = _statements(extensions)
    issuer, issuer_organisation = _common_name(certificate.issuer), _text(certificate.issuer, NameOID.ORGANIZATION_NAME)
    known = issuer_of(issuer, issuer_organisation)
    return CertificateReport(
        name=_holder(certificate.subject),
        organisation=_text(certificate.subject, NameOID.ORGANIZATION_NAME),
        serial=_pairs(certificate.serial_number),
        issuer=issuer,
        issuer_organisation=issuer_organisation,
        provider=known.provider if known else "",
        issuer_known=known is not None and known.listed,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        qualified=_qualified(statements),
        on_device=qcstatements.DEVICE in statements.statements,
        key_use=_key_use(extensions),
        for_browsers=_for_browsers(extensions),
        policy=_policy(extensions),
    )


def _extensions(certificate: x509.Certificate) -> dict[str, Any]:
    try:
        return {extension.oid.dotted_string: extension.value for extension in certificate.extensions}
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return {}


def _statements(extensions: dict[str, Any]) -> qcstatements.QcStatements:
    value = extensions.get(qcstatements.OID)
    try:
        return qcstatements.read_qcstatements(value.value) if value else qcstatements.QcStatements()
    except ValueError:
        return qcstatements.QcStatements()


def _qualified(found: qcstatements.QcStatements) -> Qualified:
    """Without a type it is for signatures: EN 319 412-5, 4.2.3."""
    if qcstatements.COMPLIANCE not in found.statements:
        return Qualified.NO
    if not found.types or qcstatements.TYPE_SIGNATURE in found.types:
        return Qualified.SIGNATURE
    return Qualified.SEAL if qcstatements.TYPE_SEAL in found.types else Qualified.WEB


def _key_use(extensions: dict[str, Any]) -> KeyUse:
    usage = extensions.get(x509.KeyUsage.oid.dotted_string)
    if usage is None or usage.digital_signature:
        return KeyUse.SIGN_IN
    if usage.content_commitment:
        return KeyUse.SIGN_ONLY
    encrypts = usage.key_encipherment or usage.data_encipherment or usage.key_agreement
    return KeyUse.ENCRYPT_ONLY if encrypts else KeyUse.NEITHER


def _for_browsers(extensions: dict[str, Any]) -> bool:
    purposes = extensions.get(x509.ExtendedKeyUsage.oid.dotted_string)
    accepted = {ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    return purposes is None or any(purpose in accepted for purpose in purposes)


def _policy(extensions: dict[str, Any]) -> str:
    policies = extensions.get(x509.CertificatePolicies.oid.dotted_string, ())
    named = (POLICIES.get(policy.policy_identifier.dotted_string, "") for policy in policies)
    return next((name for name in named if name), "")


def _holder(subject: x509.Name) -> str:
    person = f"{_text(subject, NameOID.GIVEN_NAME)} {_text(subject, NameOID.SURNAME)}".strip()
    return _common_name(subject) or person


def _common_name(name: x509.Name) -> str:
    return _text(name, NameOID.COMMON_NAME)


def _text(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    values = [str(attribute.value) for attribute in name.get_attributes_for_oid(oid)]
    return A_PERSONS_NUMBER.sub("•" * 13, values[0])[:200] if values else ""


def _pairs(serial: int) -> str:
    return serial.to_bytes(max(1, (serial.bit_length() + 7) // 8), "big").hex(":")

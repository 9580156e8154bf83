"""The making of the simulator's authority: a root, a trust service provider, the "Ministry's" seal, the holders.

The holders' certificates are made like Romanian qualified ones: a person's name in the subject, nonRepudiation,
QcStatements (ETSI EN 319 412-5). They are worth nothing outside the simulator, and say so.
"""

import csv
import json
import os
import secrets
from datetime import UTC, datetime, timedelta
from importlib import resources
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose
from cryptography.x509.oid import NameOID

from .hosts import NAMES
from .qcstatements import qualified_signature

PIN = "1234"
VERSION = 4  # raise when the shape of the directory changes: an older one is made anew
ROOT_YEARS, LEAF_YEARS = 10, 2

Key = CertificateIssuerPrivateKeyTypes


def holders() -> list[dict[str, str]]:
    """The lines of `demo/holders.tsv`."""
    with (resources.files(__package__) / "demo" / "holders.tsv").open(encoding="utf-8") as table:
        return list(csv.DictReader(table, delimiter="\t"))


def make(directory: Path) -> None:
    """Write everything anew; `authority.json` last, so that a half-made directory is made again."""
    if (directory / "authority.json").exists():
        (directory / "authority.json").unlink()
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)

    root_key = ec.generate_private_key(ec.SECP256R1())
    root_name = _name("Simulator Root CA", organisation="Simulator, nu este o autoritate")
    root = _sign(_builder(root_name, root_name, root_key, ROOT_YEARS), root_key, authority=True)

    issuing_key = rsa.generate_private_key(65537, 2048)
    issuing_name = _name("Simulator Qualified CA Class 3", organisation="Simulator Trust Services S.A. (fictiv)")
    issuing = _sign(_builder(issuing_name, root_name, issuing_key, ROOT_YEARS), root_key, authority=True)
    _write(directory / "ca.pem", _pem(root) + _pem(issuing), 0o644)

    server_key = ec.generate_private_key(ec.SECP256R1())
    # ANAF's names too, for who sends them to 127.0.0.1: worth nothing where this root is not trusted.
    names = x509.SubjectAlternativeName(
        [x509.IPAddress(IPv4Address("127.0.0.1")), *map(x509.DNSName, ("localhost", *NAMES))]
    )
    server = _sign(
        _builder(_name("localhost"), root_name, server_key, LEAF_YEARS)
        .add_extension(names, critical=False)
        .add_extension(x509.ExtendedKeyUsage([Purpose.SERVER_AUTH]), critical=False),
        root_key,
    )
    _write(directory / "server.pem", _key_pem(server_key) + _pem(server))

    seal_key = rsa.generate_private_key(65537, 2048)
    seal_name = _name("Simulator, sigiliu de proba", organisation="Simulator, nu este Ministerul Finantelor")
    seal = _sign(_builder(seal_name, issuing_name, seal_key, LEAF_YEARS), issuing_key)
    _write(directory / "seal.pem", _key_pem(seal_key) + _pem(seal))
    _write(directory / "token.pem", _key_pem(rsa.generate_private_key(65537, 2048)))

    serials = {}
    for position, row in enumerate(holders(), start=1):
        # 51:4D stands for "SIM"; the middle makes two installations differ, the end tells the holders apart.
        serial = int(f"514d{secrets.token_hex(4)}{position:04x}", 16)
        key = rsa.generate_private_key(65537, 2048)
        subject = _person(row, number=f"SIM{position:04d}")
        builder = _builder(subject, issuing_name, key, LEAF_YEARS, serial).add_extension(
            x509.ExtendedKeyUsage([Purpose.CLIENT_AUTH, Purpose.EMAIL_PROTECTION]), critical=False
        )
        certificate = _sign(builder.add_extension(qualified_signature(), critical=False), issuing_key)
        locked = serialization.BestAvailableEncryption(PIN.encode())
        bundle = pkcs12.serialize_key_and_certificates(
            row["common_name"].encode(), key, certificate, [issuing, root], locked
        )
        _write(directory / f"{row['name']}.p12", bundle)
        serials[row["name"]] = f"{serial:x}"
    common_name = str(issuing_name.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    facts = {
        "version": VERSION,
        "not_after": server.not_valid_after_utc.isoformat(),
        "issuer": common_name,
        "serials": serials,
        "client_id": secrets.token_hex(24),
        "client_secret": secrets.token_hex(32),
    }
    _write(directory / "authority.json", json.dumps(facts, indent=1).encode())


#: `suppliers.deliver` files documents with dates in the past: what seals them must have been valid then
SEALED_BEFORE = timedelta(days=110)


def _name(common_name: str, *, organisation: str | None = None) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "RO")]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _person(row: dict[str, str], *, number: str) -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "RO")]
    if row["organisation"]:
        parts.append((NameOID.ORGANIZATION_NAME, row["organisation"]))
    parts += [
        (NameOID.SURNAME, row["surname"]),
        (NameOID.GIVEN_NAME, row["given_name"]),
        (NameOID.SERIAL_NUMBER, number),
        (NameOID.COMMON_NAME, row["common_name"]),
    ]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, years: int, serial: int | None = None
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), serial or x509.random_serial_number())
        .not_valid_before(now - SEALED_BEFORE)
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _sign(builder: x509.CertificateBuilder, issuer_key: Key, *, authority: bool = False) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,  # nonRepudiation, by its newer name
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    builder = builder.add_extension(usage, critical=True)
    public = issuer_key.public_key()
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Whole or not at all, and never readable by others in between."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    beside.replace(path)

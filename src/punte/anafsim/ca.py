"""The simulator's own authority: a root, a trust service provider, the seal of the "Ministry", the demo holders.

Everything is made in one directory on first use and reused after, until a certificate is near its end.
The holders' certificates are made like Romanian qualified ones: a person's name in the subject, nonRepudiation,
QcStatements (ETSI EN 319 412-5). They are worth nothing outside the simulator, and say so.
"""

import csv
import json
import os
import secrets
import ssl
from dataclasses import dataclass
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

from .qcstatements import qualified_signature

PIN = "1234"
VERSION = 1  # raise when the shape of the directory changes: an older one is made anew
RENEW_BEFORE = timedelta(days=30)
ROOT_YEARS, LEAF_YEARS = 10, 2

Key = CertificateIssuerPrivateKeyTypes


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A demo holder's certificate, as a person would have it on a token."""

    name: str  #: the word by which commands and tests call it: `ilinca`
    common_name: str
    p12: Path
    password: str  #: also the PIN of the page where a certificate is chosen by hand
    serial: str  #: hexadecimal, lower case, no colons, as in the JWT's `sub`
    issuer: str  #: the issuer's common name, as in the JWT's `issuer`
    not_after: datetime
    enrolled: bool  #: whether SPV knows this serial
    cifs: tuple[str, ...]  #: the companies on which it has rights when the simulator starts
    says: str  #: what happens when it is chosen, for the page


@dataclass(frozen=True)
class Authority:
    """The paths and the keys that the simulator needs at work."""

    directory: Path
    certificates: tuple[Certificate, ...]
    seal_key: rsa.RSAPrivateKey
    seal_certificate: x509.Certificate
    token_key: rsa.RSAPrivateKey
    client_id: str  #: of the one registered application; kept, so that a restart does not disown it
    client_secret: str

    @property
    def ca_file(self) -> Path:
        return self.directory / "ca.pem"

    @property
    def seal_fingerprint(self) -> str:
        """SHA-256 of the seal's certificate, as people write fingerprints: `AB:CD:…`."""
        return self.seal_certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    def tls(self, *, ask_certificate: bool) -> ssl.SSLContext:
        """A server's context; with `ask_certificate` it asks for one of ours and goes on without (CERT_OPTIONAL)."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.directory / "server.pem")
        if ask_certificate:
            context.verify_mode = ssl.CERT_OPTIONAL
            context.load_verify_locations(self.ca_file)
        return context


def open_authority(directory: Path) -> Authority:
    """The authority kept in `directory`, made there when missing, incomplete, of another version or near its end."""
    kept = directory / "authority.json"
    try:
        facts = json.loads(kept.read_text())
    except (OSError, ValueError):
        facts = {}
    soon = datetime.now(UTC) + RENEW_BEFORE
    if facts.get("version") != VERSION or datetime.fromisoformat(facts["not_after"]) < soon:
        _make(directory)
        facts = json.loads(kept.read_text())
    holders = tuple(
        Certificate(
            name=row["name"],
            common_name=row["common_name"],
            p12=directory / f"{row['name']}.p12",
            password=PIN,
            serial=facts["serials"][row["name"]],
            issuer=facts["issuer"],
            not_after=datetime.fromisoformat(facts["not_after"]),
            enrolled=row["enrolled"] == "yes",
            cifs=tuple(filter(None, row["cifs"].split(","))),
            says=row["says"],
        )
        for row in _holders()
    )
    seal = (directory / "seal.pem").read_bytes()
    return Authority(
        directory=directory,
        certificates=holders,
        seal_key=_rsa(seal),
        seal_certificate=x509.load_pem_x509_certificate(seal),
        token_key=_rsa((directory / "token.pem").read_bytes()),
        client_id=facts["client_id"],
        client_secret=facts["client_secret"],
    )


def _holders() -> list[dict[str, str]]:
    with (resources.files(__package__) / "demo" / "holders.tsv").open(encoding="utf-8") as table:
        return list(csv.DictReader(table, delimiter="\t"))


def _rsa(pem: bytes) -> rsa.RSAPrivateKey:
    # The check of an RSA key takes a tenth of a second, and this one is our own.
    key = serialization.load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the seal and the tokens are signed with RSA keys")
    return key


def _make(directory: Path) -> None:
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
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))])
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
    for position, row in enumerate(_holders(), start=1):
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
        .not_valid_before(now - timedelta(hours=1))
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

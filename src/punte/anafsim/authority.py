"""The simulator's authority at work: the certificates it has, its keys, the TLS of its doors.

Made by `ca` in one directory on first use and reused after, until a certificate is near its end.
"""

import json
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .ca import PIN, VERSION, holders, make

RENEW_BEFORE = timedelta(days=30)


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
    facts = _kept(directory)
    if facts is None:
        make(directory)
        facts = json.loads((directory / "authority.json").read_text())
    certificates = tuple(
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
        for row in holders()
    )
    seal = (directory / "seal.pem").read_bytes()
    return Authority(
        directory=directory,
        certificates=certificates,
        seal_key=_rsa(seal),
        seal_certificate=x509.load_pem_x509_certificate(seal),
        token_key=_rsa((directory / "token.pem").read_bytes()),
        client_id=facts["client_id"],
        client_secret=facts["client_secret"],
    )


def _kept(directory: Path) -> dict[str, Any] | None:
    """What `authority.json` says; None when the authority has to be made."""
    try:
        facts: dict[str, Any] = json.loads((directory / "authority.json").read_text())
    except (OSError, ValueError):
        return None
    names = {row["name"] for row in holders()}
    files = ("ca.pem", "server.pem", "seal.pem", "token.pem", *(f"{name}.p12" for name in names))
    whole = (
        facts.get("version") == VERSION
        and set(facts["serials"]) == names
        and datetime.fromisoformat(facts["not_after"]) > datetime.now(UTC) + RENEW_BEFORE
        and all((directory / file).is_file() for file in files)
    )
    return facts if whole else None


def _rsa(pem: bytes) -> rsa.RSAPrivateKey:
    # The check of an RSA key takes a tenth of a second, and this one is our own.
    key = serialization.load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the seal and the tokens are signed with RSA keys")
    return key

"""What a fault makes of an answer that was right: an authorisation denied, a ZIP torn, altered or sealed by a stranger.

The operation has been carried out; only what the caller gets differs.
"""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from starlette.responses import Response

from .answers import json_of
from .archive import java_zip
from .authority import Authority
from .faults import Kind
from .ledger import Entry
from .seal import seal

ZIP = "application/zip"
JSON = "application/json"
Row = dict[str, str]
ANOTHER_MAILBOX = "10000008"


def spoil(kind: Kind, answer: Response, entry: Entry, authority: Authority) -> Response:
    """`answer` as the fault leaves it; the same when it is not of the sort that this fault spoils."""
    if kind is Kind.DENIED:
        return _denied(answer, entry)
    if kind in SPOILED and answer.media_type == ZIP:
        entry.outcome += f", {kind}"
        return Response(SPOILED[kind](bytes(answer.body), authority), answer.status_code, media_type=ZIP)
    if kind in SPOILED_LISTS and answer.media_type == JSON and "mesaje" in (listed := json.loads(bytes(answer.body))):
        entry.outcome += f", {kind}"
        listed["mesaje"] = SPOILED_LISTS[kind](listed["mesaje"])
        return json_of(listed)
    return answer


def _denied(answer: Response, entry: Entry) -> Response:
    """The code that was on its way to the application becomes `access_denied`; nobody will ever redeem it."""
    address = urlsplit(answer.headers.get("location", ""))
    query = parse_qs(address.query, keep_blank_values=True)
    if query.pop("code", None):
        entry.outcome = "denied, whichever the certificate"
        changed = urlencode({"error": "access_denied"} | query, doseq=True)
        answer.headers["location"] = address._replace(query=changed).geturl()
    return answer


def _broken(archive: bytes, _authority: Authority) -> bytes:
    return archive[: len(archive) * 2 // 3]


def _altered(archive: bytes, _authority: Authority) -> bytes:
    """One byte more than was sealed: it reads like the invoice, and is not the one that the seal speaks of."""
    members = _members(archive)
    name = next(name for name in members if not name.startswith("semnatura_"))
    return java_zip(members | {name: members[name] + b"\n"}, datetime.now(UTC))


def _foreign(archive: bytes, authority: Authority) -> bytes:
    members = _members(archive)
    content = next(content for name, content in members.items() if not name.startswith("semnatura_"))
    key, certificate = _stranger()
    sealed = seal(content, replace(authority, seal_key=key, seal_certificate=certificate))
    return java_zip({name: sealed if name.startswith("semnatura_") else content for name in members}, datetime.now(UTC))


def _mixed(rows: list[Row]) -> list[Row]:
    """Each row once more, as of another mailbox and with ids of its own: reported of certificates of many firms."""
    strays = [
        row | {"cif": ANOTHER_MAILBOX, "id": f"9{row['id']}", "id_solicitare": f"9{row['id_solicitare']}"}
        for row in rows
    ]
    return [one for pair in zip(strays, rows, strict=True) for one in pair]


def _without_id(rows: list[Row]) -> list[Row]:
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def _members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@lru_cache(maxsize=1)
def _stranger() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """A sealing key outside the simulator's authority, as a new seal of the Ministry would be on its first day."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Simulator, sigiliu necunoscut")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=3660)).not_valid_after(now + timedelta(days=3660))
    return key, builder.sign(key, hashes.SHA256())


SPOILED_LISTS: dict[Kind, Callable[[list[Row]], list[Row]]] = {Kind.MIXED_ROWS: _mixed, Kind.NO_ID: _without_id}
SPOILED: dict[Kind, Callable[[bytes, Authority], bytes]] = {
    Kind.BROKEN_ZIP: _broken,
    Kind.ALTERED_ZIP: _altered,
    Kind.FOREIGN_SEAL: _foreign,
}

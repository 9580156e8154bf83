"""The access token: a JWT signed with RS512, with the claims that ANAF's have in 2026. It names no company."""

import base64
import json
import secrets
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA512

from .authority import Authority, Certificate

ACCESS_SECONDS = 129_600 * 60  # 90 days
NOT_BEFORE_SECONDS = 300
ROLES = "HELLO@EFACTURA@ETRANSPORT@SRV_EFACTURA@SRV_ETRANSPORT"
ROLES_2023 = "HELLO,EFACTURA,ETRANSPORT,SRV_EFACTURA"
SERVICES_2023 = {"efactura": "EFACTURA,SRV_EFACTURA", "etransport": "ETRANSPORT", "hello": "HELLO"}
HEADER = b'{\n  "alg":"RS512",\n  "kid":"anaf_2023_2024"\n}'  # pretty-printed before encoding, as observed


def issue(
    holder: Certificate, client_id: str, authority: Authority, now: datetime, *, as_in_papers: bool = False
) -> str:
    """An access token for `holder` using the application `client_id`; in papers with the claims of 2023."""
    moment = int(now.timestamp())
    serial = colons(holder.serial)
    issuer = "Anaf" if as_in_papers else holder.issuer
    scope = {"clientappid": client_id, "info": "", "issuer": issuer}
    scope |= {"role": ROLES_2023, "serial": serial} if as_in_papers else {"serial": serial, "roles": ROLES}
    claims = {
        "token_type": "Bearer",
        "scope": " ".join(sorted(scope)),
        "scope_data": [{"id": name, "value": value} for name, value in scope.items()],
        "iss": "https://logincert.anaf.ro",
        "clientappid": client_id,
        **(SERVICES_2023 if as_in_papers else {}),
        "info": "",
        "issuer": issuer,
        **({"role": ROLES_2023} if as_in_papers else {}),
        "serial": serial,
        "sub": holder.serial,
        "jti": secrets.token_hex(16),
        "iat": moment,
        "nbf": moment - NOT_BEFORE_SECONDS,
        "exp": moment + ACCESS_SECONDS,
        **({} if as_in_papers else {"roles": ROLES}),
    }
    signed = _encode(HEADER) + b"." + _encode(json.dumps(claims, indent=2).encode())
    return (signed + b"." + _encode(authority.token_key.sign(signed, PKCS1v15(), SHA512()))).decode()


def bearer(authorization: str, authority: Authority, now: datetime) -> str | None:
    """The certificate serial in the header `Authorization: Bearer …`; None when it is not a living token of ours."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or token.count(".") != 2:
        return None
    signed, _, signature = token.strip().rpartition(".")
    try:
        authority.token_key.public_key().verify(_decode(signature), signed.encode(), PKCS1v15(), SHA512())
        claims: dict[str, Any] = json.loads(_decode(signed.partition(".")[2]))
    except (InvalidSignature, ValueError):
        return None
    return str(claims["sub"]) if claims["nbf"] <= now.timestamp() < claims["exp"] else None


def issued(authorization: str) -> float | None:
    """When the token in the header was given, epoch seconds, its signature unchecked; None without a readable one."""
    parts = authorization.split(".")
    try:
        return float(json.loads(_decode(parts[1]))["iat"]) if len(parts) == 3 else None
    except (ValueError, LookupError, TypeError):
        return None


def colons(serial: str) -> str:
    """`514d…` as `51:4d:…`."""
    return bytes.fromhex(serial.zfill(len(serial) + len(serial) % 2)).hex(":")


def _encode(value: bytes) -> bytes:
    return base64.urlsafe_b64encode(value).rstrip(b"=")


def _decode(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))

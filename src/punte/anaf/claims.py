"""What an access token says about itself. Source: docs/anaf/oauth.md, "The token"."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Claims:
    """For display and expiry only: ANAF publishes no key, the signature is not verified. No company is named here.

    serial     of the certificate, lower-case hex in pairs: `22:10:70:1e`
    issuer     of the certificate (2026); `Anaf` in tokens of 2023
    roles      services of the application: HELLO, EFACTURA …
    issued_at, expires_at  aware, UTC
    client_id  the application
    """

    serial: str | None = None
    issuer: str | None = None
    roles: tuple[str, ...] = ()
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    client_id: str | None = None


def read_claims(access_token: str) -> Claims:
    """Claims of a JWT, in the form of 2023 or of 2026; empty claims for an opaque token."""
    payload = _payload(access_token)
    return Claims(
        serial=serial_in_pairs(_text(payload, "serial") or _text(payload, "sub")),
        issuer=_text(payload, "issuer"),
        roles=tuple(role for role in re.split("[,@]", _text(payload, "roles", "role") or "") if role),
        issued_at=_instant(payload.get("iat")),
        expires_at=_instant(payload.get("exp")),
        client_id=_text(payload, "clientappid"),
    )


def serial_in_pairs(serial: str | None) -> str | None:
    """One form for a serial that ANAF prints with and without colons.

    >>> serial_in_pairs("2210701E")
    '22:10:70:1e'
    """
    digits = re.sub("[^0-9a-f]", "", (serial or "").lower())
    digits = digits.zfill(len(digits) + len(digits) % 2)
    return ":".join(re.findall("..", digits)) or None


def _payload(token: str) -> dict[str, Any]:
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        payload = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}


def _text(payload: Mapping[str, Any], *names: str) -> str | None:
    """The first claim of these that stands, on its own or inside `scope_data`."""
    data = payload.get("scope_data")
    entries = [entry for entry in data if isinstance(entry, dict)] if isinstance(data, list) else []
    scope = {str(entry.get("id")): entry.get("value") for entry in entries}
    for name in names:
        for value in (payload.get(name), scope.get(name)):
            if isinstance(value, str) and value:
                return value
    return None


def _instant(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None

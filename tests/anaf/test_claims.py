import base64
import json
from datetime import UTC, datetime

import pytest

from punte.anaf.claims import Claims, read_claims, serial_in_pairs


def _token(payload: bytes) -> str:
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b"{}", payload, b"unsigned"))


@pytest.mark.parametrize(
    ("sample", "issuer", "roles"),
    [
        ("jwt-payload-2023.json", "Anaf", ("HELLO", "EFACTURA", "ETRANSPORT", "SRV_EFACTURA")),
        (
            "jwt-payload-2026.json",
            "DigiSign Qualified CA Class 3 2017",
            ("HELLO", "EFACTURA", "ETRANSPORT", "SRV_EFACTURA", "SRV_ETRANSPORT"),
        ),
    ],
)
def test_both_forms_of_the_token_are_read(wire, sample, issuer, roles):
    assert read_claims(_token(wire(sample))) == Claims(
        serial="22:10:70:1e:50:c9:0f:3a",
        issuer=issuer,
        roles=roles,
        issued_at=datetime(2026, 11, 22, 8, 15, tzinfo=UTC),
        expires_at=datetime(2027, 2, 20, 8, 15, tzinfo=UTC),  # 90 days later
        client_id="0" * 48,
    )


@pytest.mark.parametrize("gone", [["serial"], ["serial", "sub"]])
def test_the_serial_is_found_in_sub_or_in_scope_data(wire, gone):
    payload = {name: value for name, value in json.loads(wire("jwt-payload-2026.json")).items() if name not in gone}
    assert read_claims(_token(json.dumps(payload).encode())).serial == "22:10:70:1e:50:c9:0f:3a"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "opaque",
        "a.b.c",
        "a.!!!.c",
        "ă.ț.ș",
        _token(b"[]"),
        _token(b"[" * 100_000),
        _token(b'{"iat": 1e400, "exp": true, "serial": 5, "scope_data": [3]}'),
        _token(b'{"iat": "soon", "exp": 99999999999999999, "scope_data": {}}'),
    ],
)
def test_anything_else_gives_empty_claims(token):
    assert read_claims(token) == Claims()


def test_a_serial_has_one_form():
    assert serial_in_pairs("2210701E") == serial_in_pairs("22:10:70:1e") == "22:10:70:1e"
    assert serial_in_pairs("abc") == "0a:bc"
    assert serial_in_pairs("") is None

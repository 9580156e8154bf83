"""How the records of a dossier hang together: each is canonical JSON that names the digest of the one before.

Without Django, for whoever checks a dossier away from the product. The form is described in docs/operare/dosar.md.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

from punte.romania.identity import is_cnp

FORM = 1  # of a record: a reader of another form must say that it does not know it
_LONG = re.compile(r"(?<!\d)\d{13}(?!\d)")


def canonical(value: dict[str, Any]) -> str:
    """One text for one value: keys sorted, no spaces, UTF-8 as it is; text, whole numbers, lists and objects alone."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(content: str) -> str:
    """SHA-256 of the text's UTF-8, hex.

    >>> digest('{"number":1}')[:16]
    '3d6a916e86efba91'
    """
    return hashlib.sha256(content.encode()).hexdigest()


def link(number: int, previous: str, facts: dict[str, Any]) -> str:
    """The text of record `number`, from 1, after the one with the digest `previous` (empty for the first)."""
    return canonical(_plain(facts) | {"form": FORM, "number": number, "previous": previous})


def masked(text: str) -> str:
    """`text` with every personal code (CNP) covered.

    >>> masked("vandut catre 1960229410015, index 5001131297000")
    'vandut catre *************, index 5001131297000'
    """
    return _LONG.sub(lambda found: "*" * 13 if is_cnp(found[0]) else found[0], text)


def _plain(value: Any) -> Any:
    """As JSON has it: instants in UTC, personal codes covered, what is empty left out."""
    match value:
        case dict():
            return {str(key): _plain(one) for key, one in value.items() if one not in (None, "", [], {})}
        case list() | tuple():
            return [_plain(one) for one in value]
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        case bool() | int():
            return value
    return masked(str(value))

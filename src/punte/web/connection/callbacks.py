"""The callback as we send it beside the one registered at ANAF: ANAF compares them to the letter, and explains nothing.

Source: docs/anaf/oauth.md, "Registration", "Authorize".
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an address; `differs`: of no counterpart in the other."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both addresses in pieces, and what the difference is, in words; `reasons` is empty when they are the same."""

    ours: tuple[Piece, ...]
    registered: tuple[Piece, ...]
    reasons: tuple[str, ...]


def compare(ours: str, registered: str) -> Comparison:
    """Where two addresses part.

    >>> [piece.text for piece in compare("https://a.ro/x/", "http://a.ro/x").ours if piece.differs]
    ['s', '/']
    """
    steps = SequenceMatcher(None, ours, registered, autojunk=False).get_opcodes()
    return Comparison(
        tuple(Piece(ours[a:b], tag != "equal") for tag, a, b, _, _ in steps if b > a),
        tuple(Piece(registered[c:d], tag != "equal") for tag, _, _, c, d in steps if d > c),
        tuple(_reasons(ours, registered)),
    )


def registrable(address: str) -> str:
    """Why ANAF would not register `address` as a callback; empty when it would. It takes https alone, no fragment."""
    parts = urlsplit(address)
    if parts.scheme != "https":
        return _("ANAF înregistrează numai adrese care încep cu https://.")
    if not parts.hostname or parts.fragment or address != address.strip():
        return _("Scrieți adresa întreagă, fără spații și fără semnul #.")
    return ""


def _reasons(ours: str, registered: str) -> list[str]:
    if ours == registered:
        return []
    a, b = urlsplit(ours), urlsplit(registered)
    checks = (
        (a.scheme != b.scheme, _("una începe cu http, cealaltă cu https")),
        ((a.hostname or "") != (b.hostname or ""), _("numele serverului diferă")),
        (a.netloc.rpartition(":")[2] != b.netloc.rpartition(":")[2] and a.hostname == b.hostname, _("portul diferă")),
        (a.path != b.path and a.path.rstrip("/") == b.path.rstrip("/"), _("bara / de la sfârșit lipsește la una")),
        (a.path.rstrip("/") != b.path.rstrip("/"), _("calea de după numele serverului diferă")),
        (ours.lower() == registered.lower(), _("diferă literele mari și mici")),
    )
    return [reason for differs, reason in checks if differs] or [_("diferă sfârșitul adresei")]

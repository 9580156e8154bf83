"""The trust providers whose certificates people take to ANAF, and the authorities they sign with: dated data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from punte.en16931 import tables

from .wording import worded


class Sure(StrEnum):
    """How sure a row is."""

    PROVIDER = "furnizorul"  # the provider says so itself
    OBSERVED = "observat"  # somebody saw it
    UNKNOWN = "neconfirmat"  # no result was found: ask the provider

    def word(self, language: str) -> str:
        """As shown, in `ro` or `en`."""
        return (
            {"furnizorul": "the provider", "observat": "seen", "neconfirmat": "unconfirmed"}[self.value]
            if language.startswith("en")
            else self.value
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A row of providers.tsv, in one language as shown. `as_of`: the day its facts were gathered."""

    key: str
    name: str
    company: str
    kinds: str
    how: str
    works: str
    sure: Sure
    how_sure: str
    address: str
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """`listed`: the authority itself is in issuers.tsv; else only the company's name is."""

    provider: str
    listed: bool


@cache
def providers(language: str = "ro") -> tuple[Provider, ...]:
    """All of them, in words of `language`: `ro`, `en`."""
    return tuple(
        Provider(
            **worded(row, language)  # type: ignore[arg-type]
            | {
                "sure": Sure(row["sure"]),
                "how_sure": Sure(row["sure"]).word(language),
                "as_of": date.fromisoformat(row["as_of"]),
            }
        )
        for row in tables.rows(__file__, "providers.tsv")
    )


def issuer_of(common_name: str, organisation: str) -> Issuer | None:
    """By name alone, whatever the case and punctuation; None when neither is in our lists."""
    authorities, companies = _issuers()
    provider = authorities.get(_plain(common_name))
    if provider and companies.get(_plain(organisation)) == provider:
        return Issuer(provider, listed=True)
    provider = companies.get(_plain(organisation))
    return Issuer(provider, listed=False) if provider else None


@cache
def _issuers() -> tuple[dict[str, str], dict[str, str]]:
    rows = list(tables.rows(__file__, "issuers.tsv"))
    return (
        {_plain(row["common_name"]): row["provider"] for row in rows if row["common_name"]},
        {_plain(row["organisation"]): row["provider"] for row in rows},
    )


def _plain(text: str) -> str:
    """`S.C. CERTSIGN S.A.` and `certSIGN SA` are one company."""
    letters = re.sub(r"[^a-z0-9 ]", "", text.lower())
    return " ".join(word for word in letters.split() if word not in {"sc", "sa", "srl"})

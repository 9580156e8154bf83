"""What was asked of Venituri, as its address says it: `?filtru=neincasate&q=brutarie&dupa=2026-03-01.77`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Kind

KINDS = {"proforme": Kind.PROFORMA}
LONGEST_QUERY = 100  # characters


class Key(NamedTuple):
    """A place in the list: newest first, by day and then by id."""

    day: date
    pk: int

    @property
    def pair(self) -> tuple[date, int]:
        return (self.day, self.pk)

    def __str__(self) -> str:
        return f"{self.day}.{self.pk}"


class Period(NamedTuple):
    slug: str
    word: str | Promise
    first: date | None
    last: date | None


def periods(today: date) -> tuple[Period, ...]:
    """What one chooses from, by today's date; the first is everything."""
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    year = today.replace(month=1, day=1)
    return (
        Period("", _("Toate perioadele"), None, None),
        Period("luna", _("Luna aceasta"), month, _end(month)),
        Period("luna-trecuta", _("Luna trecută"), before, month - timedelta(days=1)),
        Period("trimestru", _("Trimestrul acesta"), quarter, _end(quarter.replace(month=quarter.month + 2))),
        Period("an", _("Anul acesta"), year, year.replace(month=12, day=31)),
        Period("an-trecut", _("Anul trecut"), year.replace(year=year.year - 1), year - timedelta(days=1)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`first` and `last`: days of issue, both counted; `older_than` or `newer_than`: where the page begins."""

    tab: str = ""
    query: str = ""
    kind: Kind = Kind.INVOICE
    client: int | None = None
    period: str = ""
    first: date | None = None
    last: date | None = None
    older_than: Key | None = None
    newer_than: Key | None = None

    @property
    def amount(self) -> Decimal | None:
        """The query as a sum, `1.234,56`, `1234,5` or `605`; None where it is none."""
        typed = self.query.replace(" ", "").removesuffix("lei")
        try:
            found = Decimal(typed.replace(".", "").replace(",", ".") if "," in typed else typed)
        except InvalidOperation:
            return None
        return found if found.is_finite() and abs(found) < Decimal(10) ** 13 else None

    @property
    def is_filtered(self) -> bool:
        """Something besides the tab narrows the list."""
        return bool(self.query or self.client or self.first or self.last)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """All but the place, as fields of a form."""
        own_days = not self.period
        named = {
            "filtru": self.tab,
            "q": self.query,
            "fel": next((slug for slug, kind in KINDS.items() if kind == self.kind), ""),
            "client": str(self.client or ""),
            "perioada": self.period,
            "de": str(self.first or "") if own_days else "",
            "pana": str(self.last or "") if own_days else "",
        }
        return [(name, value) for name, value in named.items() if value]

    def address(self, **changed: str) -> str:
        """`?…` of the same question, from its first page on; `changed` replaces (`filtru="ciorne"`), "" leaves out."""
        said = {name: value for name, value in (dict(self.hidden) | changed).items() if value}
        return "?" + urlencode(said)  # never empty: a link to "" would keep the place

    @property
    def without_client(self) -> str:
        return self.address(client="")

    @property
    def without_days(self) -> str:
        return self.address(de="", pana="")

    @property
    def here(self) -> str:
        """`?…` of this very page."""
        if self.newer_than:
            return self.address(inainte=str(self.newer_than))
        return self.address(dupa=str(self.older_than)) if self.older_than else self.address()

    def whole(self) -> Asked:
        """The same question from its first page on."""
        return replace(self, older_than=None, newer_than=None)


def asked(said: Mapping[str, str], today: date) -> Asked:
    """The question in the parameters of an address; what cannot be read is as if not said."""
    chosen = next((one for one in periods(today) if one.slug == said.get("perioada", "")), periods(today)[0])
    first, last = chosen.first, chosen.last
    if not chosen.slug:
        first, last = _day(said.get("de", "")), _day(said.get("pana", ""))
    month = _day(f"{said.get('luna', '')}-01")
    client = said.get("client", "")
    return Asked(
        tab=said.get("filtru", ""),
        query=said.get("q", "").strip()[:LONGEST_QUERY],
        kind=KINDS.get(said.get("fel", ""), Kind.INVOICE),
        client=int(client) if client.isdecimal() and len(client) < 19 else None,
        period=chosen.slug,
        first=first,
        last=last,
        older_than=Key(_end(month) + timedelta(days=1), 0) if month else _key(said.get("dupa", "")),
        newer_than=None if month else _key(said.get("inainte", "")),
    )


def _key(text: str) -> Key | None:
    day, _, pk = text.partition(".")
    found = _day(day)
    return Key(found, int(pk)) if found and pk.isdecimal() and len(pk) < 19 else None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2200 else None


def _end(month: date) -> date:
    """The last day of the month of `month`."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)

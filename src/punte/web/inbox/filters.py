"""What was asked of Cheltuieli, as its address says it: `?filtru=noi&q=faina&furnizor=33451201&dupa=2026-03-01.77`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from punte.web.invoices import filters as invoices
from punte.web.invoices.filters import LONGEST_QUERY, Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`first` and `last`: days of issue, both counted; `older_than` or `newer_than`: where the page begins."""

    tab: str = ""
    query: str = ""
    supplier: str = ""  # `Document.supplier_key`
    period: str = ""
    first: date | None = None
    last: date | None = None
    older_than: Key | None = None
    newer_than: Key | None = None

    @property
    def is_filtered(self) -> bool:
        """Something besides the tab narrows the list."""
        return bool(self.query or self.supplier or self.first or self.last)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """All but the place, as fields of a form."""
        own_days = not self.period
        named = {
            "filtru": self.tab,
            "q": self.query,
            "furnizor": self.supplier,
            "perioada": self.period,
            "de": str(self.first or "") if own_days else "",
            "pana": str(self.last or "") if own_days else "",
        }
        return [(name, value) for name, value in named.items() if value]

    def address(self, **changed: str) -> str:
        """`?…` of the same question, from its first page on; `changed` replaces, "" leaves out."""
        said = {name: value for name, value in (dict(self.hidden) | changed).items() if value}
        return "?" + urlencode(said)  # never empty: a link to "" would keep the place

    @property
    def without_supplier(self) -> str:
        return self.address(furnizor="")

    @property
    def without_days(self) -> str:
        return self.address(de="", pana="")

    def whole(self) -> Asked:
        """The same question from its first page on."""
        return replace(self, older_than=None, newer_than=None)


def asked(said: Mapping[str, str], today: date) -> Asked:
    """The question in the parameters of an address; what cannot be read is as if not said."""
    alike = invoices.asked(said, today)
    return Asked(
        tab=alike.tab,
        query=said.get("q", "").strip()[:LONGEST_QUERY],
        supplier=said.get("furnizor", "").strip()[:60],
        period=alike.period,
        first=alike.first,
        last=alike.last,
        older_than=alike.older_than,
        newer_than=alike.newer_than,
    )

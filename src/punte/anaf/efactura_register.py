"""The optional register RO e-Factura (registruroefactura). Source: docs/anaf/registry.md, "RO e-Factura register"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from punte.anaf.batches import Batches, day, read_found, text
from punte.anaf.channel import Reply, Timeouts
from punte.anaf.hosts import Hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A company in the register. Since B2B became general in 2024, absence says nothing of the duty to send.

    cui         digits, without RO
    register, category  ANAF's values, whose list is not published; None when empty
    state       ANAF's `stare`, as it came: words or a truth value, the paper does not say
    enrolled_on, renounced_on, struck_off_on  days;  b2g_option_on  day of the option for public buyers
    """

    cui: str
    name: str
    address: str | None
    register: str | None
    category: str | None
    state: str | bool | None
    enrolled_on: date | None
    renounced_on: date | None
    struck_off_on: date | None
    b2g_option_on: date | None


class EFacturaRegister:
    """Questions to the register; no authentication. One instance keeps one question a second."""

    def __init__(self, hosts: Hosts, *, timeouts: Timeouts | None = None) -> None:
        self._batches = Batches(hosts, f"{hosts.public}/api/registruroefactura/v1/interogare", timeouts)

    def lookup(self, cuis: Iterable[str], on: date) -> dict[str, Enrolment]:
        """The enrolments found, by CUI in digits; companies not in the register are left out.

        cuis  any number, with or without RO: asked by the hundred, a second apart;  on  the day asked about
        Raises ValueError for what is no number; NotSent, Unwell, Blocked, RateLimited, Misconfigured, Declined.
        """
        return {found.cui: found for reply in self._batches.ask(cuis, on) for found in read_enrolments(reply)}


def read_enrolments(reply: Reply) -> list[Enrolment]:
    """The answer; a 404 with the usual shape is "none found"."""
    return [_enrolment(row) for row in read_found(reply)]


def _enrolment(row: Mapping[str, Any]) -> Enrolment:
    return Enrolment(
        cui=text(row, "cui") or "",
        name=text(row, "denumire") or "",
        address=text(row, "adresa"),
        register=text(row, "registru"),
        category=text(row, "categorie"),
        state=state if isinstance(state := row.get("stare"), bool) else text(row, "stare"),
        enrolled_on=day(row, "dataInscriere"),
        renounced_on=day(row, "dataRenuntare"),
        struck_off_on=day(row, "dataRadiere"),
        b2g_option_on=day(row, "dataOptiuneB2G"),
    )

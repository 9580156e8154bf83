"""A company as ANAF's public register has it, in the words of our tables."""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from punte.anaf.errors import AnafError
from punte.anaf.registry import Company, Registry
from punte.romania import identity
from punte.romania.names import as_written
from punte.web.config.anaf import hosts

from .places import NotASector, city_of


class NotInRegister(Exception):
    """The check digit is right, but ANAF does not know this CUI (yet)."""


class RegisterSilent(Exception):
    """ANAF's register did not answer, or not with an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What the register says of a company; names and forms of `Firm` and of `invoices.Client`.

    city    by RO_CIUS; empty when the register tells no sector of Bucharest: the person is asked
    status  ANAF's sentence about the registration, with its date
    """

    cui: str
    name: str
    trade_register_number: str
    vat_registered: bool
    vat_on_collection: bool
    street: str
    city: str
    county: str
    post_code: str
    inactive: bool = False
    struck_off: bool = False
    status: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        """For a row of `Firm`; `inactive`, `struck_off`, `status` are of the day and not kept."""
        return {name: value for name, value in asdict(self).items() if name not in {"inactive", "struck_off", "status"}}


def look_up(cui: str, now: datetime) -> Identity:
    """The company with this CUI, written with or without RO, as the register has it on the day of `now`.

    Raises BadIdentity (wrong CUI, its text is for the screen), NotInRegister, RegisterSilent.
    """
    digits = identity.cui(cui)
    try:
        found = Registry(hosts()).lookup([digits], timezone.localdate(now))
    except AnafError as error:
        raise RegisterSilent(error.text) from error
    if digits not in found:
        raise NotInRegister(digits)
    return _identity(found[digits])


def _identity(company: Company) -> Identity:
    city = ""
    with contextlib.suppress(NotASector):
        city = city_of(company.county_code or "", company.sector or company.city or "")
    street = " ".join(part for part in (company.street, _number(company.number)) if part)
    return Identity(
        cui=company.cui,
        name=as_written(company.name)[:200],
        trade_register_number=(company.trade_register_number or "")[:30],
        vat_registered=company.vat_registered,
        vat_on_collection=company.vat_on_collection,
        street=(street or company.details or "")[:150],
        city=city[:50],
        county=company.county_code or "",
        post_code=(company.postcode or "")[:20],
        inactive=company.inactive,
        struck_off=not company.registered,
        status=company.status or "",
    )


def _number(number: str | None) -> str:
    return f"nr. {number}" if number else ""

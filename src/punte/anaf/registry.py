"""The public register of companies and VAT (PlatitorTvaRest v9). Source: docs/anaf/registry.md."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from punte.anaf.batches import Batches, day, no_answer, read_answer, read_found, text
from punte.anaf.channel import Channel, Reply, Timeouts
from punte.anaf.hosts import Hosts

_SECTOR = re.compile(r"\bSector(?:ul)?\s*([1-6])\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company as the register has it on the day asked for. Text in ANAF's wording, ș and ț with comma below.

    cui             digits, without RO
    street … details  registered office; where that is empty, fiscal domicile. None when ANAF says nothing
    city            ANAF's locality: `Mun. Cluj-Napoca`, `Sector 3 Mun. București`
    sector          SECTOR1 … SECTOR6 in Bucharest (the code list SECTOR-RO), else None
    county_code     ISO 3166-2: RO-CJ, RO-B
    address_line    the whole address in one line, as ANAF prints it
    registered      False when struck off; `status` is ANAF's sentence, with its date
    vat_since       start of the present VAT registration; None when not registered
    vat_on_collection  TVA la încasare;  split_vat  plata defalcată;  inactive  declared inactive
    efactura_register  in the optional RO e-Factura register: says nothing of the duty to send
    """

    cui: str
    name: str
    street: str | None
    number: str | None
    city: str | None
    sector: str | None
    county_code: str | None
    postcode: str | None
    details: str | None
    address_line: str | None
    trade_register_number: str | None
    registered: bool
    status: str | None
    vat_registered: bool
    vat_since: date | None
    vat_on_collection: bool
    split_vat: bool
    inactive: bool
    efactura_register: bool


class Registry:
    """Questions to the public register; no authentication. One instance keeps one question a second."""

    def __init__(self, hosts: Hosts, *, timeouts: Timeouts | None = None) -> None:
        self._hosts, self._timeouts = hosts, timeouts
        self._batches = Batches(hosts, f"{hosts.public}/api/PlatitorTvaRest/v9/tva", timeouts)
        self._queue = Batches(hosts, f"{hosts.public}/AsynchWebService/api/v8/ws/tva", timeouts)

    def lookup(self, cuis: Iterable[str], on: date) -> dict[str, Company]:
        """The companies found, by CUI in digits; those ANAF does not know are left out.

        cuis  any number, with or without RO: asked by the hundred, a second apart;  on  the day the answer is about
        Raises ValueError for what is no number; NotSent, Unwell, Blocked (the firewall), RateLimited, Misconfigured,
        Declined.
        """
        return {company.cui: company for reply in self._batches.ask(cuis, on) for company in read_companies(reply)}

    def submit(self, cuis: Iterable[str], on: date) -> list[str]:
        """Leave the question with ANAF (the asynchronous register): numbers for `collect`, one for each hundred.

        Raises as `lookup`.
        """
        return [read_correlation_id(reply) for reply in self._queue.ask(cuis, on)]

    def collect(self, correlation_id: str) -> dict[str, Company]:
        """The answer to one `submit`, 2 seconds later at the earliest; readable once, kept for 3 days.

        Raises as `lookup`, Declined also while there is no answer. That it reads like the register's own is inferred.
        """
        with Channel(self._hosts, self._timeouts) as channel:
            url = f"{self._hosts.public}/AsynchWebService/api/v7/ws/tva"  # v7 in the paper that says v8 elsewhere
            return {
                found.cui: found for found in read_companies(channel.ask("GET", url, params={"id": correlation_id}))
            }


def read_correlation_id(reply: Reply) -> str:
    """The number of a question that ANAF has taken."""
    answer = read_answer(reply)
    number = answer.get("correlationId")
    if reply.status == 200 and isinstance(number, str) and number:
        return number
    raise no_answer(reply, answer)


def read_companies(reply: Reply) -> list[Company]:
    """The answer, with the documented wrapper or without. A 404 with the usual shape is "none found"."""
    return [_company(row) for row in read_found(reply)]


def _company(row: Mapping[str, Any]) -> Company:
    general, vat, inactive = (
        _part(row, "date_generale"),
        _part(row, "inregistrare_scop_Tva"),
        _part(row, "stare_inactiv"),
    )
    address = _address(_part(row, "adresa_sediu_social"), "s") or _address(_part(row, "adresa_domiciliu_fiscal"), "d")
    city, county = address.get("city"), address.get("county")
    in_bucharest = county == "B" or "BUCURE" in (address.get("county_name") or "").upper()
    sector = _SECTOR.search(city or "") if in_bucharest else None
    status = text(general, "stare_inregistrare")
    registered_for_vat = vat.get("scpTVA") is True
    return Company(
        cui=str(general.get("cui", "")).strip(),
        name=text(general, "denumire") or "",
        street=address.get("street"),
        number=address.get("number"),
        city=city,
        sector=f"SECTOR{sector[1]}" if sector else None,
        county_code=f"RO-{county}" if county else ("RO-B" if in_bucharest else None),
        postcode=address.get("postcode") or text(general, "codPostal"),
        details=address.get("details"),
        address_line=text(general, "adresa"),
        trade_register_number=text(general, "nrRegCom"),
        registered=not (status or "").upper().startswith("RADIERE") and text(inactive, "dataRadiere") is None,
        status=status,
        vat_registered=registered_for_vat,
        vat_since=_vat_since(vat) if registered_for_vat else None,
        vat_on_collection=_part(row, "inregistrare_RTVAI").get("statusTvaIncasare") is True,
        split_vat=_part(row, "inregistrare_SplitTVA").get("statusSplitTVA") is True,
        inactive=inactive.get("statusInactivi") is True,
        efactura_register=general.get("statusRO_e_Factura") is True,
    )


def _address(part: Mapping[str, Any], prefix: str) -> dict[str, str | None]:
    """`adresa_sediu_social` (prefix s) or `adresa_domiciliu_fiscal` (prefix d); empty when no locality stands in it."""
    names = {
        "street": "denumire_Strada",
        "number": "numar_Strada",
        "city": "denumire_Localitate",
        "county_name": "denumire_Judet",
        "county": "cod_JudetAuto",
        "postcode": "cod_Postal",
        "details": "detalii_Adresa",
    }
    address = {ours: text(part, prefix + theirs) for ours, theirs in names.items()}
    return address if address["city"] or address["street"] else {}


def _vat_since(vat: Mapping[str, Any]) -> date | None:
    """The latest start of a period that has not ended. `perioade_TVA`: an array live, an object in ANAF's paper."""
    periods = vat.get("perioade_TVA")
    rows = periods if isinstance(periods, list) else [periods if isinstance(periods, dict) else vat]
    open_rows = [row for row in rows if isinstance(row, dict) and not text(row, "data_sfarsit_ScpTVA")]
    return max(filter(None, (day(row, "data_inceput_ScpTVA") for row in open_rows)), default=None)


def _part(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = row.get(name)
    return part if isinstance(part, dict) else {}

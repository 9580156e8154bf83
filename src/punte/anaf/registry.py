"""The public register of companies and VAT (PlatitorTvaRest v9). Source: docs/anaf/registry.md."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from punte.anaf.body import Kind, Unreadable, kind_of, read_json, sentence
from punte.anaf.channel import Channel, Reply, Timeouts
from punte.anaf.cif import digits
from punte.anaf.errors import Declined, Unwell
from punte.anaf.hosts import Hosts
from punte.anaf.sentences import gate

#: Companies in one question. Documented, 04.02.2025; also one question a second, which the caller keeps.
MOST_COMPANIES = 100

_COMMA_BELOW = str.maketrans("şţŞŢ", "șțȘȚ")
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
    """Questions to the public register; no authentication."""

    def __init__(self, hosts: Hosts, *, timeouts: Timeouts | None = None) -> None:
        self._hosts = hosts
        self._timeouts = timeouts

    def lookup(self, cuis: Sequence[str], on: date) -> dict[str, Company]:
        """The companies found, by CUI in digits; those ANAF does not know are left out.

        cuis  up to 100, with or without RO;  on  the day the answer is about
        Raises ValueError for something that is no number or too many of them; NotSent, Unwell (also the firewall's
        page), RateLimited, Misconfigured, Declined.
        """
        wanted = [digits(cui) for cui in cuis]
        if len(wanted) > MOST_COMPANIES or not all(cui.isascii() and cui.isdecimal() for cui in wanted):
            raise ValueError(f"expected up to {MOST_COMPANIES} CUI in digits, with or without RO")
        if not wanted:
            return {}
        question = [{"cui": int(cui), "data": on.isoformat()} for cui in wanted]
        with Channel(self._hosts, self._timeouts) as channel:
            url = f"{self._hosts.public}/api/PlatitorTvaRest/v9/tva"
            reply = channel.ask("POST", url, json=json.dumps(question).encode())
        return {company.cui: company for company in read_companies(reply)}


def read_companies(reply: Reply) -> list[Company]:
    """The answer, with the documented wrapper or without. A 404 with the usual shape is "none found"."""
    try:
        answer = read_json(reply.body) if kind_of(reply.body) is Kind.JSON else {}
    except Unreadable:
        answer = {}
    found = answer.get("found")
    if isinstance(found, list) and reply.status in (200, 404):
        return [_company(row) for row in found if isinstance(row, dict)]
    said = sentence(reply.body) or f"HTTP {reply.status}"
    if (error := gate(reply, said)) is not None:
        raise error
    if reply.status == 400 or answer:
        raise Declined(said, known=False) if reply.status < 500 else Unwell(said, reply.body)
    raise Unwell(said, reply.body)


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
    status = _text(general, "stare_inregistrare")
    registered_for_vat = vat.get("scpTVA") is True
    return Company(
        cui=str(general.get("cui", "")).strip(),
        name=_text(general, "denumire") or "",
        street=address.get("street"),
        number=address.get("number"),
        city=city,
        sector=f"SECTOR{sector[1]}" if sector else None,
        county_code=f"RO-{county}" if county else ("RO-B" if in_bucharest else None),
        postcode=address.get("postcode") or _text(general, "codPostal"),
        details=address.get("details"),
        address_line=_text(general, "adresa"),
        trade_register_number=_text(general, "nrRegCom"),
        registered=not (status or "").upper().startswith("RADIERE") and _text(inactive, "dataRadiere") is None,
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
    address = {ours: _text(part, prefix + theirs) for ours, theirs in names.items()}
    return address if address["city"] or address["street"] else {}


def _vat_since(vat: Mapping[str, Any]) -> date | None:
    """The latest start of a period that has not ended. `perioade_TVA`: an array live, an object in ANAF's paper."""
    periods = vat.get("perioade_TVA")
    rows = periods if isinstance(periods, list) else [periods if isinstance(periods, dict) else vat]
    open_rows = [row for row in rows if isinstance(row, dict) and not _text(row, "data_sfarsit_ScpTVA")]
    return max((day for row in open_rows if (day := _day(row, "data_inceput_ScpTVA"))), default=None)


def _part(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = row.get(name)
    return part if isinstance(part, dict) else {}


def _text(row: Mapping[str, Any], name: str) -> str | None:
    """Absent in the register is the empty string or a space."""
    value = row.get(name)
    return " ".join(str(value).translate(_COMMA_BELOW).split()) or None if value is not None else None


def _day(row: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(_text(row, name) or "")
    except ValueError:
        return None

"""ANAF's public register of taxpayers (PlatitorTvaRest v9), answered from the demo companies.

Shapes as the live service answers in 2026: no `cod` and `message`, `perioade_TVA` an array, empty strings for what is
absent, cedilla letters and abbreviations.
"""

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from .answers import bad_request, json_of, parse_json
from .companies import Company
from .world import World

MOST = 100
MOST_BYTES = 64 * 1024


async def platitor_tva_v9(request: Request) -> Response:
    """POST /api/PlatitorTvaRest/v9/tva with `[{"cui": 1234, "data": "2015-02-14"}]`, up to 100."""
    world: World = request.app.state.world
    try:
        asked = _asked(await request.body())
    except ValueError as reason:
        return bad_request(str(reason), world.clock.now())
    found = [_found(world.companies[str(cui)], on) for cui, on in asked if str(cui) in world.companies]
    missing = [cui for cui, _ in asked if str(cui) not in world.companies]
    request.scope["entry"].outcome = f"{len(found)} found, {len(missing)} not found"
    return json_of({"found": found, "notFound": missing})


def _asked(body: bytes) -> list[tuple[int, str]]:
    if len(body) > MOST_BYTES:
        raise ValueError("request too long")
    asked = parse_json(body)
    if not isinstance(asked, list) or not 0 < len(asked) <= MOST:
        raise ValueError(f"between 1 and {MOST} CUI per request")
    try:
        return [(int(item["cui"]), date.fromisoformat(item["data"]).isoformat()) for item in asked]
    except (KeyError, TypeError, ValueError) as reason:
        raise ValueError('each item is {"cui": number, "data": "YYYY-MM-DD"}') from reason


def _found(company: Company, on: str) -> dict[str, Any]:
    vat = bool(company.vat_from) and company.vat_from <= on
    collection = bool(company.vat_on_collection_from) and company.vat_on_collection_from <= on
    inactive = bool(company.inactive_from) and company.inactive_from <= on
    registered = date.fromisoformat(company.registered)
    period = {
        "data_inceput_ScpTVA": company.vat_from,
        "data_sfarsit_ScpTVA": "",
        "data_anul_imp_ScpTVA": "",
        "mesaj_ScpTVA": "",
    }
    return {
        "date_generale": {
            "cui": int(company.cui),
            "data": on,
            "denumire": company.name,
            "adresa": _one_line(company),
            "nrRegCom": company.trade_register,
            "telefon": "",
            "fax": "",
            "codPostal": company.postcode,
            "act": "",
            "stare_inregistrare": f"INREGISTRAT din data {registered:%d.%m.%Y}",
            "data_inregistrare": company.registered,
            "cod_CAEN": company.caen,
            "iban": "",
            "statusRO_e_Factura": bool(company.e_factura_from) and company.e_factura_from <= on,
            "data_inreg_Reg_RO_e_Factura": company.e_factura_from,
            "organFiscalCompetent": company.tax_office,
            "forma_de_proprietate": "PROPR.PRIVATA-CAPITAL PRIVAT AUTOHTON",
            "forma_organizare": company.organisation,
            "forma_juridica": company.legal_form,
        },
        "inregistrare_scop_Tva": {"scpTVA": vat, "perioade_TVA": [period] if company.vat_from else []},
        "inregistrare_RTVAI": {
            "dataInceputTvaInc": company.vat_on_collection_from,
            "dataSfarsitTvaInc": "",
            "dataActualizareTvaInc": company.vat_on_collection_from,
            "dataPublicareTvaInc": company.vat_on_collection_from,
            "tipActTvaInc": "Inregistrare" if company.vat_on_collection_from else "",
            "statusTvaIncasare": collection,
        },
        "stare_inactiv": {
            "dataInactivare": company.inactive_from,
            "dataReactivare": "",
            "dataPublicare": company.inactive_from,
            "dataRadiere": "",
            "statusInactivi": inactive,
        },
        "inregistrare_SplitTVA": {"dataInceputSplitTVA": "", "dataAnulareSplitTVA": "", "statusSplitTVA": False},
        "adresa_sediu_social": _address(company, "s"),
        "adresa_domiciliu_fiscal": _address(company, "d"),
    }


def _one_line(company: Company) -> str:
    if company.plate == "B":
        start = f"{company.county}, {company.locality.split(' Mun. ')[0]}"
    else:
        start = f"JUD. {company.county}, {company.locality}"
    return f"{start}, {company.street}, NR.{company.number}".upper()


def _address(company: Company, prefix: str) -> dict[str, str]:
    """The registered office (`s`) or the tax domicile (`d`); the country is `stara`, `dtara`."""
    return {
        f"{prefix}denumire_Strada": company.street,
        f"{prefix}numar_Strada": company.number,
        f"{prefix}denumire_Localitate": company.locality,
        f"{prefix}cod_Localitate": company.locality_code,
        f"{prefix}denumire_Judet": company.county,
        f"{prefix}cod_Judet": company.county_code,
        f"{prefix}cod_JudetAuto": company.plate,
        f"{prefix}tara": "",
        f"{prefix}detalii_Adresa": "",
        f"{prefix}cod_Postal": company.postcode,
    }

"""ANAF's public registers, answered from the demo companies: taxpayers (PlatitorTvaRest v9, at once and
asynchronously) and RO e-Factura.

Shapes as the live service answers in 2026: no `cod` and `message`, `perioade_TVA` an array, empty strings for what is
absent, cedilla letters and abbreviations. With the setting `as_in_papers` there is the wrapper of doc_WS_V9.txt.
"""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from .answers import bad_request, json_of, parse_json
from .companies import Company
from .world import World

MOST = 100
MOST_BYTES = 64 * 1024
SOONEST, KEPT = timedelta(seconds=2), timedelta(days=3)
Asked = list[tuple[int, str]]  # CUI, ISO date


async def platitor_tva_v9(request: Request, body: bytes) -> Response:
    """POST /api/PlatitorTvaRest/v9/tva with `[{"cui": 1234, "data": "2015-02-14"}]`, up to 100."""
    return _answer(request, body, lambda world, asked: json_of(_taxpayers(request, world, asked)))


async def registru_ro_e_factura(request: Request, body: bytes) -> Response:
    """POST /api/registruroefactura/v1/interogare, asked as above. Nobody found: 404 in the same shape."""

    def answer(world: World, asked: Asked) -> Response:
        entered = {cui: one for cui, one in world.companies.items() if one.e_factura_from}
        found = [_registered(entered[str(cui)]) for cui, _ in asked if str(cui) in entered]
        missing = [cui for cui, _ in asked if str(cui) not in entered]
        request.scope["entry"].outcome = f"{len(found)} found, {len(missing)} not found"
        return json_of({"found": found, "notFound": missing}, 200 if found else 404)

    return _answer(request, body, answer)


async def ask_for_later(request: Request, body: bytes) -> Response:
    """POST /AsynchWebService/api/v8/ws/tva: a correlation id, for an answer in two seconds at the earliest."""

    def answer(world: World, asked: Asked) -> Response:
        correlation = str(uuid.uuid4())
        now = world.clock.now()
        for old in [key for key, (at, _) in world.questions.items() if now - at > KEPT]:
            del world.questions[old]
        world.questions[correlation] = now, asked
        return json_of({"cod": 200, "message": "Successful", "correlationId": correlation})

    return _answer(request, body, answer)


async def answer_of_before(request: Request, _body: bytes) -> Response:
    """GET /AsynchWebService/api/v8/ws/tva?id=…: readable once, for three days. What it says before, nobody recorded."""
    world: World = request.app.state.world
    correlation = request.query_params.get("id", "")
    with world.lock:
        at, asked = world.questions.get(correlation, (None, []))
        if at is None or not SOONEST <= world.clock.now() - at <= KEPT:
            return bad_request("id necunoscut, citit deja sau prea devreme", world.clock.now())
        del world.questions[correlation]
        return json_of(_taxpayers(request, world, asked))


def _answer(request: Request, body: bytes, answer: Callable[[World, Asked], Response]) -> Response:
    world: World = request.app.state.world
    with world.lock:
        now, pause = world.clock.now(), timedelta(seconds=world.settings.register_pause)
        if world.register_asked and timedelta(0) <= now - world.register_asked < pause:
            return json_of({"message": "Too Many Requests", "status": "429"}, 429)
        world.register_asked = now
        try:
            return answer(world, _asked(body))
        except ValueError as reason:
            return bad_request(str(reason), now)


def _taxpayers(request: Request, world: World, asked: Asked) -> dict[str, Any]:
    papers = world.settings.as_in_papers
    found = [_found(world.companies[str(cui)], on) for cui, on in asked if str(cui) in world.companies]
    missing = [cui for cui, _ in asked if str(cui) not in world.companies]
    request.scope["entry"].outcome = f"{len(found)} found, {len(missing)} not found"
    return ({"cod": 200, "message": "SUCCESS"} if papers else {}) | {"found": found, "notFound": missing}


def _asked(body: bytes) -> Asked:
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
    periods = [period] if company.vat_from else []
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
        "inregistrare_scop_Tva": {"scpTVA": vat, "perioade_TVA": periods},
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


def _registered(company: Company) -> dict[str, Any]:
    """The words of `registru` and `categorie` are not known: empty here."""
    return {
        "cui": int(company.cui),
        "denumire": company.name,
        "adresa": _one_line(company),
        "registru": "",
        "categorie": "",
        "dataInscriere": company.e_factura_from,
        "dataRenuntare": "",
        "dataRadiere": "",
        "dataOptiuneB2G": "",
        "stare": True,
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

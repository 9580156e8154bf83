import json
import time
from datetime import date

import pytest

from anaf.server import Answer
from punte.anaf.errors import Blocked, Declined, Misconfigured, NotSent, RateLimited, Unwell
from punte.anaf.registry import Registry

DAY = date(2026, 11, 22)


def _look_up(anaf, answer, *cuis):
    anaf.answer(answer if isinstance(answer, Answer) else Answer(answer, content_type="application/json"))
    return Registry(anaf.hosts()).lookup(cuis or ["8000000000"], DAY)


def _row(wire, **changes):
    """The sample company with some of its objects changed, as ANAF's answer."""
    answer = json.loads(wire("tva-v9-found.json"))
    for part, values in changes.items():
        answer["found"][0][part] = {**answer["found"][0][part], **values}
    return json.dumps(answer).encode()


def test_the_question_is_numbers_and_an_iso_day(anaf, wire):
    _look_up(anaf, wire("tva-v9-found.json"), "RO 8000000000")
    (request,) = anaf.requests
    assert (request.method, request.path) == ("POST", "/api/PlatitorTvaRest/v9/tva")
    assert json.loads(request.body) == json.loads(wire("tva-v9-request.json"))
    assert request.headers["Content-Type"] == "application/json"
    assert "Authorization" not in request.headers


@pytest.mark.parametrize("sample", ["tva-v9-found.json", "tva-v9-found-doc.json"])  # without and with the wrapper
def test_a_company_is_read_from_both_shapes(anaf, wire, sample):
    company = _look_up(anaf, wire(sample))["8000000000"]
    assert (company.cui, company.name) == ("8000000000", "EXEMPLU SRL")
    assert (company.street, company.number, company.postcode) == ("Str. Exemplului", "1", "030000")
    assert (company.city, company.sector, company.county_code) == ("Sector 3 Mun. București", "SECTOR3", "RO-B")
    assert company.address_line == "MUNICIPIUL BUCUREȘTI, SECTOR 3, STR. EXEMPLULUI, NR.1"
    assert company.trade_register_number == "J40/1/2020"
    assert (company.registered, company.status) == (True, "INREGISTRAT din data 02.01.2020")
    assert (company.vat_registered, company.vat_since) == (True, date(2020, 2, 1))
    flags = (company.vat_on_collection, company.split_vat, company.inactive, company.efactura_register)
    assert flags == (False, False, False, False)
    assert company.details is None


def test_cedillas_become_commas_below(anaf, wire):
    row = _row(wire, date_generale={"denumire": "ŞTEFAN ŢIPĂU ÎNTREPRINDERE ş ţ"})
    assert _look_up(anaf, row)["8000000000"].name == "ȘTEFAN ȚIPĂU ÎNTREPRINDERE ș ț"


PERIOD = {"data_inceput_ScpTVA": "2019-01-01", "data_sfarsit_ScpTVA": "2020-01-01"}


@pytest.mark.parametrize(
    ("vat", "registered", "since"),
    [
        ({"scpTVA": False, "perioade_TVA": []}, False, None),
        ({"scpTVA": False, "perioade_TVA": [PERIOD]}, False, None),  # it was, and is no more
        ({"perioade_TVA": [PERIOD, {"data_inceput_ScpTVA": "2021-03-01"}]}, True, date(2021, 3, 1)),
        ({"perioade_TVA": {"data_inceput_ScpTVA": "2021-03-01"}}, True, date(2021, 3, 1)),  # an object, in the paper
        ({"perioade_TVA": " ", "data_inceput_ScpTVA": "2021-03-01"}, True, date(2021, 3, 1)),
        ({"perioade_TVA": [{"data_inceput_ScpTVA": " "}]}, True, None),
        ({"perioade_TVA": [{"data_inceput_ScpTVA": "curând"}]}, True, None),
    ],
)
def test_vat_in_its_shapes(anaf, wire, vat, registered, since):
    company = _look_up(anaf, _row(wire, inregistrare_scop_Tva=vat))["8000000000"]
    assert (company.vat_registered, company.vat_since) == (registered, since)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"inregistrare_RTVAI": {"statusTvaIncasare": True}}, {"vat_on_collection": True}),
        ({"inregistrare_SplitTVA": {"statusSplitTVA": True}}, {"split_vat": True}),
        ({"stare_inactiv": {"statusInactivi": True}}, {"inactive": True, "registered": True}),
        ({"stare_inactiv": {"dataRadiere": "2024-05-05"}}, {"registered": False}),
        ({"date_generale": {"stare_inregistrare": "RADIERE din data 05.05.2024"}}, {"registered": False}),
        ({"date_generale": {"statusRO_e_Factura": True}}, {"efactura_register": True}),
    ],
)
def test_flags_of_a_company(anaf, wire, changes, expected):
    company = _look_up(anaf, _row(wire, **changes))["8000000000"]
    assert {name: getattr(company, name) for name in expected} == expected


def test_outside_bucharest_a_sector_is_no_sector(anaf, wire):
    address = {"sdenumire_Localitate": "Sat Sector 3", "scod_JudetAuto": "CJ", "sdenumire_Judet": "CLUJ"}
    company = _look_up(anaf, _row(wire, adresa_sediu_social=address))["8000000000"]
    assert (company.county_code, company.sector) == ("RO-CJ", None)


def test_without_a_registered_office_the_fiscal_domicile_counts(anaf, wire):
    nowhere = dict.fromkeys(json.loads(wire("tva-v9-found.json"))["found"][0]["adresa_sediu_social"], " ")
    home = {"ddenumire_Strada": "Str. Casei", "ddenumire_Localitate": "Mun. Cluj-Napoca", "dcod_JudetAuto": "CJ",
            "ddenumire_Judet": "CLUJ"}  # fmt: skip
    company = _look_up(anaf, _row(wire, adresa_sediu_social=nowhere, adresa_domiciliu_fiscal=home))["8000000000"]
    assert (company.street, company.city, company.county_code) == ("Str. Casei", "Mun. Cluj-Napoca", "RO-CJ")


@pytest.mark.parametrize("status", [200, 404])  # older versions say 404 when nothing is found
def test_an_unknown_company_is_left_out(anaf, wire, status):
    assert _look_up(anaf, Answer(wire("tva-v9-notfound.json"), status=status)) == {}


def test_a_row_without_its_objects_is_still_a_company(anaf):
    company = _look_up(anaf, b'{"found":[{"date_generale":{"cui":80,"denumire":null}}]}')["80"]
    assert (company.name, company.city, company.vat_registered, company.county_code) == ("", None, False, None)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (("waf-block.html", 200), Blocked),
        (("outage-503.html", 503), Unwell),
        ((b"", 200), Unwell),
        ((b"", 404), Misconfigured),
        ((b"", 429), RateLimited),
        ((b'{"cod":500,"message":"eroare"}', 200), Declined),
        ((b'{"message":"eroare"}', 500), Unwell),
        ((b'{"message":"prea multe"}', 400), Declined),
    ],
)
def test_what_is_no_answer_is_told_by_what_to_do_next(anaf, wire, answer, error):
    body, status = answer
    with pytest.raises(error):
        _look_up(anaf, Answer(wire(body) if isinstance(body, str) else body, status=status))


def test_a_register_out_of_reach_was_not_asked(anaf):
    anaf.stop()
    with pytest.raises(NotSent):
        Registry(anaf.hosts()).lookup(["80"], DAY)


@pytest.mark.parametrize("cuis", [["RO"], ["80x"], ["-1"], ["٣"], [""], ["1"] * 101 + ["x"]])
def test_what_is_no_cui_is_never_sent(anaf, cuis):
    with pytest.raises(ValueError, match="expected CUI in digits"):
        Registry(anaf.hosts()).lookup(cuis, DAY)
    assert anaf.requests == []


def test_no_question_no_call(anaf):
    assert Registry(anaf.hosts()).lookup([], DAY) == {}
    assert anaf.requests == []


def test_many_companies_are_asked_by_the_hundred_and_a_second_apart(anaf, wire):
    anaf.answer(wire("tva-v9-found.json"), wire("tva-v9-notfound.json"))
    cuis = [str(cui) for cui in range(100, 205)]
    began = time.monotonic()
    found = Registry(anaf.hosts()).lookup([*cuis, "RO 100"], DAY)  # 106 of them, 105 different
    assert time.monotonic() - began >= 1
    assert list(found) == ["8000000000"]  # what both answers brought, together
    asked = [[row["cui"] for row in json.loads(request.body)] for request in anaf.requests]
    assert [len(batch) for batch in asked] == [100, 5]
    assert [str(cui) for batch in asked for cui in batch] == cuis


def test_one_register_keeps_its_pace_from_question_to_question(anaf, wire):
    anaf.answer(wire("tva-v9-notfound.json"))
    registry = Registry(anaf.hosts())
    began = time.monotonic()
    registry.lookup(["80"], DAY)
    registry.lookup(["80"], DAY)
    assert time.monotonic() - began >= 1


def test_a_batch_that_fails_is_told_and_nothing_is_taken_for_absent(anaf, wire):
    anaf.answer(wire("tva-v9-found.json"), Answer(wire("outage-503.html"), status=503))
    with pytest.raises(Unwell):
        Registry(anaf.hosts()).lookup([str(cui) for cui in range(100, 202)], DAY)


def test_a_question_may_be_left_with_anaf_and_its_answer_collected(anaf, wire):
    anaf.answer(wire("tva-async-accepted.json"), wire("tva-v9-found.json"))
    registry = Registry(anaf.hosts())
    (number,) = registry.submit(["RO8000000000"], DAY)
    assert number == "11111111-2222-4333-8444-555555555560"
    assert registry.collect(number)["8000000000"].name == "EXEMPLU SRL"
    left, collected = anaf.requests
    assert (left.method, left.path) == ("POST", "/AsynchWebService/api/v8/ws/tva")
    assert json.loads(left.body) == json.loads(wire("tva-v9-request.json"))
    assert (collected.method, collected.path) == ("GET", "/AsynchWebService/api/v7/ws/tva")
    assert collected.query == {"id": number}


@pytest.mark.parametrize(
    ("body", "error"), [(b'{"cod":200,"message":"Successful"}', Declined), ("waf-block.html", Blocked), (b"", Unwell)]
)
def test_a_question_without_a_number_was_not_taken(anaf, wire, body, error):
    anaf.answer(wire(body) if isinstance(body, str) else body)
    with pytest.raises(error):
        Registry(anaf.hosts()).submit(["80"], DAY)

"""stareMesaj and the two lists: what becomes of a document, and when which mailbox shows it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from punte.anafsim import NotTaken, Simulator
from punte.anafsim.document import Document

from .conftest import CLIENT, PFA, SRL, STRANGER, Visitor, invoice

Visit = Callable[..., Visitor]
HOUR, DAY = 3600, 24 * 3600
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STATE = "mfp:anaf:dgti:efactura:stareMesajFactura:v1"


def test_a_document_is_processed_then_listed(ilinca: Visitor) -> None:
    index = upload(ilinca, invoice())
    assert state(ilinca, index) == f'{DECLARATION}<header xmlns="{STATE}" stare="in prelucrare"/>\n'
    ilinca.advance(HOUR)
    assert state(ilinca, index) == (f'{DECLARATION}<header xmlns="{STATE}" stare="ok" id_descarcare="3000000000"/>\n')
    assert listed(ilinca) == {"eroare": "Nu exista mesaje in ultimele 1 zile", "titlu": "Lista Mesaje"}
    ilinca.advance(60)  # the listing lags behind the state
    [message] = listed(ilinca)["mesaje"]
    assert message == {
        "data_creare": message["data_creare"],
        "cif": PFA,
        "id_solicitare": index,
        "detalii": f"Factura cu id_incarcare={index} emisa de cif_emitent={PFA} pentru cif_beneficiar={CLIENT}",
        "tip": "FACTURA TRIMISA",
        "id": "3000000000",
    }


def test_the_buyer_sees_it_in_another_mailbox_under_another_id(ilinca: Visitor) -> None:
    index = upload(ilinca, invoice(buyer=SRL))
    ilinca.advance(HOUR + 60)
    [sent] = listed(ilinca)["mesaje"]
    [received] = listed(ilinca, cif=SRL)["mesaje"]
    assert (sent["tip"], received["tip"], received["cif"]) == ("FACTURA TRIMISA", "FACTURA PRIMITA", SRL)
    assert sent["id_solicitare"] == received["id_solicitare"] == index
    assert sent["id"] != received["id"]
    assert listed(ilinca, cif=SRL)["cui"] == f"{SRL},{PFA}"
    assert listed(ilinca)["serial"] == ilinca.sim.certificate("ilinca").serial


def test_a_sale_to_oneself_makes_two_entries(ilinca: Visitor) -> None:
    upload(ilinca, invoice(buyer=PFA))
    ilinca.advance(HOUR + 60)
    assert [message["tip"] for message in listed(ilinca)["mesaje"]] == ["FACTURA TRIMISA", "FACTURA PRIMITA"]


def test_self_billing_is_worded_as_anaf_words_it(ilinca: Visitor) -> None:
    index = upload(ilinca, invoice(seller=PFA, buyer=SRL), cif=SRL, autofactura="DA")
    ilinca.advance(HOUR + 60)
    [message] = listed(ilinca)["mesaje"]
    assert message["detalii"] == (
        f"Factura cu id_incarcare={index} transmisa de cif={SRL}  ca autofactutra in numele cif={PFA}"  # sic, twice
    )


def test_a_self_billed_invoice_is_sent_by_the_buyer(ilinca: Visitor) -> None:
    """Recorded: it stands in the buyer's mailbox as sent; in the seller's it is received."""
    upload(ilinca, invoice(seller=PFA, buyer=SRL), cif=SRL, autofactura="DA")
    ilinca.advance(HOUR + 60)
    assert [message["tip"] for message in listed(ilinca, cif=SRL)["mesaje"]] == ["FACTURA TRIMISA"]
    assert [message["tip"] for message in listed(ilinca, cif=PFA)["mesaje"]] == ["FACTURA PRIMITA"]


@pytest.mark.parametrize(
    ("buyer", "query", "outcome"),
    [
        (CLIENT, {}, "ok"),
        ("12345674", {}, "ok"),  # a company that is not in the demo register, but might be
        ("12345678", {}, "nok"),  # a number that nobody can have
        ("HU12345678", {}, "nok"),  # a foreign one, and nothing says so
        ("HU12345678", {"extern": "DA"}, "ok"),
        ("12345678", {"extern": "DA"}, "ok"),
        ("0000000000000", {}, "ok"),  # a private person
        ("1960523410014", {}, "ok"),
    ],
)
@pytest.mark.parametrize("operation", ["upload", "uploadb2c"])
def test_a_buyer_is_looked_for_unless_he_is_foreign_or_a_person(
    ilinca: Visitor, buyer: str, query: dict[str, str], outcome: str, operation: str
) -> None:
    url = f"{ilinca.sim.api}/test/FCTEL/rest/{operation}"
    query = {"standard": "UBL", "cif": PFA} | query
    answer = ilinca.http.post(url, params=query, content=invoice(buyer=buyer), headers=ilinca.headers)
    assert 'index_incarcare="5000000000"' in answer.text
    ilinca.advance(HOUR)
    [filed] = ilinca.sim.filed
    assert filed["state"] == outcome
    assert filed["errors"] == [] or "nu a fost identificat cui cumparator" in filed["errors"][0]


def test_a_foreign_buyer_has_no_mailbox_even_with_a_number_of_ours(ilinca: Visitor) -> None:
    upload(ilinca, invoice(buyer=SRL), extern="DA")
    ilinca.advance(HOUR + 60)
    assert "eroare" in listed(ilinca, cif=SRL)
    assert listed(ilinca, cif=PFA)["mesaje"][0]["detalii"].endswith(f"cif_beneficiar={SRL}")


def test_json_comes_as_text_when_asked(ilinca: Visitor) -> None:
    ilinca.control("POST", "/settings", {"json_as_text": True})
    answer = ilinca.get("listaMesajeFactura", zile="1", cif=PFA)
    assert answer.headers["content-type"] == "text/plain"
    assert answer.json()["titlu"] == "Lista Mesaje"
    assert ilinca.get("stareMesaj", id_incarcare="1").headers["content-type"] == "application/xml"


def test_a_buyers_message_reaches_both(ilinca: Visitor) -> None:
    about = upload(ilinca, invoice(buyer=SRL))
    ilinca.advance(HOUR)
    remark = f'<header xmlns="mfp:anaf:dgti:spv:reqMesaj:v1" index_incarcare="{about}" message="Lipsește avizul"/>'
    upload(ilinca, remark.encode(), standard="RASP", cif=SRL)
    ilinca.advance(HOUR + 60)
    assert [one["tip"] for one in listed(ilinca, cif=SRL, filtru="R")["mesaje"]] == ["MESAJ CUMPARATOR TRANSMIS"]
    assert [one["tip"] for one in listed(ilinca, filtru="R")["mesaje"]] == ["MESAJ CUMPARATOR PRIMIT"]


@pytest.mark.parametrize(("filtru", "tips"), [("T", ["FACTURA TRIMISA"]), ("E", ["ERORI FACTURA"]), ("P", None)])
def test_the_filter_chooses_a_kind(ilinca: Visitor, filtru: str, tips: list[str] | None) -> None:
    upload(ilinca, invoice())
    upload(ilinca, invoice())  # a duplicate: nok
    ilinca.advance(HOUR + 60)
    found = listed(ilinca, filtru=filtru)
    assert ([one["tip"] for one in found["mesaje"]] if tips else found.get("mesaje")) == tips


def test_the_second_of_two_equal_invoices_ends_nok(ilinca: Visitor) -> None:
    first = upload(ilinca, invoice())
    ilinca.advance(HOUR)
    second = upload(ilinca, invoice())
    ilinca.advance(HOUR)
    assert ['stare="ok"' in state(ilinca, first), 'stare="nok"' in state(ilinca, second)] == [True, True]
    filed = ilinca.sim.filed
    day = datetime.fromisoformat(filed[0]["received"]).astimezone(ZoneInfo("Europe/Bucharest"))
    text = f"Factura a mai fost transmisa anterior cu index={first} si data incarcare={day:%Y-%m-%d}"
    assert [one["errors"] for one in filed] == [[], [text]]


def test_a_number_refused_once_may_come_again(ilinca: Visitor) -> None:
    ilinca.sim.world.judge = lambda _xml: ["[BR-01]-x"]
    first = upload(ilinca, invoice())
    ilinca.advance(HOUR)
    assert 'stare="nok"' in state(ilinca, first)
    ilinca.sim.world.judge = lambda _xml: []
    second = upload(ilinca, invoice())
    ilinca.advance(HOUR)
    assert 'stare="ok"' in state(ilinca, second)


@pytest.mark.parametrize(
    ("seller", "text"),
    [
        (
            "18547290",
            "E: validari globale\n eroare regula: R6.1: CIF-ul vanzatorului nu figureaza in baza de date:18547290",
        ),
        (
            "1234",
            "E: AccountingSupplierParty (1) sectiune Party (1) sectiune PartyTaxScheme (1) sectiune CompanyID (1)\n"
            " eroare regula: R_BT_32_cui: Cui vanzator incorect / validare CUI (1234) ",
        ),
    ],
)
def test_a_seller_that_nobody_knows_ends_nok(ilinca: Visitor, seller: str, text: str) -> None:
    index = upload(ilinca, invoice(seller=seller))
    ilinca.advance(HOUR)
    assert 'stare="nok"' in state(ilinca, index)
    assert ilinca.sim.filed[0]["errors"] == [text]


def test_what_no_judge_can_judge_is_not_taken(ilinca: Visitor) -> None:
    def refuse(_xml: bytes) -> list[str]:
        raise NotTaken

    ilinca.sim.world.judge = refuse
    index = upload(ilinca, invoice())
    ilinca.advance(HOUR)
    expected = f'{DECLARATION}<header xmlns="{STATE}" stare="XML cu erori nepreluat de sistem"/>\n'
    assert state(ilinca, index) == expected


def test_another_companys_document_may_not_be_asked_after(ilinca: Visitor, visit: Visit) -> None:
    index = upload(ilinca, invoice())
    stranger = visit("fara-drept")
    stranger.connect()
    assert f"Nu aveti dreptul de inteorgare pentru id_incarcare= {index}" in state(stranger, index)  # sic


@pytest.mark.parametrize(
    ("operation", "query", "text"),
    [
        ("stareMesaj", {"id_incarcare": "aaa"}, "Id_incarcare introdus= aaa nu este un numar intreg"),
        ("stareMesaj", {"id_incarcare": "15000"}, "Nu exista factura cu id_incarcare= 15000"),
        ("listaMesajeFactura", {"zile": "aaa", "cif": PFA}, "Numarul de zile introdus= aaa nu este un numar intreg"),
        ("listaMesajeFactura", {"zile": "0", "cif": PFA}, "Numarul de zile trebuie sa fie intre 1 si 60"),
        ("listaMesajeFactura", {"zile": "61", "cif": PFA}, "Numarul de zile trebuie sa fie intre 1 si 60"),
        ("listaMesajeFactura", {"zile": "1", "cif": "aaa"}, "CIF introdus= aaa nu este un numar"),
        ("listaMesajeFactura", {"zile": "15", "cif": PFA}, "Nu exista mesaje in ultimele 15 zile"),
        ("listaMesajeFactura", {"zile": "1", "cif": STRANGER}, f"Nu aveti drept in SPV pentru CIF={STRANGER}"),
        (
            "listaMesajeFactura",
            {"zile": "1", "cif": PFA, "filtru": "X"},
            "Valorile acceptate pentru parametrul filtru sunt E, T, P sau R",
        ),
    ],
)
def test_the_texts_of_state_and_simple_list(ilinca: Visitor, operation: str, query: dict[str, str], text: str) -> None:
    answer = ilinca.get(operation, **query)
    assert answer.status_code == 200
    if operation == "stareMesaj":
        errors = f'<header xmlns="{STATE}">\n    <Errors errorMessage="{text}"/>\n</header>\n'
        assert answer.text == DECLARATION + errors
    else:
        assert answer.json() == {"eroare": text, "titlu": "Lista Mesaje"}


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("stareMesaj", "Parametrul id_incarcare este obligatoriu"),
        ("listaMesajeFactura", "Parametrii zile si cif sunt obligatorii"),
        ("listaMesajePaginatieFactura", "Parametrii startTime, endTime, cif si pagina sunt obligatorii"),
    ],
)
def test_missing_parameters_are_a_bad_request(ilinca: Visitor, operation: str, message: str) -> None:
    answer = ilinca.get(operation)
    assert (answer.status_code, answer.json()["message"]) == (400, message)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"startTime": "aaa"}, "startTime = aaa nu este un numar sau nu are o valoare acceptata de sistem"),
        ({"endTime": "-1"}, "endTime = -1 nu este un numar sau nu are o valoare acceptata de sistem"),
        ({"endTime": "9" * 30}, f"endTime = {'9' * 30} nu este un numar sau nu are o valoare acceptata de sistem"),
        ({"cif": "aaa"}, "CIF introdus= aaa nu este un numar sau nu are o valoare acceptata de sistem"),
        ({"pagina": "0"}, "pagina = 0 nu este un numar sau nu are o valoare acceptata de sistem"),
        ({"cif": STRANGER}, f"Nu aveti drept in SPV pentru CIF={STRANGER}"),
        ({"filtru": "Z"}, "Valorile acceptate pentru parametrul filtru sunt E, T, P sau R"),
        ({}, "Nu exista mesaje in intervalul selectat"),
    ],
)
def test_the_texts_of_the_paginated_list(ilinca: Visitor, change: dict[str, str], text: str) -> None:
    answer = paginated(ilinca, -HOUR, -60, **change)
    assert answer == {"eroare": text, "titlu": "Lista Mesaje"}


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (-61 * DAY, 0, r"startTime = {start} nu poate fi mai vechi de 60 de zile fata de momentul requestului"),
        (-HOUR, -HOUR, r"endTime = {end} nu poate fi <= startTime = {start}"),
        (-HOUR, HOUR, r"endTime = {end} nu poate in viitor fata de momentul requestului = {now}"),
    ],
)
def test_the_intervals_that_are_refused(ilinca: Visitor, start: int, end: int, text: str) -> None:
    told = paginated(ilinca, start, end)["eroare"]
    moment = r"\d\d-\d\d-\d{4} \d\d:\d\d:\d\d"
    pattern = re.escape(text)
    for name in ("start", "end", "now"):
        pattern = pattern.replace(re.escape("{" + name + "}"), moment)
    assert re.fullmatch(pattern, told)


def test_pages_hold_five_hundred_and_the_simple_list_no_more(ilinca: Visitor) -> None:
    fill(ilinca.sim, 500)
    upload(ilinca, invoice())
    ilinca.advance(HOUR + 60)
    assert listed(ilinca)["eroare"] == (
        "Lista de mesaje este mai mare decat numarul de 500 elemente permise in pagina. "
        "Folositi endpoint-ul cu paginatie."
    )
    page = paginated(ilinca, -DAY, 0, pagina="2")
    assert {name: value for name, value in page.items() if name.startswith(("numar", "index"))} == {
        "numar_inregistrari_in_pagina": 1,  # 501 − 500
        "numar_total_inregistrari_per_pagina": 500,
        "numar_total_inregistrari": 501,
        "numar_total_pagini": 2,
        "index_pagina_curenta": 2,
    }
    assert page["titlu"].startswith("Lista Mesaje disponibile din intervalul ")
    told = paginated(ilinca, -DAY, 0, pagina="3")["eroare"]
    assert told == "Pagina solicitata 3 este mai mare decat numarul toatal de pagini 2"  # sic


def test_the_days_limits_are_told_and_end_at_midnight(ilinca: Visitor) -> None:
    ilinca.control("POST", "/settings", {"limit_state": 1, "limit_list": 1})
    index = upload(ilinca, invoice())
    state(ilinca, index)
    assert "S-au facut deja 1 descarcari de mesaj in cursul zilei" in state(ilinca, index)
    listed(ilinca)
    assert listed(ilinca)["eroare"] == (
        "S-au facut deja 1 interogari de lista mesaje de catre utilizator in cursul zilei"
    )
    ilinca.advance(DAY)
    assert 'stare="ok"' in state(ilinca, index)
    assert "mesaje" in listed(ilinca, zile="2")


def fill(sim: Simulator, count: int) -> None:
    """`count` documents taken over at once: over the wire it would take half a minute."""
    with sim.world.lock:
        for number in range(count):
            sim.world.environments["test"].register(
                cif=PFA,
                serial=sim.certificate("ilinca").serial,
                standard="UBL",
                external=False,
                self_billed=False,
                xml=b"",
                document=Document(seller=PFA, buyer=CLIENT, number=f"F-{number}"),
                now=sim.world.clock.now(),
                processing=timedelta(hours=1),
            )


def upload(visitor: Visitor, xml: bytes, **query: str) -> str:
    answer = visitor.upload(xml, **query).text
    assert 'ExecutionStatus="0"' in answer, answer
    return answer.partition('index_incarcare="')[2][:10]


def state(visitor: Visitor, index: str) -> str:
    return str(visitor.get("stareMesaj", id_incarcare=index).text)


def listed(visitor: Visitor, **query: str) -> dict[str, Any]:
    return dict(visitor.get("listaMesajeFactura", **({"zile": "1", "cif": PFA} | query)).json())


def paginated(visitor: Visitor, start: float, end: float, **query: str) -> dict[str, Any]:
    """The list from `start` to `end`, seconds from the simulator's present."""
    now = datetime.fromisoformat(visitor.control("GET", "/world")["clock"]).timestamp()
    asked = {
        "startTime": str(int((now + start) * 1000)),
        "endTime": str(int((now + end) * 1000)),
        "cif": PFA,
        "pagina": "1",
    }
    return dict(visitor.get("listaMesajePaginatieFactura", **(asked | query)).json())

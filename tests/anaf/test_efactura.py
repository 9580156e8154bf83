import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from anaf.server import Answer
from punte.anaf.efactura import EFactura, Filter, Standard
from punte.anaf.errors import AccessDenied, AnafError, ClockAhead, Declined, RateLimited

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def spv(hosts):
    with EFactura(hosts, "the-token") as spv:
        yield spv


def test_an_upload_is_the_bytes_and_nothing_else(anaf, spv, wire):
    anaf.answer(wire("upload-ok.xml"))
    xml = b'<?xml version="1.0" encoding="UTF-8"?>\r\n<Invoice>\xc8\x99</Invoice>\n'
    spv.upload(xml, cif=" RO 18547290 ")
    (request,) = anaf.requests
    assert (request.method, request.path, request.body) == ("POST", "/test/FCTEL/rest/upload", xml)
    assert request.query == {"standard": "UBL", "cif": "18547290"}
    assert request.headers["Authorization"] == "Bearer the-token"


@pytest.mark.parametrize(
    ("options", "path", "query"),
    [
        ({"standard": "CN"}, "upload", {"standard": "CN"}),
        ({"extern": True}, "upload", {"standard": "UBL", "extern": "DA"}),
        ({"autofactura": True}, "upload", {"standard": "UBL", "autofactura": "DA"}),
        ({"executare": True}, "upload", {"standard": "UBL", "executare": "DA"}),
        ({"b2c": True}, "uploadb2c", {"standard": "UBL"}),
        ({"standard": Standard.CII}, "upload", {"standard": "CII"}),
        ({"standard": Standard.RASP}, "upload", {"standard": "RASP"}),
        (
            {"standard": "CN", "extern": True, "autofactura": True, "executare": True, "b2c": True},
            "uploadb2c",
            {"standard": "CN", "extern": "DA", "autofactura": "DA", "executare": "DA"},
        ),
    ],
)
def test_options_are_said_as_da_or_not_at_all(anaf, spv, wire, options, path, query):
    anaf.answer(wire("upload-ok.xml"))
    spv.upload(b"<x/>", cif="1", **options)
    assert anaf.requests[0].path == f"/test/FCTEL/rest/{path}"
    assert anaf.requests[0].query == {**query, "cif": "1"}


def test_refusals_keep_their_words_to_the_last_space(anaf, spv, wire):
    anaf.answer(wire("upload-rejected.xml"))
    (refusal,) = spv.upload(b"<x/>", cif="1").refusals
    assert refusal.startswith("Fisierul transmis nu este valid. org.xml.sax.SAXParseException; lineNumber: 15;")
    assert refusal.endswith("'Invoice1'. ")


def test_every_page_is_asked_for_and_the_window_stays_the_same(anaf, spv):
    def page(number: int) -> bytes:
        row = {"data_creare": "202611221018", "cif": "80", "id_solicitare": "5", "tip": "FACTURA TRIMISA"}
        answer = {"mesaje": [{**row, "id": f"3{number}"}], "numar_total_pagini": 3, "index_pagina_curenta": 1}
        return json.dumps(answer).encode()  # index_pagina_curenta stays 1: unreliable, as on the real one

    anaf.answer(page(1), page(2), page(3), b"never asked for")
    messages = list(spv.messages("80", NOW - DAY, NOW, Filter.SENT, now=NOW))
    assert [message.id for message in messages] == ["31", "32", "33"]
    assert [request.query["pagina"] for request in anaf.requests] == ["1", "2", "3"]
    minute = 60_000
    for request in anaf.requests:
        assert request.path == "/test/FCTEL/rest/listaMesajePaginatieFactura"
        assert request.query["filtru"] == "T"
        assert int(request.query["startTime"]) == (NOW - DAY).timestamp() * 1000
        assert int(request.query["endTime"]) == NOW.timestamp() * 1000 - minute  # ANAF refuses its own future


def test_a_page_without_messages_is_not_taken_for_the_end(anaf, spv, wire):
    """Else a message on the page after it would be held absent, and its invoice sent again."""
    anaf.answer(b'{"mesaje":[],"numar_total_pagini":2}', wire("lista-paginated.json"))
    assert len(list(spv.messages("8000000000", NOW - DAY, NOW, now=NOW))) == 3


@pytest.mark.parametrize("status", [200, 500])
def test_only_the_list_itself_may_say_that_it_is_empty(anaf, spv, status):
    sentence = b"Nu exista mesaje in intervalul selectat"
    anaf.answer(Answer(sentence if status == 200 else b'{"message":"%s"}' % sentence, status=status))
    with pytest.raises(AnafError):
        spv.messages_page("80", NOW - DAY, NOW)


def test_a_list_that_shrinks_between_pages_simply_ends(anaf, spv, wire):
    page = wire("lista-paginated.json").replace(b'"numar_total_pagini": 1', b'"numar_total_pagini": 2')
    anaf.answer(page, wire("lista-page-too-big.json"))
    assert len(list(spv.messages("8000000000", NOW - DAY, NOW, now=NOW))) == 3


def test_a_limit_between_pages_is_not_taken_for_the_end(anaf, spv, wire):
    page = wire("lista-paginated.json").replace(b'"numar_total_pagini": 1', b'"numar_total_pagini": 2')
    anaf.answer(page, wire("lista-limit.json"))
    with pytest.raises(RateLimited):
        list(spv.messages("8000000000", NOW - DAY, NOW, now=NOW))


def test_rows_of_other_mailboxes_are_left_out_of_ours(anaf, spv, wire):
    anaf.answer(wire("lista-paginated.json"))
    assert list(spv.messages("7000000000", NOW - DAY, NOW, now=NOW)) == []
    assert len(spv.messages_page("7000000000", NOW - DAY, NOW).messages) == 3


def test_other_companies_are_discovered_beside_a_list(anaf, spv, wire):
    anaf.answer(wire("lista-simple.json"), wire("lista-paginated-empty.json"))
    assert spv.companies("8000000000", NOW - DAY, NOW) == ("8000000000", "1000000000001")
    assert spv.companies("8000000000", NOW - DAY, NOW) == ()


def test_a_naive_window_is_refused_before_anything_is_sent(anaf, spv):
    with pytest.raises(ValueError, match="time zone"):
        spv.messages_page("80", NOW.replace(tzinfo=None), NOW)
    assert anaf.requests == []


def test_a_daily_limit_ends_at_midnight_in_romania(anaf, spv, wire):
    anaf.answer(wire("descarcare-limit.json"))
    with pytest.raises(RateLimited) as caught:
        spv.download("3001474425")
    local = caught.value.until.astimezone(ZoneInfo("Europe/Bucharest"))
    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert 0 < caught.value.retry_after <= 25 * 3600  # the longest day has 25 hours


IN_AN_HOUR = (datetime.now(UTC) + timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        pytest.param(IN_AN_HOUR, 600, 3600, id="in an hour"),  # a date is allowed too; the tests may take long
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),  # long past
        ("999999999", 86_400, 86_400),  # nobody waits for more than a day
        ("9" * 40, 60, 60),
        ("soon", 60, 60),  # the gateway counts by the minute
        ("-5", 60, 60),
    ],
)
def test_the_gateway_may_name_its_pause(anaf, spv, header, least, most):
    anaf.answer(Answer(status=429, headers={"Retry-After": header}))
    with pytest.raises(RateLimited) as caught:
        spv.state("5")
    assert least <= caught.value.retry_after <= most


def test_no_right_names_the_company_asked_for_when_anaf_does_not(anaf, spv, wire):
    anaf.answer(wire("lista-no-rights-at-all.json"))
    with pytest.raises(AccessDenied) as caught:
        spv.messages_page("RO80", NOW - DAY, NOW)
    assert caught.value.cif == "80"


def test_the_token_is_not_printed(spv):
    assert "the-token" not in repr(spv)


def test_the_simple_list_is_one_answer(anaf, spv, wire):
    anaf.answer(wire("lista-simple.json"), wire("lista-empty.json"))
    page = spv.recent("RO 8000000000", 60, Filter.RECEIVED)
    assert (anaf.requests[0].method, anaf.requests[0].path) == ("GET", "/test/FCTEL/rest/listaMesajeFactura")
    assert anaf.requests[0].query == {"zile": "60", "cif": "8000000000", "filtru": "P"}
    assert (page.pages, page.total) == (1, len(page.messages))
    assert spv.recent("8000000000", 15).messages == ()


def test_more_than_the_simple_list_holds_is_never_a_short_list(anaf, spv, wire):
    anaf.answer(wire("lista-500-limit.json"))
    with pytest.raises(Declined, match="Folositi endpoint-ul cu paginatie"):
        spv.recent("8000000000", 60)


def _ahead(quoted: str) -> bytes:
    said = f"endTime = 22-11-2026 13:59:00 nu poate in viitor fata de momentul requestului{quoted}"
    return json.dumps({"eroare": said, "titlu": "Lista Mesaje"}).encode()


def test_a_clock_ahead_of_anafs_is_answered_by_one_more_try_up_to_its_moment(anaf, spv, wire):
    anaf.answer(_ahead(" = 22-11-2026 13:57:30"), wire("lista-paginated.json"))
    assert len(list(spv.messages("8000000000", NOW - DAY, NOW, now=NOW))) == 3
    first, second = (request.query for request in anaf.requests)
    assert int(first["endTime"]) == (NOW - timedelta(seconds=60)).timestamp() * 1000
    # 13:57:30 in Bucharest is 11:57:30 UTC; the same 60 seconds are kept from it
    assert int(second["endTime"]) == datetime(2026, 11, 22, 11, 56, 30, tzinfo=UTC).timestamp() * 1000
    assert second == {**first, "endTime": second["endTime"]}


@pytest.mark.parametrize(
    ("quoted", "why"),
    [
        ("", "ANAF names no moment, as in its paper"),
        (" = 22-11-2026 12:57:30", "an hour off is no skew: what the list leaves out would be held absent"),
        (" = 99-99-2026 99:99:99", "no moment"),
    ],
)
def test_a_clock_that_cannot_be_met_is_told(anaf, spv, quoted, why):
    anaf.answer(_ahead(quoted))
    with pytest.raises(ClockAhead):
        list(spv.messages("8000000000", NOW - DAY, NOW, now=NOW))
    assert len(anaf.requests) == 1, why


def test_a_clock_is_met_once_and_a_window_that_vanishes_is_not_an_empty_one(anaf, spv):
    anaf.answer(_ahead(" = 22-11-2026 13:57:30"))
    with pytest.raises(ClockAhead):
        list(spv.messages("8000000000", NOW - DAY, NOW, now=NOW))
    assert len(anaf.requests) == 2
    with pytest.raises(ClockAhead):  # nothing between 11:56:40 and ANAF's 11:56:30
        list(spv.messages("8000000000", NOW - timedelta(seconds=200), NOW, now=NOW))
    assert len(anaf.requests) == 3


def test_each_call_is_announced_before_and_told_after(anaf, hosts, wire):
    said = []
    hooks = {
        "before": lambda operation, subject: said.append(("before", operation, subject)),
        "after": lambda operation, subject, error: said.append(("after", operation, type(error).__name__)),
    }
    with EFactura(hosts, "the-token", **hooks) as spv:
        anaf.answer(wire("upload-ok.xml"))
        spv.upload(b"<Invoice/>", cif="RO 18547290")
        anaf.answer(Answer(b"", status=429))
        with pytest.raises(AnafError):
            spv.state("5001")
    assert said == [
        ("before", "upload", "18547290"),
        ("after", "upload", "NoneType"),
        ("before", "state", "5001"),
        ("after", "state", "RateLimited"),
    ]


def test_who_is_not_let_through_asks_nothing(anaf, hosts):
    def closed(operation, subject):
        raise RateLimited("not now", "minute", NOW, answered_at=NOW)

    with EFactura(hosts, "the-token", closed) as spv, pytest.raises(RateLimited):
        spv.upload(b"<Invoice/>", cif="18547290", standard="RASP")
    assert not anaf.requests


def test_a_reserved_upload_passes_once_and_the_next_again(anaf, hosts, wire):
    passed = []
    with EFactura(hosts, "the-token", lambda operation, subject: passed.append(operation)) as spv:
        spv.reserve_upload(cif="18547290", standard="CN")
        assert passed == ["upload"]
        for _ in range(2):
            anaf.answer(wire("upload-ok.xml"))
            spv.upload(b"<CreditNote/>", cif="18547290", standard="CN")
    assert passed == ["upload", "upload"]

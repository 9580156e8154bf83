"""Every sample of tests/data/wire, through a real socket, has exactly one outcome.

A sample that stands in no table here fails the last test: nothing recorded of ANAF is left unread.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from anaf.conftest import WIRE
from anaf.server import Answer
from punte.anaf.body import sentence
from punte.anaf.efactura import EFactura, MessageState, Receipt, State
from punte.anaf.errors import (
    AccessDenied,
    Blocked,
    ClockAhead,
    Declined,
    Expired,
    LimitScope,
    Misconfigured,
    Missing,
    NotFound,
    RateLimited,
    Reauthorise,
    ReplyLost,
    Unwell,
)
from punte.anaf.sentences import Meaning, meaning_of, meanings

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REFUSAL, EMPTY, ZIP = "refusal", "empty", "zip"

UPLOAD = [  # sample, status, outcome, an attribute of it
    ("upload-ok.xml", 200, Receipt("5001131297", (), datetime(2026, 11, 22, 8, 15, tzinfo=UTC)), {}),  # 10:15 in winter
    ("upload-rejected.xml", 200, REFUSAL, {}),
    ("upload-rejected-cif.xml", 200, REFUSAL, {}),
    ("upload-rejected-standard.xml", 200, REFUSAL, {}),
    ("upload-rejected-extern.xml", 200, REFUSAL, {}),
    ("upload-rejected-autofactura.xml", 200, REFUSAL, {}),
    ("upload-rejected-executare.xml", 200, REFUSAL, {}),
    ("upload-rejected-executare-registru.xml", 200, REFUSAL, {}),
    ("upload-rejected-size.xml", 200, REFUSAL, {}),
    ("upload-400-no-body.json", 400, REFUSAL, {}),
    ("upload-400-params.json", 400, REFUSAL, {}),
    ("upload-rejected-no-right.xml", 200, AccessDenied, {"cif": "1234", "missing": Missing.COMPANY}),
    ("upload-rejected-no-rights-at-all.xml", 200, AccessDenied, {"cif": "8000000000", "missing": Missing.ALL}),
    ("upload-rejected-rasp-limit.xml", 200, RateLimited, {"scope": LimitScope.COMPANY}),
    ("upload-technical.xml", 200, ReplyLost, {"text": "A aparut o eroare tehnica. Cod: 1814"}),
    # the bad days of any call, on this one
    ("unauthorized-401.json", 401, Reauthorise, {}),
    ("outage-503.html", 503, ReplyLost, {"text": "503 Service Unavailable"}),
    ("outage-503.html", 200, ReplyLost, {}),
    ("waf-block.html", 200, ReplyLost, {"text": "Request Rejected"}),
    (b"", 200, ReplyLost, {}),
    (b"", 204, ReplyLost, {}),
    (b"", 403, Misconfigured, {"text": "HTTP 403"}),
    (b"", 404, Misconfigured, {}),
    (b"", 429, RateLimited, {"scope": LimitScope.MINUTE, "retry_after": 60}),
    (b'{"message":"A aparut o eroare tehnica. Cod: 1"}', 400, ReplyLost, {}),
    (b'{"message":"Internal Server Error"}', 500, ReplyLost, {"text": "Internal Server Error"}),
    (b'<header ExecutionStatus="0"/>', 200, ReplyLost, {}),  # accepted, without an index
    (b'<header ExecutionStatus="1"/>', 200, ReplyLost, {}),  # refused, without a reason
    (b'<header ExecutionStatus="0" index_incarcare="5', 200, ReplyLost, {}),
    (b'<!DOCTYPE header [<!ENTITY e "1">]><header ExecutionStatus="0" index_incarcare="5"/>', 200, ReplyLost, {}),
    (b'<?xml version="1.0"?><!DOCTYPE h [<!ENTITY e "1">]><header ExecutionStatus="0" index_incarcare="5"/>', 200,
     ReplyLost, {}),
    (b'<header ExecutionStatus="1"><Errors errorMessage="O propozitie noua"/></header>', 200, REFUSAL, {}),
    (b'<header ExecutionStatus="1"><Errors errorMessage="Fisierul transmis nu este valid."/>'
     b'<Errors errorMessage="A aparut o eroare tehnica. Cod: 1"/></header>', 200, ReplyLost, {}),
    (b'<header ExecutionStatus="1"><Errors errorMessage="Altceva"/>'
     b'<Errors errorMessage="Nu aveti drept in SPV pentru CIF=5"/></header>', 200, AccessDenied, {"cif": "5"}),
]  # fmt: skip
STATE = [
    ("stare-ok.xml", 200, MessageState(State.OK, "3001474425"), {}),
    ("stare-nok.xml", 200, MessageState(State.NOK, "3001474426"), {}),
    ("stare-in-prelucrare.xml", 200, MessageState(State.PROCESSING, None), {}),
    ("stare-xml-erori.xml", 200, MessageState(State.NOT_TAKEN, None), {}),
    (b'<header stare="In  Prelucrare"/>', 200, MessageState(State.PROCESSING, None), {}),
    ("stare-errors.xml", 200, NotFound, {"text": "Nu exista factura cu id_incarcare= 15000"}),
    ("stare-errors-no-right.xml", 200, AccessDenied, {"cif": None, "missing": Missing.MESSAGE}),
    ("stare-errors-no-rights-at-all.xml", 200, AccessDenied, {"missing": Missing.ALL}),
    ("stare-errors-not-int.xml", 200, Declined, {"known": True}),
    ("stare-errors-limit.xml", 200, RateLimited, {"scope": LimitScope.MESSAGE}),
    ("stare-errors-technical.xml", 200, Unwell, {"text": "A aparut o eroare tehnica. Cod: 4003"}),
    ("stare-400.json", 400, Declined, {"known": True}),
    ("unauthorized-401.json", 401, Reauthorise, {}),
    (b'{"error":"invalid_token"}', 401, Reauthorise, {"text": "HTTP 401: invalid_token"}),
    (b'<header stare="ceva nou"/>', 200, Declined, {"known": False, "text": "stare=ceva nou"}),
    (b"<header/>", 200, Unwell, {}),
    (b"<altceva/>", 200, Unwell, {}),
]
LIST = [
    ("lista-empty.json", 200, EMPTY, {}),
    ("lista-paginated-empty.json", 200, EMPTY, {}),
    ("lista-page-too-big.json", 200, EMPTY, {}),  # the list shrank under our hands
    ("lista-no-right.json", 200, AccessDenied, {"cif": "8000000000", "missing": Missing.COMPANY}),
    ("lista-no-rights-at-all.json", 200, AccessDenied, {"missing": Missing.ALL}),
    ("lista-limit.json", 200, RateLimited, {"scope": LimitScope.USER}),
    ("lista-technical.json", 200, Unwell, {}),
    ("lista-500-limit.json", 200, Declined, {"known": True}),
    ("lista-days-not-int.json", 200, Declined, {"known": True}),
    ("lista-days-range.json", 200, Declined, {"known": True}),
    ("lista-cif-simple.json", 200, Declined, {"known": True}),
    ("lista-cif-paginated.json", 200, Declined, {"known": True}),
    ("lista-starttime-bad.json", 200, Declined, {"known": True}),
    ("lista-starttime-old.json", 200, Declined, {"known": True}),
    ("lista-endtime-before.json", 200, Declined, {"known": True}),
    ("lista-endtime-future.json", 200, ClockAhead, {"anaf_now": datetime(2026, 7, 30, 12, 15, 27, tzinfo=UTC)}),
    ("lista-endtime-future-doc.json", 200, ClockAhead, {"anaf_now": None}),
    ("lista-filter-bad.json", 200, Declined, {"known": True}),
    ("lista-400-simple.json", 400, Declined, {"known": True}),
    ("lista-400-paginated.json", 400, Declined, {"known": True}),
    (b'{"eroare":"O propozitie noua"}', 200, Declined, {"known": False, "text": "O propozitie noua"}),
    (b'{"mesaje":[{"tip":"FACTURA TRIMISA"}]}', 200, Unwell, {}),
    (b'{"mesaje":{}}', 200, Unwell, {}),
    (b'{"titlu":"Lista Mesaje"}', 200, Unwell, {}),
    (b'{"mesaje":[', 200, Unwell, {}),
    ("outage-503.html", 503, Unwell, {"text": "503 Service Unavailable"}),
]
DOWNLOAD = [
    ("descarcare-ok.zip", 200, ZIP, {}),
    ("descarcare-expired.json", 200, Expired, {}),
    ("descarcare-limit.json", 200, RateLimited, {"scope": LimitScope.MESSAGE}),
    ("descarcare-limit-live.json", 200, RateLimited, {"scope": LimitScope.MESSAGE}),
    ("descarcare-no-right.json", 200, AccessDenied, {"missing": Missing.MESSAGE}),
    ("descarcare-unknown.json", 200, NotFound, {}),
    ("descarcare-not-int.json", 200, Declined, {"known": True}),
    ("descarcare-400.json", 400, Declined, {"known": True}),
    (b'{"eroare":"S-au facut deja 10 descarcari de mesaj in cursul zilei"}}', 200, RateLimited, {}),  # a stray brace
    ("waf-block.html", 200, Blocked, {"text": "Request Rejected", "support_id": "9826645832961917351"}),
    (b"", 200, Unwell, {}),
    (b"%PDF-1.7", 200, Unwell, {}),
    (b'{"error":"x"}', 502, Unwell, {"text": "x"}),
]
CALLS = {
    "upload": (UPLOAD, lambda spv: spv.upload(b"<Invoice/>", cif="8000000000")),
    "uploadb2c": (UPLOAD, lambda spv: spv.upload(b"<Invoice/>", cif="8000000000", b2c=True)),
    "state": (STATE, lambda spv: spv.state("5001131297")),
    "list": (LIST, lambda spv: list(spv.messages("8000000000", NOW - timedelta(days=1), NOW, now=NOW))),
    "simple list": (LIST, lambda spv: list(spv.recent("8000000000", 1).messages)),
    "download": (DOWNLOAD, lambda spv: spv.download("3001474425")),
}


@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
@pytest.mark.parametrize(
    ("call", "sample", "status", "outcome", "attributes"),
    [(call, *row) for call, (rows, _) in CALLS.items() for row in rows],
)
def test_an_answer_has_one_outcome(anaf, hosts, wire, call, sample, status, outcome, attributes, content_type):
    body = wire(sample) if isinstance(sample, str) else sample
    anaf.answer(Answer(body, status=status, content_type=content_type))  # the content type never decides
    act = CALLS[call][1]
    with EFactura(hosts, "token") as spv:
        if isinstance(outcome, type):
            with pytest.raises(outcome) as caught:
                act(spv)
            assert type(caught.value) is outcome
            assert {name: getattr(caught.value, name) for name in attributes} == attributes
        elif outcome == REFUSAL:
            receipt = act(spv)
            assert receipt.upload_index is None
            assert all(refusal in body.decode() for refusal in receipt.refusals)  # verbatim
            assert len(receipt.refusals) == 1
        else:
            assert act(spv) == {EMPTY: [], ZIP: body}.get(outcome if isinstance(outcome, str) else "", outcome)


LITERALS = [  # sentences of which no sample file exists
    ("Valorile acceptate pentru parametrul standard sunt UBL, CII sau RASP", Meaning.PARAMETER),  # older copies
    ("Nu exista niciun CIF petru care sa aveti drept in SPV", Meaning.NO_RIGHTS_AT_ALL),
    ("S-au facut deja 100 de verificari, pentru id-incarcare solicitat, in cursul zilei", Meaning.LIMIT_MESSAGE),
    ("S-au facut deja 1500 de interogari de tip lista mesaje  de catre CUI= 80 in cursul zilei", Meaning.LIMIT_COMPANY),
    ("pagina = aaa nu este un numar sau nu are o valoare acceptata de sistem", Meaning.PARAMETER),
    ("endTime = aaa nu este un numar sau nu are o valoare acceptata de sistem", Meaning.PARAMETER),
    ("Nu exista mesaje in ultimele 60 zile", Meaning.EMPTY),
    ("NU AVETI DREPT IN SPV PENTRU CIF=1", Meaning.NO_RIGHT_COMPANY),
    ("Mergeti maine la ghiseu", Meaning.UNKNOWN),
]


@pytest.mark.parametrize(("text", "meaning"), LITERALS)
def test_a_sentence_has_one_meaning(text, meaning):
    assert meaning_of(text) is meaning


def test_no_sentence_matches_two_lines_of_the_table(wire):
    texts = [sentence(path.read_bytes()) for path in WIRE.glob("*.*") if path.suffix in (".xml", ".json")]
    said = [text for text in texts + [text for text, _ in LITERALS] if meanings(text)]
    assert len(said) > 40
    assert {text: found for text in said if len(found := meanings(text)) > 1} == {}


ELSEWHERE = {  # read in the tests of other modules
    "lista-simple.json", "lista-paginated.json", "lista-buyer-messages.json", "lista-self-sale.json",
    "nok-errors-file.xml", "nok-errors-file-structured.xml", "nok-duplicate.xml", "rasp.xml",
    "jwt-payload-2023.json", "jwt-payload-2026.json", "token-ok.json", "token-refreshed.json", "token-error.json",
    "token-error-code.json", "token-error-refresh-expired.json", "hello.txt",
    "tva-v9-found.json", "tva-v9-found-doc.json", "tva-v9-notfound.json", "tva-v9-request.json",
    "tva-async-accepted.json", "registru-found.json", "registru-404.json",
    "validare-ok.json", "validare-nok.json", "validare-nok-old.json", "validare-nok-size.json",
    "validare-nok-standard.json", "validare-404.json",
    "validate-signature-ok.json", "validate-signature-nok.json", "validate-signature-400.json",
    "semnatura_5001131297.xml", "semnatura-enveloped-2023.xml", "5001131297.xml",
}  # fmt: skip
NOT_SPOKEN = {
    "README.md",
    "http-transcript.txt",
    "jwt-header.json",
}  # descriptions; of a token only its claims are read
TESTS = Path(__file__).parent


def test_every_sample_stands_in_a_table():
    here = {row[0] for rows, _ in CALLS.values() for row in rows if isinstance(row[0], str)}
    assert {path.name for path in WIRE.iterdir()} == here | ELSEWHERE | NOT_SPOKEN


def test_what_is_said_to_be_read_elsewhere_is():
    others = "".join(path.read_text("utf-8") for path in TESTS.glob("test_*.py") if path.name != "test_wire.py")
    assert {name for name in ELSEWHERE if f'"{name}"' not in others} == set()

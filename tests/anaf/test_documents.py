"""What ANAF itself says of a document, over a real socket."""

import base64

import pytest

from anaf.server import Answer
from punte.anaf.documents import Documents, SealOpinion, Validation, without_schema_location
from punte.anaf.errors import (
    AccessDenied,
    Blocked,
    Declined,
    Misconfigured,
    NotSent,
    RateLimited,
    Reauthorise,
    Unwell,
)
from punte.anaf.package import ErrorLine
from punte.anaf.standards import Standard

INVOICE = b'<?xml version="1.0"?>\n<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
CREDIT_NOTE = INVOICE.replace(b"Invoice", b"CreditNote")
PDF = b"%PDF-1.7 the rest"


def _validate(hosts, xml=INVOICE, standard=None):
    with Documents(hosts) as documents:
        return documents.validate(xml, standard)


@pytest.mark.parametrize(
    ("xml", "standard", "segment"),
    [
        (INVOICE, None, "FACT1"),
        (CREDIT_NOTE, None, "FCN"),
        (b"not read when the caller knows", Standard.UBL, "FACT1"),
        (INVOICE, "CN", "FCN"),
    ],
)
def test_the_public_host_is_asked_without_authentication_and_always_for_production(
    anaf, hosts, wire, xml, standard, segment
):
    anaf.answer(wire("validare-ok.json"))
    _validate(hosts, xml, standard)
    (request,) = anaf.requests
    assert (request.method, request.path) == ("POST", f"/prod/FCTEL/rest/validare/{segment}")  # though hosts is `test`
    assert (request.body, request.headers["Content-Type"]) == (xml, "text/plain")
    assert "Authorization" not in request.headers
    assert request.headers["Connection"] == "close"  # this host drops kept-alive connections


def test_with_a_token_the_gateway_is_asked_instead(anaf, wire):
    anaf.answer(wire("validare-ok.json"), PDF, wire("validate-signature-ok.json"))
    hosts = anaf.hosts(public="http://127.0.0.1:1")  # nobody there
    with Documents(hosts, "the-token") as documents:
        documents.validate(INVOICE)
        documents.transform(INVOICE)
        documents.validate_signature(INVOICE, b"<Signature/>")
    assert {request.headers["Authorization"] for request in anaf.requests} == {"Bearer the-token"}


def test_a_green_verdict(anaf, hosts, wire):
    anaf.answer(wire("validare-ok.json"))
    assert _validate(hosts) == Validation(True, (), "11111111-2222-4333-8444-555555555555")


@pytest.mark.parametrize(
    ("sample", "rules"),
    [
        ("validare-nok.json", ["UBL-CR-661", "ERRIdentif"]),
        ("validare-nok-old.json", ["BR-CO-09", "R_BT_32_cui"]),
        ("validare-nok-size.json", [None]),
    ],
)
def test_a_refusal_is_a_value_with_the_rule_of_each_line(anaf, hosts, wire, sample, rules):
    anaf.answer(wire(sample))
    validation = _validate(hosts)
    assert not validation.ok
    assert [line.rule for line in validation.errors] == rules
    assert all(line.text in wire(sample).decode() for line in validation.errors)  # verbatim
    assert validation.trace_id


@pytest.mark.parametrize(
    ("sample", "status", "error"),
    [
        ("validare-nok-standard.json", 200, Declined),
        ("validare-404.json", 404, Misconfigured),
        ("waf-block.html", 200, Blocked),
        ("outage-503.html", 503, Unwell),
        ("unauthorized-401.json", 401, Reauthorise),
        (b"", 200, Unwell),
        (b"", 429, RateLimited),
        (b'{"stare":"nok","Messages":[{"message":"A aparut o eroare tehnica. Cod: 12"}]}', 200, Unwell),
        (b'{"stare":"nok","Messages":[{"message":"Nu aveti drept in SPV pentru CIF=5"}]}', 200, AccessDenied),
        (b'{"stare":"nok","Messages":[]}', 200, Unwell),  # no, and not why
        (b'{"stare":"nok","Messages":"x"}', 200, Unwell),
        (b'{"stare":"poate"}', 200, Unwell),
        (b'{"eroare":"O propozitie noua"}', 200, Declined),
        (b'{"message":"Internal Server Error"}', 500, Unwell),
        (b"[1]", 200, Unwell),
        (b"%PDF-1.7", 200, Unwell),
    ],
)
def test_what_is_no_verdict_is_told_by_what_to_do_next(anaf, hosts, wire, sample, status, error):
    body = wire(sample) if isinstance(sample, str) else sample
    for ask in (Documents.validate, Documents.transform):
        anaf.answer(Answer(body, status=status))
        with Documents(hosts) as documents:
            if body.startswith(b"%PDF") and ask is Documents.transform:
                continue
            with pytest.raises(error) as caught:
                ask(documents, INVOICE)
        assert type(caught.value) is error
        assert caught.value.body == body  # all of it, for the dossier


def test_the_firewalls_page_is_kept_with_its_number(anaf, hosts, wire):
    anaf.answer(wire("waf-block.html"))
    with Documents(hosts) as documents, pytest.raises(Blocked) as caught:
        documents.transform(INVOICE, validated=False)
    assert caught.value.support_id == "9826645832961917351"
    assert b"The requested URL was rejected" in caught.value.body


def test_a_page_is_kept_only_so_far(anaf, hosts):
    anaf.answer(b"<html>" + b"x" * 10_000)
    with Documents(hosts) as documents, pytest.raises(Unwell) as caught:
        documents.transform(INVOICE)
    assert len(caught.value.body) == 4096


@pytest.mark.parametrize(("validated", "path"), [(True, "transformare/FACT1"), (False, "transformare/FACT1/DA")])
@pytest.mark.parametrize(
    "body", [PDF, base64.b64encode(PDF), b'"' + base64.encodebytes(PDF).strip() + b'"\n'], ids=["pdf", "base64", "text"]
)
def test_a_pdf_comes_with_and_without_validation(anaf, hosts, validated, path, body):
    anaf.answer(Answer(body, content_type="text/plain"))
    with Documents(hosts) as documents:
        assert documents.transform(INVOICE, validated=validated) == PDF
    assert anaf.requests[0].path == f"/prod/FCTEL/rest/{path}"


def test_a_document_that_fails_is_not_printed_and_says_why(anaf, hosts, wire):
    anaf.answer(Answer(wire("validare-nok.json"), content_type="application/json"))
    with Documents(hosts) as documents:
        refusal = documents.transform(INVOICE)
    assert isinstance(refusal, Validation)
    assert refusal.errors[1] == ErrorLine(
        "tipAssert=E; codEroare=ERRIdentif; textEroare=nu a fost identificat cui cumparator", "ERRIdentif"
    )


@pytest.mark.parametrize("body", [b"JVBERi0*", b'{"stare":"ok"}'])
def test_a_pdf_that_is_none_is_anaf_unwell(anaf, hosts, body):
    anaf.answer(body)
    with Documents(hosts) as documents, pytest.raises(Unwell):
        documents.transform(INVOICE)


LOCATION = b'xsi:schemaLocation="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2 ../../UBL-Invoice-2.1.xsd"'
ROOT = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:xsi="u:xsi"'


@pytest.mark.parametrize("ask", [Documents.validate, Documents.transform])
def test_a_schema_location_does_not_leave_this_machine(anaf, hosts, ask, wire):
    xml = (
        b'<?xml version="1.0"?>\n<!-- a > b -->' + ROOT + b"\n " + LOCATION + b' a="1">xsi:schemaLocation="x"</Invoice>'
    )
    anaf.answer(wire("validare-nok.json"))
    with Documents(hosts) as documents:
        ask(documents, xml)
    sent = anaf.requests[0].body
    assert b"../" not in sent
    assert (len(sent), sent.index(b' a="1"'), sent.count(b"\n")) == (len(xml), xml.index(b' a="1"'), xml.count(b"\n"))
    assert sent.endswith(b'>xsi:schemaLocation="x"</Invoice>')  # text is the document's own


@pytest.mark.parametrize(
    "xml",
    [
        INVOICE,
        b"",
        b"<",
        b"<!-- only this",
        b"\xff\xfe<\x00I\x00",
        b"<a><b xsi:schemaLocation='../x'/></a>",  # of the root alone
        b"<a" + b' x="1"' * 50_000,  # never closed: no time is lost over it
        b"<?" * 50_000,
    ],
)
def test_what_has_no_schema_location_at_its_root_stays_as_it_is(xml):
    assert without_schema_location(xml) == xml


@pytest.mark.parametrize("location", [LOCATION, LOCATION.replace(b'"', b"'"), b'x:noNamespaceSchemaLocation = "../a"'])
def test_each_spelling_of_a_schema_location_is_blanked(location):
    xml = b"\xef\xbb\xbf" + ROOT + b" " + location + b"/>"
    assert without_schema_location(xml) == b"\xef\xbb\xbf" + ROOT + b" " * (1 + len(location)) + b"/>"


@pytest.mark.parametrize(
    ("xml", "standard"), [(b"<x/>", None), (b"no xml", None), (INVOICE, "CII"), (INVOICE, "RASP"), (INVOICE, "FACT1")]
)
def test_what_anaf_cannot_validate_is_never_sent(anaf, hosts, xml, standard):
    with pytest.raises(ValueError, match=r"."):
        _validate(hosts, xml, standard)
    assert anaf.requests == []


@pytest.mark.parametrize(
    ("sample", "valid"), [("validate-signature-ok.json", True), ("validate-signature-nok.json", False)]
)
def test_anafs_own_opinion_of_a_seal(anaf, hosts, wire, sample, valid):
    anaf.answer(wire(sample))
    document, signature = wire("5001131297.xml"), wire("semnatura_5001131297.xml")
    with Documents(hosts) as documents:
        opinion = documents.validate_signature(document, signature)
    assert opinion.valid is valid
    assert opinion.text in wire(sample).decode()
    assert type(opinion) is SealOpinion
    (request,) = anaf.requests
    assert (request.method, request.path) == ("POST", "/api/validate/signature")
    assert request.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    for name, content in (("file", document), ("signature", signature)):
        assert b'name="%b"' % name.encode() in request.body
        assert b"\r\n\r\n" + content + b"\r\n--" in request.body  # byte for byte


@pytest.mark.parametrize(
    ("body", "status", "error", "known"),
    [
        ("validate-signature-400.json", 400, Declined, True),
        (b'{"msg":"altceva"}', 200, Declined, False),
        ("waf-block.html", 200, Blocked, None),
        (b"{}", 200, Unwell, None),
        (b"", 404, Misconfigured, None),
    ],
)
def test_no_opinion_of_a_seal_is_no_opinion(anaf, hosts, wire, body, status, error, known):
    anaf.answer(Answer(wire(body) if isinstance(body, str) else body, status=status))
    with Documents(hosts) as documents, pytest.raises(error) as caught:
        documents.validate_signature(b"<a/>", b"<b/>")
    assert type(caught.value) is error
    assert getattr(caught.value, "known", None) is known


def test_a_lost_answer_is_anaf_unwell_since_nothing_was_filed(anaf, hosts):
    anaf.answer("close")
    with pytest.raises(Unwell):
        _validate(hosts)
    anaf.stop()
    with pytest.raises(NotSent):
        _validate(hosts)

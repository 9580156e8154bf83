import json
from datetime import date

import pytest

from anaf.server import Answer
from punte.anaf.efactura_register import EFacturaRegister, Enrolment
from punte.anaf.errors import Blocked, Declined, Misconfigured, RateLimited, Unwell

DAY = date(2026, 11, 22)


def _look_up(anaf, answer, *cuis):
    anaf.answer(answer)
    return EFacturaRegister(anaf.hosts()).lookup(cuis or ["8000000000"], DAY)


def test_an_enrolment_is_read(anaf, wire):
    found = _look_up(anaf, wire("registru-found.json"), "RO 8000000000")
    assert found == {
        "8000000000": Enrolment(
            cui="8000000000",
            name="EXEMPLU SRL",
            address="MUNICIPIUL BUCUREȘTI",  # comma below, where ANAF writes a cedilla
            register="(value unknown)",
            category="(value unknown)",
            state=True,
            enrolled_on=date(2022, 7, 1),
            renounced_on=None,
            struck_off_on=None,
            b2g_option_on=None,
        )
    }
    (request,) = anaf.requests
    assert (request.method, request.path) == ("POST", "/api/registruroefactura/v1/interogare")
    assert json.loads(request.body) == [{"cui": 8000000000, "data": "2026-11-22"}]


def test_nobody_found_is_a_404_and_no_error(anaf, wire):
    assert _look_up(anaf, Answer(wire("registru-404.json"), status=404)) == {}


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"", 404, Misconfigured),  # the same status, from a path that is not there
        (b'{"message":"prea multe"}', 400, Declined),
        (b"", 429, RateLimited),
        (b"", 200, Unwell),
        ("waf-block.html", 200, Blocked),
        ("outage-503.html", 503, Unwell),
    ],
)
def test_what_is_no_answer_is_told_by_what_to_do_next(anaf, wire, body, status, error):
    with pytest.raises(error) as caught:
        _look_up(anaf, Answer(wire(body) if isinstance(body, str) else body, status=status))
    assert type(caught.value) is error

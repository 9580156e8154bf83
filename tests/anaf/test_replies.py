"""Whatever comes back, however broken, becomes a value or an error of the tree, and nothing else."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punte.anaf.answers import read_download, read_list, read_receipt, read_state
from punte.anaf.channel import Reply
from punte.anaf.documents import read_seal_opinion, read_transformation, read_validation
from punte.anaf.efactura_register import read_enrolments
from punte.anaf.errors import AnafError
from punte.anaf.exchange_rates import read_reply
from punte.anaf.package import error_lines
from punte.anaf.registry import read_companies, read_correlation_id

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NAMES = st.sampled_from([
    "mesaje", "eroare", "message", "error", "cui", "serial", "numar_total_pagini", "numar_total_inregistrari", "found",
    "data_creare", "cif", "id_solicitare", "id", "tip", "detalii", "date_generale", "inregistrare_scop_Tva",
    "perioade_TVA", "scpTVA", "adresa_sediu_social", "denumire", "stare", "Messages", "msg", "trace_id",
    "dataInscriere", "correlationId",
])  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("000101010000"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=6,
)
ROWS = st.fixed_dictionaries({"data_creare": VALUES, "id_solicitare": VALUES, "cif": VALUES, "tip": VALUES})
JSON = st.one_of(
    st.dictionaries(NAMES, VALUES, max_size=6),
    st.fixed_dictionaries({"mesaje": st.lists(ROWS, max_size=2), "numar_total_pagini": VALUES}),
    st.fixed_dictionaries({"found": st.lists(VALUES, max_size=3)}),
    st.fixed_dictionaries({"stare": st.sampled_from(["ok", "nok", ""]), "Messages": VALUES}),
).map(lambda value: json.dumps(value).encode())
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["ExecutionStatus", "index_incarcare", "dateResponse", "stare", "id_descarcare"]),
    st.sampled_from(["", "0", "1", "ok", "nok", "x", "000101010000", "A aparut o eroare tehnica"]),
)
XML = ATTRIBUTES.map(
    lambda some: ("<header " + " ".join(f'{name}="{value}"' for name, value in some.items()) + "/>").encode()
)
BROKEN = st.sampled_from([b"PK\x03\x04", b"<", b"{", b"[", b"<?xml ", b"\xef\xbb\xbf{", b"<header "]).flatmap(
    lambda head: st.binary(max_size=60).map(lambda tail: head + tail)
)
BODIES = JSON | XML | BROKEN | st.binary(max_size=60) | st.sampled_from([b"{" * 100_000, b"[" * 100_000])
CALM = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])  # a shared machine
READERS = [
    lambda reply: read_receipt(reply, cif="80"),
    read_state,
    lambda reply: read_list(reply, cif="80"),
    read_download,
    read_companies,
    read_correlation_id,
    read_enrolments,
    read_validation,
    read_transformation,
    read_seal_opinion,
    read_reply,
    lambda reply: error_lines(reply.body),
]


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
@CALM
@given(body=BODIES, status=st.sampled_from([200, 204, 302, 400, 401, 403, 404, 429, 500, 503]))
def test_an_answer_is_a_value_or_an_error_of_the_tree(read, body, status):
    with contextlib.suppress(AnafError):
        read(Reply(status, body, NOW))


@CALM
@given(body=BODIES, status=st.sampled_from([200, 204, 302, 400, 500, 503]))
def test_no_upload_is_believed_accepted_without_its_index(body, status):
    with contextlib.suppress(AnafError):
        receipt = read_receipt(Reply(status, body, NOW), cif="80")
        assert bool(receipt.upload_index) != bool(receipt.refusals)
        assert receipt.upload_index is None or (status == 200 and receipt.upload_index.encode() in body)

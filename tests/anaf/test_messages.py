import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punte.anaf.messages import MessageKind, list_window, local_instant, read_page

CALM = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])  # a shared machine
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _page(wire, sample):
    return read_page(json.loads(wire(sample)))


def test_rows_are_read_with_the_parties_their_sentence_names(wire):
    page = _page(wire, "lista-simple.json")
    rows = [(m.kind, m.id, m.upload_index, m.seller_cif, m.buyer_cif) for m in page.messages]
    assert rows == [
        (MessageKind.SENT, "3001474425", "5001131297", "8000000000", "3"),
        (MessageKind.ERRORS, "3001474426", "5001131298", None, None),
        (MessageKind.RECEIVED, "3001480001", "5001140001", "7000000000", "8000000000"),
        (MessageKind.SENT, "3001490001", "5001150001", "7000000000", "8000000000"),  # self-billed: the buyer sends
        (MessageKind.ERRORS, "3001490002", "5001150002", None, None),
    ]
    assert page.messages[0].created_at == datetime(2026, 11, 22, 8, 18, tzinfo=UTC)  # 10:18 in winter
    assert page.cifs == ("8000000000", "1000000000001")
    assert page.serial == "22:10:70:1e:50:c9:0f:3a"


def test_counts_of_a_page(wire):
    page = _page(wire, "lista-paginated.json")
    assert (page.pages, page.total, len(page.messages)) == (1, 3, 3)


def test_buyers_messages_have_a_direction(wire):
    kinds = [message.kind for message in _page(wire, "lista-buyer-messages.json").messages]
    assert kinds == [MessageKind.BUYER_MESSAGE_RECEIVED, MessageKind.BUYER_MESSAGE_SENT]


def test_a_self_sale_gives_two_messages_of_one_upload(wire):
    sent, received = _page(wire, "lista-self-sale.json").messages
    assert sent.upload_index == received.upload_index
    assert sent.id != received.id


ROW = {"data_creare": "202611221018", "cif": "80", "id_solicitare": "5", "detalii": "", "tip": "FACTURA TRIMISA"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {"id": None}),  # ANAF sometimes leaves the download id out
        ({"tip": "CEVA NOU"}, {"kind": MessageKind.OTHER, "kind_text": "CEVA NOU"}),
        ({"detalii": "transmisa de cif=2  ca autofactura in numele cif=1"}, {"seller_cif": "1", "buyer_cif": "2"}),
        ({"cif_emitent": "7", "cif_beneficiar": "8"}, {"seller_cif": "7", "buyer_cif": "8"}),  # in the paper, not live
    ],
)
def test_a_row_in_its_variants(change, expected):
    (message,) = read_page({"mesaje": [{**ROW, **change}]}).messages
    assert {name: getattr(message, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("start", "end", "window"),
    [
        (timedelta(days=-1), timedelta(0), (timedelta(days=-1), timedelta(seconds=-60))),
        (timedelta(days=-90), timedelta(days=-1), (timedelta(days=-60, minutes=5), timedelta(days=-1))),
        (timedelta(days=-2), timedelta(days=9), (timedelta(days=-2), timedelta(seconds=-60))),
        (timedelta(days=-2), timedelta(days=-1), (timedelta(days=-2), timedelta(days=-1))),  # untouched
    ],
)
def test_the_window_is_cut_to_what_anaf_lists(start, end, window):
    assert list_window(NOW + start, NOW + end, NOW) == (NOW + window[0], NOW + window[1])


@pytest.mark.parametrize(("start", "end"), [(timedelta(days=-90), timedelta(days=-60)), (timedelta(0), timedelta(1))])
def test_a_window_of_which_nothing_is_left_is_an_error_not_an_empty_list(start, end):
    with pytest.raises(ValueError, match="ANAF lists 60 days back"):
        list_window(NOW + start, NOW + end, NOW)


@CALM
@given(st.timedeltas(timedelta(days=-70), timedelta(days=70)), st.timedeltas(timedelta(0), timedelta(days=70)))
def test_no_window_asks_anaf_for_what_it_refuses(offset, length):
    try:
        first, last = list_window(NOW + offset, NOW + offset + length, NOW)
    except ValueError:
        return
    assert NOW - timedelta(days=60) < first < last <= NOW - timedelta(seconds=60)


@pytest.mark.parametrize(
    ("stamp", "instant"),
    [
        ("202607011200", datetime(2026, 7, 1, 9, 0, tzinfo=UTC)),  # UTC+3
        ("202612011200", datetime(2026, 12, 1, 10, 0, tzinfo=UTC)),  # UTC+2
        ("202610250330", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # twice that night: the earlier is meant
    ],
)
def test_anafs_stamps_are_romanian_wall_time(stamp, instant):
    assert local_instant(stamp) == instant

"""Buyers' messages both ways over the simulator, with answers lost: attempted once, found by their bytes."""

from __future__ import annotations

import pytest
from django.utils import timezone

from punte.anaf.standards import buyer_message
from punte.web.inbox import speaking
from punte.web.inbox.models import Document, Remark, RemarkState
from punte.web.spv import fetching, listing
from punte.web.spv.models import Mailbox

from ..spv.conftest import SUPPLIER, bill

ALL = (speaking.SOURCE, listing.SOURCE, fetching.SOURCE)


@pytest.fixture
def invoice(firm, connected, supplier, work, settings) -> Document:
    settings.DELIVERY_PACE = 1.0
    supplier("F 1")
    work()
    return Document.objects.get()


def filed(anaf) -> list[dict]:
    return [one for one in anaf.filed if one["seller"] == ""]


def test_a_remark_goes_out_once_and_is_seen_arriving(invoice, ana, anaf, work, time):
    speaking.say(invoice, "Lipsește comanda „77”", ana, time.now())
    work(speaking.SOURCE)
    remark = Remark.objects.get()
    assert (remark.state, remark.attempts.get().outcome) == (RemarkState.PROCESSING, "Receipt")
    time.go(minutes=1)
    work(speaking.SOURCE)
    remark.refresh_from_db()
    assert (remark.state, remark.due_at, len(filed(anaf))) == (RemarkState.DELIVERED, None, 1)
    time.go(hours=2)
    work(*ALL)  # listed as MESAJ CUMPARATOR TRANSMIS: it is the same remark, now with its package
    remark = Remark.objects.get()
    assert remark.message.keeping == "filed"


def test_a_lost_answer_is_found_in_spv_and_never_sent_again(invoice, ana, anaf, spv, work, time):
    spv.fault("lose_reply", "upload")
    speaking.say(invoice, "Un preț greșit", ana, time.now())
    work(speaking.SOURCE)
    assert Remark.objects.get().state == RemarkState.UNCERTAIN
    time.go(minutes=21)
    work(*ALL)
    remark = Remark.objects.get()
    assert (remark.state, remark.attempts.count(), len(filed(anaf))) == (RemarkState.DELIVERED, 1, 1)
    assert remark.upload_index == filed(anaf)[0]["upload_index"]


def test_what_did_not_arrive_is_said_after_an_hour_and_left_to_the_person(invoice, ana, anaf, spv, work, time):
    spv.fault("lose_before", "upload")
    speaking.say(invoice, "Un preț greșit", ana, time.now())
    for _ in range(5):
        work(*ALL)
        time.go(minutes=21)
    remark = Remark.objects.get()
    assert (remark.state, remark.due_at, remark.attempts.count()) == (RemarkState.ABSENT, None, 1)
    assert filed(anaf) == []


def test_a_worker_that_died_while_sending_leaves_it_uncertain(invoice, ana, anaf, work, time, settings):
    remark = speaking.say(invoice, "Text", ana, time.now())
    speaking.SOURCE.take(invoice.firm_id, time.now())
    Remark.objects.update(state=RemarkState.SENDING)
    time.go(seconds=settings.DELIVERY_LEASE + 1)
    work(speaking.SOURCE)
    remark.refresh_from_db()
    assert (remark.state, filed(anaf)) == (RemarkState.UNCERTAIN, [])


def test_nothing_sent_waits_and_goes_later(invoice, ana, anaf, work, time):
    from punte.web.connection.models import Right, RightState

    Right.objects.update(state=RightState.DENIED)
    speaking.say(invoice, "Text", ana, time.now())
    work(speaking.SOURCE)
    remark = Remark.objects.get()
    assert (remark.state, remark.waiting_for, remark.attempts.count()) == (RemarkState.QUEUED, "no-right", 0)
    Right.objects.update(state=RightState.GRANTED)
    time.go(minutes=11)
    work(speaking.SOURCE)
    assert len(filed(anaf)) == 1


def test_a_refusal_is_shown_in_anafs_words(invoice, ana, anaf, work, time):
    Document.objects.update(upload_index="5999999999")  # an invoice that ANAF does not know
    speaking.say(Document.objects.get(), "Text", ana, time.now())
    work(speaking.SOURCE)
    time.go(minutes=1)
    work(speaking.SOURCE)
    remark = Remark.objects.get()
    assert remark.state == RemarkState.REFUSED
    assert "Nu exista factura" in remark.anaf_text


def test_a_buyers_remark_comes_to_the_page_of_our_invoice(firm, invoice, people, ana, anaf, work, time):
    from ..invoices.conftest import buyer, draft_of, sent

    ours = sent(draft_of(buyer(firm, cui=SUPPLIER)))
    index = anaf.deliver(bill("DI 1", seller=firm.cui, buyer=SUPPLIER), firm.cui, ago=2)
    ours.submissions.update(upload_index=index)
    anaf.deliver(buyer_message(index, "Cantitatea e <greșită>"), SUPPLIER, standard="RASP", ago=2)
    Mailbox.objects.update(due_at=timezone.now())
    work(*ALL)
    remark = Remark.objects.get()
    assert (remark.state, remark.about) == (RemarkState.RECEIVED, index)
    page = people["ana"].get(f"/venituri/{ours.pk}/").content.decode()
    assert "Cantitatea e &lt;greșită&gt;" in page
    assert "nu respinge și nu anulează" in page

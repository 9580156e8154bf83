"""One list settles many submissions: counted at the simulator, which writes down every call."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from punte.web.delivery import claims, settling, worker
from punte.web.delivery.models import State, Submission
from punte.web.spv import listing
from punte.web.spv.models import Message

pytestmark = pytest.mark.django_db


def uploaded(queue, numbers: range, *more: Submission) -> list[Submission]:
    """Sent, judged and listed by ANAF, and to be asked for now."""
    submissions = [*more, *(queue(f"DI {number:04}") for number in numbers)]
    for _ in submissions:
        worker.advance(worker.take(submissions[0].firm_id, datetime.now(UTC)))
    for one in submissions:
        one.refresh_from_db()
        assert one.state == State.PROCESSING
    time.sleep(1)  # a list ends half a second ago, and ANAF tells a message's time to the minute
    Submission.objects.update(due_at=datetime.now(UTC))
    return submissions


def worked_off(submissions: list[Submission]) -> list[str]:
    """Their states, once nothing more is to be done."""
    for _ in range(200):
        if claimed := worker.claim(datetime.now(UTC)):
            worker.advance(claimed)
        elif Submission.objects.filter(due_at=None).count() == len(submissions):
            break
        else:
            time.sleep(0.05)
    for one in submissions:
        one.refresh_from_db()
    return [one.state for one in submissions]


def calls(spv) -> Counter[str]:
    ledger = httpx2.get(f"{spv.simulator.control}/ledger").json()
    return Counter(call["path"].rpartition("/")[2] for call in ledger["calls"] if call["door"] == "api")


def test_one_list_tells_of_all_and_each_is_downloaded_once(spv, connected, queue):
    submissions = uploaded(queue, range(11, 19))
    before = calls(spv)
    assert set(worked_off(submissions)) == {State.ACCEPTED}
    made = calls(spv) - before
    assert made["stareMesaj"] == 0
    assert made["descarcare"] == 8
    assert made["listaMesajePaginatieFactura"] == 1


def test_a_lone_invoice_is_asked_for_by_its_state(spv, connected, queue):
    submissions = uploaded(queue, range(21, 22))
    before = calls(spv)
    assert worked_off(submissions) == [State.ACCEPTED]
    made = calls(spv) - before
    assert made["listaMesajePaginatieFactura"] == 0
    assert made["stareMesaj"] >= 1


def test_what_the_list_calls_an_error_is_rejected_with_anafs_reasons(spv, connected, queue):
    bad = queue("DI 0031", ("<cbc:CityName>SECTOR3", "<cbc:CityName>București"))
    _, *others = uploaded(queue, range(32, 36), bad)
    before = calls(spv)
    assert worked_off([bad, *others]) == [State.REJECTED, *[State.ACCEPTED] * 4]
    assert [finding["rule"] for finding in bad.findings] == ["BR-RO-101"]
    assert (calls(spv) - before)["stareMesaj"] == 0


def test_a_row_without_id_falls_back_to_the_state(spv, connected, queue):
    one, *_ = uploaded(queue, range(41, 46))
    Message.objects.create(
        firm=one.firm, upload_index=one.upload_index, kind="FACTURA TRIMISA", kind_text="FACTURA TRIMISA",
        created_at=one.created_at, listed_at=one.created_at,
    )  # fmt: skip
    before = calls(spv)
    claimed = claims.lease(Submission.objects.filter(pk=one.pk), datetime.now(UTC))
    worker.advance(claimed[0])
    one.refresh_from_db()
    assert one.state == State.ACCEPTED
    assert (calls(spv) - before) == {"stareMesaj": 1}


def test_those_not_listed_yet_wait_longer_each_time_without_a_line_in_their_history(spv, connected, queue, monkeypatch):
    submissions = uploaded(queue, range(51, 56))
    monkeypatch.setattr(listing, "sync", lambda firm, efactura, clock, since: 0)  # ANAF lists nothing yet
    pauses = []
    for _ in range(3):
        now = datetime.now(UTC)
        worker.advance(worker.take(submissions[0].firm_id, now))
        assert not claims.due(now).exists()  # all of them were seen to by one list
        due = set(Submission.objects.values_list("due_at", flat=True))
        pauses.append(max(due) - now)
        assert not Submission.objects.exclude(leased_until=None).exists()
        Submission.objects.update(due_at=now)
    assert pauses == sorted(pauses)
    assert {one.events.count() for one in submissions} == {2}


def test_a_companion_that_another_worker_took_over_is_left_to_it(spv, connected, queue, monkeypatch):
    submissions = uploaded(queue, range(61, 66))
    stolen = submissions[-1]
    sync = listing.sync

    def slow(firm, efactura, clock, since):
        Submission.objects.filter(pk=stolen.pk).update(lease=99, leased_until=datetime.now(UTC) + timedelta(minutes=3))
        while not sync(firm, efactura, clock, since=since):
            pass
        return 0

    monkeypatch.setattr(listing, "sync", slow)
    worker.advance(worker.take(stolen.firm_id, datetime.now(UTC)))
    stolen.refresh_from_db()
    assert (stolen.state, stolen.lease) == (State.PROCESSING, 99)
    assert Submission.objects.filter(state=State.ACCEPTED).count() >= 1


def test_when_anaf_does_not_answer_the_companions_are_free_again(spv, connected, queue):
    submissions = uploaded(queue, range(71, 76))
    spv.fault("status", "listaMesajePaginatieFactura", code=503)
    worker.advance(worker.take(submissions[0].firm_id, datetime.now(UTC)))
    assert not Submission.objects.exclude(leased_until=None).exists()
    assert Submission.objects.filter(waiting_for="anaf-down").count() == 1


def test_more_than_one_step_can_write_are_released_to_find_their_row_themselves(spv, connected, queue, monkeypatch):
    monkeypatch.setattr(settling, "AT_ONCE", 2)
    submissions = uploaded(queue, range(81, 87))
    assert set(worked_off(submissions)) == {State.ACCEPTED}

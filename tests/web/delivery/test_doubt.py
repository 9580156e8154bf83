"""Is it in SPV? Found by content, never sent again before it is proved absent, and a person's word at the very end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from punte.web.connection import client
from punte.web.delivery import doubt, worker
from punte.web.delivery.models import State, Submission
from punte.web.delivery.steps import next_step
from punte.web.delivery.words import WORDS
from punte.web.delivery.writing import situation
from punte.web.invoices.models import Stage
from punte.web.spv import listing

from .conftest import run

queued, sending, uncertain, processing, accepted, rejected, refused = State
pytestmark = pytest.mark.django_db
SCENES = ("too-old", "unreadable", "wrong-index")


@pytest.fixture(autouse=True)
def to_the_present(request, settings):
    """Lists end at this very moment: one machine, one clock."""
    if "spv" in request.fixturenames:
        request.getfixturevalue("spv")
    settings.ANAF_CLOCK_MARGIN = 0


def calls(spv, operation):
    with spv.simulator.world.lock:
        return [one for one in spv.simulator.world.ledger.entries if one.path.endswith(operation)]


def lost(spv, queue, *numbers, fault="lose_reply"):
    """Submissions whose upload was answered by nothing, due to be looked for now."""
    submissions = [queue(f"DI {number:04}") for number in numbers]
    spv.fault(fault, "upload", times=len(numbers))
    for one in submissions:
        look(one)
        assert one.state == uncertain
    Submission.objects.filter(pk__in=[one.pk for one in submissions]).update(due_at=datetime.now(UTC))
    return submissions


def look(submission):
    """One look, now, whatever the pause."""
    Submission.objects.exclude(pk=submission.pk).update(due_at=None)
    Submission.objects.filter(pk=submission.pk).update(due_at=datetime.now(UTC), leased_until=None)
    worker.advance(worker.claim(datetime.now(UTC)))
    submission.refresh_from_db()


def prove(submission):
    """An hour has passed since the doubt began."""
    Submission.objects.filter(pk=submission.pk).update(uncertain_since=datetime.now(UTC) - timedelta(hours=2))


def test_the_doubts_of_a_firm_share_one_list_and_each_document_is_downloaded_once(spv, connected, queue):
    submissions = lost(spv, queue, 1, 2, 3)
    lists = len(calls(spv, "listaMesajePaginatieFactura"))

    worker.advance(worker.claim(datetime.now(UTC)))

    for one in submissions:
        one.refresh_from_db()
        assert one.state == processing
    assert len(calls(spv, "listaMesajePaginatieFactura")) == lists + 1
    while Submission.objects.exclude(due_at=None).exists():
        if (claimed := worker.claim(datetime.now(UTC))) is not None:
            worker.advance(claimed)
    assert set(Submission.objects.values_list("state", flat=True)) == {accepted}
    assert len(calls(spv, "descarcare")) == 3
    assert [spv.filed(one) for one in submissions] == [["ok"]] * 3


def test_rows_of_other_mailboxes_and_rows_without_id_do_not_hide_it(spv, connected, queue):
    [submission] = lost(spv, queue, 4)
    spv.fault("no_id", "lists")

    look(submission)

    assert submission.state == processing
    assert submission.events.last().kind == "found"


def test_a_zip_that_cannot_be_opened_neither_stops_the_search_nor_counts_as_absent(spv, connected, queue):
    """The first candidate comes torn: the other is ours and is found; alone, it keeps ours from being sent again."""
    one, two = lost(spv, queue, 5, 6)
    spv.fault("broken_zip", "descarcare")

    worker.advance(worker.claim(datetime.now(UTC)))
    one.refresh_from_db()
    two.refresh_from_db()
    states = {one.state, two.state}
    assert states == {processing, uncertain}
    left = one if one.state == uncertain else two

    prove(left)
    spv.fault("broken_zip", "descarcare")
    look(left)
    assert (left.state, left.waiting_for) == (uncertain, "unreadable")
    assert spv.filed(left) == ["ok"]

    look(left)  # whole this time
    assert left.state == processing


def test_an_unreadable_document_for_another_buyer_does_not_keep_ours_waiting(spv, connected, queue):
    """The list itself says for whom it is."""
    [submission] = lost(spv, queue, 7, fault="lose_before")
    [other] = lost(spv, queue, 8)
    theirs = spv.simulator.filed[-1]["buyer"].encode()
    submission.document = bytes(submission.document).replace(theirs, b"33451201")
    submission.save()
    prove(submission)
    Submission.objects.filter(pk=other.pk).update(due_at=None)
    spv.fault("broken_zip", "descarcare", times=3)

    look(submission)

    assert submission.state == queued
    assert submission.events.last().kind == "absent"


def test_it_is_looked_for_from_the_first_upload_that_may_have_arrived(spv, connected, queue):
    """The first attempt arrived and was listed late; the second was lost. What the first brought is found."""
    [submission] = lost(spv, queue, 9)
    long_after = datetime.now(UTC) + timedelta(days=2)
    submission.attempts.create(number=2, host="", started_at=long_after, outcome="ReplyLost")

    assert doubt.span(submission)[0] < long_after
    look(submission)
    assert submission.state == processing


def test_after_sixty_days_a_person_is_asked_and_nothing_is_tried_again(spv, connected, queue):
    lists = len(calls(spv, "listaMesajePaginatieFactura"))
    submission = aged(spv, queue, 10)

    assert (submission.state, submission.waiting_for, submission.due_at) == (uncertain, "too-old", None)
    assert len(calls(spv, "listaMesajePaginatieFactura")) == lists


def aged(spv, queue, number):
    """A doubt of which ANAF lists nothing any more."""
    [submission] = lost(spv, queue, number)
    submission.attempts.update(started_at=datetime.now(UTC) - timedelta(days=61))
    look(submission)
    return submission


def told(people, submission, **answer):
    return people["ana"].post(f"/venituri/{submission.invoice_id}/incerta/", {"looked": "on", **answer})


def test_the_index_that_a_person_gives_is_checked_at_anaf_before_it_is_believed(spv, connected, queue, people, ana):
    submission = aged(spv, queue, 11)
    [index] = [one["upload_index"] for one in spv.simulator.filed]

    assert told(people, submission, answer="found", index=str(int(index) + 1)).status_code == 302
    look(submission)
    assert (submission.state, submission.waiting_for) == (uncertain, "wrong-index")

    told(people, submission, answer="found", index=index)
    run(submission, until=accepted)
    assert spv.filed(submission) == ["ok"]
    assert [(one.kind, one.by) for one in submission.events.filter(kind__startswith="told")] == [
        ("told-found", ana),
        ("told-found", ana),
    ]


def test_what_anaf_gives_out_no_more_is_taken_at_the_persons_word(spv, connected, queue, people):
    submission = aged(spv, queue, 12)
    [index] = [one["upload_index"] for one in spv.simulator.filed]
    gone = "Fisierul nu mai poate fi descarcat pentru ca a trecut perioada de 60 de zile in care este disponibil"
    spv.fault("error", "descarcare", text=gone, times=2)

    told(people, submission, answer="found", index=index)
    run(submission, until=accepted)

    assert (submission.upload_index, submission.waiting_for) == (index, "no-package")
    assert "believed" in submission.events.values_list("kind", flat=True)


def test_told_absent_the_same_bytes_go_again_and_a_copy_that_was_there_is_adopted(spv, connected, queue, people, ana):
    submission = aged(spv, queue, 13)

    told(people, submission, answer="absent")
    run(submission, until=accepted)

    assert sorted(spv.filed(submission)) == ["nok", "ok"]
    kinds = list(submission.events.values_list("kind", flat=True))
    assert "told-absent" in kinds
    assert "adopted" in kinds
    assert submission.events.get(kind="told-absent").by == ana


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({}, "Alegeți ce ați găsit"),
        ({"answer": "found", "index": "abc"}, "numai cifre"),
        ({"answer": "absent", "looked": ""}, "Bifați după ce ați căutat"),
    ],
)
def test_nothing_is_decided_on_half_an_answer(queue, people, answer, says):
    submission = queue("DI 0014")
    stuck(submission, "too-old")

    page = told(people, submission, **answer)

    assert page.status_code == 422
    assert says in page.content.decode()
    submission.refresh_from_db()
    assert submission.state == uncertain


@pytest.mark.parametrize("why", SCENES)
def test_the_page_offers_the_decision_to_those_who_write(queue, people, why):
    submission = queue("DI 0015")
    stuck(submission, why)
    address = f"/venituri/{submission.invoice_id}/"

    pages = {who: people[who].get(address).content.decode() for who in ("ana", "bogdan")}

    assert WORDS[why].title in pages["ana"]
    assert f"{address}incerta/" in pages["ana"]
    assert f"{address}incerta/" not in pages["bogdan"]
    assert f"{address}incerta/" in people["ana"].get("/").content.decode()


def stuck(submission, why):
    now = datetime.now(UTC)
    facts = {"state": uncertain, "waiting_for": why, "due_at": None, "uncertain_since": now - timedelta(days=61)}
    Submission.objects.filter(pk=submission.pk).update(**facts)
    submission.invoice.stage = Stage.UNCERTAIN
    submission.invoice.save()
    submission.attempts.create(number=1, host="", started_at=now - timedelta(days=61))


def test_the_page_says_when_it_will_be_known(queue, people, settings):
    settings.DELIVERY_PACE = 1
    submission = queue("DI 0016")
    stuck(submission, "")
    since = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)  # 10:00 in Bucharest
    times = {"due_at": since + timedelta(minutes=20), "uncertain_since": since}
    Submission.objects.filter(pk=submission.pk).update(**times)

    page = people["ana"].get(f"/venituri/{submission.invoice_id}/").content.decode()

    assert "Ne uităm în SPV la 10:20; știm cel târziu la 11:00" in page
    for address in ("/", "/venituri/"):
        assert "căutăm la 10:20, știm cel târziu la 11:00" in people["ana"].get(address).content.decode()


def test_a_torn_package_of_an_accepted_invoice_is_asked_for_again(spv, connected, queue):
    """It used to end as „nu mai poate fi descărcat” after one torn answer."""
    submission = queue("DI 0017")
    spv.fault("broken_zip", "descarcare")

    run(submission, until=accepted)

    assert submission.package is not None
    assert "broken-package" in submission.events.values_list("kind", flat=True)


def test_a_list_that_comes_while_the_state_is_about_to_be_asked_is_no_refusal(spv, connected, queue):
    """Found by `make chaos`: another worker listed between two looks at the rows; accepted was read as refused."""
    submission = queue("DI 0018")
    worker.advance(worker.claim(datetime.now(UTC)))
    submission.refresh_from_db()
    assert submission.state == processing
    with client.efactura_for(submission.firm, datetime.now(UTC)) as efactura:
        listing.sync(submission.firm, efactura, lambda: datetime.now(UTC))
        answer = worker.watch(submission, efactura, lambda: datetime.now(UTC))

    assert answer.accepted
    assert next_step(situation(submission), answer, datetime.now(UTC)).to == accepted

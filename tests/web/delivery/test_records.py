"""The chain of an invoice's dossier: one link a step, none forked, none changed, the earlier ones told honestly."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import close_old_connections, connection

from punte.web.delivery import chaining, records
from punte.web.delivery.models import Lost, Outage, Record, State, Submission
from punte.web.invoices.models import Invoice, Stage
from punte.web.invoices.signals import deadline_told

from .conftest import run

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def told(invoice) -> list[dict]:
    """The records, after their links were checked one by one."""
    previous, said = "", []
    for position, record in enumerate(Record.objects.filter(invoice=invoice).order_by("number"), 1):
        assert record.number == position
        assert record.digest == chaining.digest(record.content)
        content = json.loads(record.content)
        assert (content["number"], content["previous"]) == (position, previous)
        assert record.content == chaining.canonical(content)
        previous, said = record.digest, [*said, content]
    latest = Submission.objects.filter(invoice=invoice).order_by("pk").last()
    assert (latest.record_count, latest.record_head) == (len(said), previous)
    return said


@pytest.mark.django_db
def test_each_step_to_the_archive_hangs_one_record(connected, queue):
    submission = queue("DI 0001")
    run(submission, until=State.ACCEPTED)

    said = told(submission.invoice)
    kinds = [one["kind"] for one in said]
    assert kinds == ["sending", "sent", "accepted", "archived"]
    sent, accepted, archived = said[1:]
    assert sent["host"].startswith("https://127.0.0.1")
    assert sent["upload_index"] == submission.upload_index
    assert sent["asked_at"] <= sent["answered_at"] <= sent["at"]
    assert accepted["answer"] == "MessageState"
    assert archived["package"]["sha256"] == submission.package.sha256
    assert [one["event"] for one in said] == list(submission.events.order_by("pk").values_list("pk", flat=True))


@pytest.mark.django_db
def test_the_chain_costs_a_step_one_insert(connected, queue, django_assert_num_queries):
    submission = queue("DI 0001")
    submission.write(NOW, to=State.SENDING, kind="sending", text="1")
    with django_assert_num_queries(6):  # savepoint twice, event, update, invoice's stage, and the record
        submission.write(NOW, to=State.PROCESSING, kind="sent", text="5", upload_index="5")


@pytest.mark.django_db
def test_a_step_that_was_lost_leaves_no_record(queue):
    submission = queue("DI 0001")
    stale = Submission.objects.get(pk=submission.pk)
    Submission.objects.filter(pk=submission.pk).update(lease=1)
    with pytest.raises(Lost):
        stale.write(NOW, to=State.SENDING, kind="sending", text="1")
    assert told(submission.invoice) == []
    assert not submission.events.exists()


@pytest.mark.django_db
def test_a_record_by_another_hand_does_not_stop_the_worker(queue):
    submission = queue("DI 0001")
    submission.write(NOW, to=State.SENDING, kind="sending", text="1")
    records.aside(submission.invoice_id, {"kind": "deadline-mail", "at": NOW})

    submission.write(NOW, to=State.UNCERTAIN, kind="uncertain", text="nimic")  # holds the head of before the mail

    assert [one["kind"] for one in told(submission.invoice)] == ["sending", "deadline-mail", "uncertain"]


@pytest.mark.django_db
def test_a_second_sending_goes_on_with_the_chain_of_the_first(queue):
    first = queue("DI 0001")
    for to, kind in ((State.SENDING, "sending"), (State.REFUSED, "refused")):
        first.write(NOW, to=to, kind=kind, text="1")
    second = Submission.objects.create(
        **{name: getattr(first, name) for name in ("firm", "invoice", "sha256", "created_by", "created_at")},
        document=b"<Invoice/>",
        changed_at=NOW,
    )
    event = second.events.create(at=NOW, kind="queued", state=State.QUEUED, text="DI 0001")
    records.opening(second, event, firm="19283749")

    said = told(first.invoice)
    assert [(one["number"], one["submission"]) for one in said] == [(1, first.pk), (2, first.pk), (3, second.pk)]


@pytest.mark.django_db
def test_what_a_version_without_the_chain_wrote_is_told_as_such(queue):
    submission = queue("DI 0001")
    old = [submission.events.create(at=NOW, kind=kind, state=State.QUEUED) for kind in ("queued", "anaf-down")]

    submission.write(NOW, to=State.SENDING, kind="sending", text="1")
    between = submission.events.create(at=NOW, kind="uncertain", state=State.UNCERTAIN)  # old code, beside the new
    records.bring_in(submission)
    records.bring_in(submission)  # nothing is left to bring

    root, sending, later = told(submission.invoice)
    assert root["note"] == records.UNCHAINED
    assert [one["event"] for one in root["events"]] == [one.pk for one in old]
    assert sending["kind"] == "sending"
    assert [one["event"] for one in later["events"]] == [between.pk]


@pytest.mark.django_db
def test_a_mail_about_the_deadline_stands_in_the_chain_of_what_was_sent(queue):
    submission = queue("DI 0001")
    submission.write(NOW, to=State.SENDING, kind="sending", text="1")
    deadline_told.send(sender=Invoice, invoice_id=submission.invoice_id, last=NOW.date(), now=NOW)
    mail = told(submission.invoice)[-1]
    assert (mail["kind"], mail["deadline"]) == ("deadline-mail", "2026-11-22")

    never_sent = submission.invoice_id + 1
    deadline_told.send(sender=Invoice, invoice_id=never_sent, last=NOW.date(), now=NOW)
    assert not Record.objects.filter(invoice_id=never_sent).exists()


@pytest.mark.django_db
def test_no_personal_code_enters_the_chain(queue):
    submission = queue("DI 0001")
    submission.write(
        NOW, to=State.SENDING, kind="sending", text="1", findings=[{"text": "CNP cumparator=1960229410015 invalid"}]
    )
    content = Record.objects.get().content
    assert "1960229410015" not in content
    assert "CNP cumparator=************* invalid" in content


@pytest.mark.django_db
def test_an_outage_that_another_firms_step_met_stands_in_the_record_that_settles(connected, queue, spv):
    spv.fault("maintenance", "upload")  # one page of HTML where an answer should be
    first, second = queue("DI 0001"), queue("DI 0002")
    run(first, until=State.ACCEPTED)  # an hour of ANAF's; the second is long over by then
    second.refresh_from_db()
    assert second.state == State.ACCEPTED

    (outage,) = Outage.objects.all()
    assert outage.kind == "ReplyLost"
    assert outage.began_at < outage.ended_at
    for one in (first, second):
        accepted = next(record for record in told(one.invoice) if record["kind"] in {"accepted", "adopted"})
        assert [met["met_as"] for met in accepted["outages"]] == ["ReplyLost"]


@pytest.mark.django_db(transaction=True)
def test_two_chains_never_fork(queue):
    """Eight hands at once: the worker's steps, mails, and history brought in, over the same invoice."""
    submission = queue("DI 0001")
    submission.write(NOW, to=State.SENDING, kind="sending", text="1")
    submission.write(NOW, to=State.PROCESSING, kind="sent", text="5", upload_index="5")
    faults: list[Exception] = []

    def hand(who: int) -> None:
        try:
            close_old_connections()
            mine = Submission.objects.get(pk=submission.pk)
            for turn in range(5):
                if who % 2:
                    mine.write(NOW + timedelta(seconds=turn), kind="anaf-down", text=f"{who}")
                else:
                    records.aside(submission.invoice_id, {"kind": "deadline-mail", "at": NOW, "hand": who})
        except Exception as exc:
            faults.append(exc)
        finally:
            connection.close()

    hands = [threading.Thread(target=hand, args=(who,)) for who in range(8)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()

    assert not faults
    assert len(told(submission.invoice)) == 2 + 8 * 5


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_its_lease_hangs_nothing_while_the_other_goes_on(queue):
    submission = queue("DI 0001")
    submission.write(NOW, to=State.SENDING, kind="sending", text="1")
    stale = Submission.objects.get(pk=submission.pk)
    Submission.objects.filter(pk=submission.pk).update(lease=7)
    mine = Submission.objects.get(pk=submission.pk)
    outcomes: list[str] = []

    def step(one: Submission) -> None:
        try:
            one.write(NOW, to=State.UNCERTAIN, kind="uncertain")
            outcomes.append("written")
        except Lost:
            outcomes.append("lost")
        finally:
            connection.close()

    hands = [threading.Thread(target=step, args=(one,)) for one in (stale, mine)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    assert sorted(outcomes) == ["lost", "written"]
    assert [one["kind"] for one in told(submission.invoice)] == ["sending", "uncertain"]
    assert Invoice.objects.get(pk=submission.invoice_id).stage == Stage.UNCERTAIN

"""After a restore: what is asked of SPV, what is adopted, what is held. The ledger is the simulator's."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from punte.web.archive.models import Resumption
from punte.web.connection import client, renewal
from punte.web.connection.client import NotConnected
from punte.web.connection.models import Authorization, Problem
from punte.web.delivery import leaving, restored
from punte.web.delivery.models import Record, State, Submission
from punte.web.delivery.sending import send
from punte.web.invoices import scheduling
from punte.web.invoices.models import Counter, Invoice, Letter, Series, Stage
from punte.web.invoices.signals import Withheld

from ..invoices.conftest import draft_of
from .conftest import run

queued, sending, uncertain, processing, accepted, rejected, refused = State
pytestmark = pytest.mark.django_db
BACKUP = timedelta(minutes=1)


def settle() -> restored.Settled:
    now = datetime.now(UTC)
    return restored.settle(now - BACKUP, now)


def resume(firm) -> Resumption:
    """The worker's steps until the firm is let go."""
    deadline = time.monotonic() + 20
    while restored.holds(firm.pk):
        assert time.monotonic() < deadline, "held for ever"
        if not restored.advance(timezone.now()):
            time.sleep(0.05)
    return Resumption.objects.get(firm=firm)


def forget(firm) -> None:
    """Back to a backup from before the firm sent anything."""
    Record.objects.filter(submission__firm=firm).delete()
    firm.submissions.all().delete()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (queued, uncertain),  # it may have left after the backup
        (sending, uncertain),
        (uncertain, uncertain),
        (processing, processing),  # we hold its index
        (accepted, accepted),
        (rejected, rejected),
        (refused, refused),
    ],
)
def test_what_had_not_ended_becomes_uncertain(spv, queue, before, after):
    submission = queue("DI 0001")
    old = datetime.now(UTC) - timedelta(hours=5)
    if before in (sending, uncertain):
        submission.attempts.create(number=1, host="anaf", started_at=old)
    submission.state, submission.uncertain_since = before, old if before == uncertain else None
    submission.save()
    Invoice.objects.update(stage=before.value)
    done = settle()
    submission.refresh_from_db()
    assert submission.state == after
    assert done.uncertain == (after == uncertain)
    if after == uncertain:
        last = submission.attempts.latest("number")
        assert datetime.now(UTC) - submission.uncertain_since < timedelta(seconds=30)  # the proof counts from now
        began = old if before != queued else datetime.now(UTC) - BACKUP  # it is searched from when it may have left
        assert abs(last.started_at - began) < timedelta(seconds=30)
        assert submission.events.last().kind == "restored"
        assert Invoice.objects.get().stage == Stage.UNCERTAIN


def test_what_never_left_is_sent_once_it_is_proved_absent(spv, connected, queue, firm):
    submission = queue("DI 0001")
    settle()
    assert not resume(firm).found
    run(submission, until=accepted, steps=200)
    assert spv.filed(submission) == ["ok"]
    assert "absent" in submission.events.values_list("kind", flat=True)


def test_what_left_after_the_backup_is_found_by_one_list_and_not_sent_again(spv, connected, queue, firm):
    submissions = [queue(f"DI 000{n}") for n in (1, 2, 3)]
    for submission in submissions:
        run(submission, until=accepted)
    for submission in submissions:  # back to what the backup knew: queued, each of them
        submission.events.all().delete()
        submission.attempts.all().delete()
        facts = {"state": queued, "upload_index": "", "download_id": "", "package": None, "due_at": timezone.now()}
        Submission.objects.filter(pk=submission.pk).update(**facts)
    firm.package_links.all().delete()
    firm.package_chain.delete()
    firm.packages.all().delete()
    settle()
    resume(firm)
    for submission in submissions:
        submission.refresh_from_db()
        assert submission.state in (processing, accepted)  # the run of another takes it along
        assert "found" in submission.events.values_list("kind", flat=True)
        if submission.due_at:
            run(submission, until=accepted)
        assert spv.filed(submission) == ["ok"]


def test_a_document_of_ours_that_nothing_matches_takes_its_number_and_is_told(spv, connected, queue, firm):
    submission = queue("DI 0041")
    run(submission, until=accepted)
    forget(firm)
    submission.invoice.delete()
    settle()
    (stranger,) = resume(firm).found
    assert (stranger["label"], stranger["upload_index"]) == ("DI 0041", submission.upload_index)
    assert Counter.objects.get(series__prefix="DI").next_number == 42
    assert firm.packages.count() == 1  # and it is kept


@pytest.mark.parametrize(
    ("fault", "operation", "times", "label"),
    [
        ("no_id", "lists", None, "DI 0041"),  # its state tells the id
        ("broken_zip", "descarcare", 1, "DI 0041"),  # cut on its way: the next look has it
        ("broken_zip", "descarcare", None, ""),  # never: the firm is let go, and a person is told what the list said
    ],
)
def test_a_bad_day_of_anaf_holds_no_firm_for_ever(spv, connected, queue, firm, fault, operation, times, label):
    submission = queue("DI 0041")
    run(submission, until=accepted)
    forget(firm)
    submission.invoice.delete()
    firm.package_links.all().delete()
    firm.package_chain.delete()
    firm.packages.all().delete()
    firm.messages.all().delete()
    spv.fault(fault, operation, times=times)
    settle()
    (stranger,) = resume(firm).found
    assert (stranger["upload_index"], stranger["label"]) == (submission.upload_index, label)
    assert stranger["buyer"] != ""


def test_a_draft_sent_after_the_backup_is_adopted_under_its_number(spv, connected, firm, bakery, ana):
    draft = draft_of(bakery)
    submission = send(draft, ana, timezone.now())
    assert submission
    run(submission, until=accepted)
    label, index = draft.label, submission.upload_index
    forget(firm)
    Series.objects.all().first().counters.all().delete()
    Invoice.objects.filter(pk=draft.pk).update(number=None, year=0, label="", stage=Stage.DRAFT)
    settle()
    assert resume(firm).found == []
    draft.refresh_from_db()
    assert (draft.label, draft.stage) == (label, Stage.PROCESSING)
    opening, found = (json.loads(record.content) for record in draft.records.all())
    assert (opening["kind"], opening["invoice"], opening["firm"]) == ("restored", label, firm.cui)
    assert opening["deadline"] == scheduling.last_day(draft).isoformat()
    assert "sent_by" not in opening  # nobody here knows who pressed
    assert (found["kind"], found["upload_index"]) == ("found", index)
    adopted = draft.submissions.get()
    run(adopted, until=accepted)
    assert (adopted.upload_index, spv.filed(adopted)) == (index, ["ok"])


def test_no_number_is_given_before_the_list_was_read(spv, connected, firm, bakery, ana):
    draft = draft_of(bakery)
    settle()
    with pytest.raises(Withheld, match="copie de siguranță"):
        send(draft, ana, timezone.now())
    resume(firm)
    assert send(draft, ana, timezone.now())


def test_a_scheduled_invoice_waits_too_and_stays_scheduled(spv, connected, firm, bakery):
    draft = draft_of(bakery)
    Invoice.objects.filter(pk=draft.pk).update(stage=Stage.SCHEDULED, send_at=timezone.now(), number=1, label="A")
    settle()
    leaving.let_go(timezone.now())
    draft.refresh_from_db()
    assert draft.stage == Stage.SCHEDULED


def test_mail_that_waited_is_not_sent_a_second_time(spv, firm, bakery):
    letter = Letter.objects.create(invoice=draft_of(bakery), to="a@b.example", subject="s", due_at=timezone.now())
    assert settle().letters == 1
    letter.refresh_from_db()
    assert (letter.state, letter.due_at) == (Letter.State.FAILED, None)


def test_a_backup_older_than_spvs_list_proves_nothing_and_says_so(spv, queue, firm):
    submission = queue("DI 0001")
    now = datetime.now(UTC)
    done = restored.settle(now - timedelta(days=61), now)
    submission.refresh_from_db()
    assert done.unprovable
    assert (submission.state, submission.due_at) == (uncertain, None)


def test_a_connection_renewed_after_the_backup_is_dead_and_says_so(spv, connected, firm):
    held = Authorization.objects.get()
    old = {"access_token": held.access_token, "refresh_token": held.refresh_token}
    Authorization.objects.update(stale_since=timezone.now())
    for _ in range(2):  # as ANAF keeps the refresh token before the last for a while
        renewal.refreshed(Authorization.objects.get(), timezone.now())
        Authorization.objects.update(stale_since=timezone.now())
    assert Authorization.objects.get().refresh_token != old["refresh_token"]
    Authorization.objects.update(**old, previous_refresh_token="", stale_since=timezone.now())
    settle()
    renewal.refreshed(Authorization.objects.get(), timezone.now())
    assert Authorization.objects.get().problem == Problem.DEAD
    with pytest.raises(NotConnected) as told:
        client.efactura_for(firm, timezone.now())
    assert "Reconectați-vă" in told.value.text
    assert restored.advance(timezone.now())  # looks, and waits for the person
    assert restored.holds(firm.pk)

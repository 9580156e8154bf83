"""The worker against the simulator, over TLS: what ANAF filed, and what we say of it, are the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from punte.web.archive.models import SealedPackage, SealVerdict
from punte.web.delivery import worker
from punte.web.delivery.models import ForbiddenMove, Lost, State
from punte.web.invoices.models import Invoice, Stage

from .conftest import run

queued, sending, uncertain, processing, accepted, rejected, refused = State
pytestmark = pytest.mark.django_db


def test_an_invoice_crosses_and_its_sealed_package_is_kept(spv, connected, queue):
    submission = queue("DI 0001")

    seen = run(submission, until=accepted)

    assert seen == [queued, processing, accepted]
    assert spv.filed(submission) == ["ok"]
    assert submission.package.seal == SealVerdict.VALID
    assert submission.package.upload_index == submission.upload_index
    kinds = list(submission.events.values_list("kind", flat=True))
    assert kinds == ["sending", "sent", "accepted", "archived"]
    assert Invoice.objects.get().stage == Stage.ACCEPTED


def test_a_refusal_brings_anafs_reasons(spv, connected, queue):
    submission = queue("DI 0002", ("<cbc:CityName>SECTOR3", "<cbc:CityName>București"))

    run(submission, until=rejected)

    assert [finding["rule"] for finding in submission.findings] == ["BR-RO-101"]
    assert spv.filed(submission) == ["nok"]


def test_a_reply_lost_after_acceptance_is_found_in_spv_and_not_sent_again(spv, connected, queue):
    submission = queue("DI 0003")
    spv.fault("lose_reply", "upload")

    seen = run(submission, until=accepted)

    assert seen == [queued, uncertain, processing, accepted]
    assert spv.filed(submission) == ["ok"]
    assert submission.attempts.count() == 1


def test_a_request_lost_before_acceptance_is_sent_again_once_it_is_proved_absent(spv, connected, queue):
    submission = queue("DI 0004")
    spv.fault("lose_before", "upload")

    seen = run(submission, until=accepted, steps=120)

    assert seen == [queued, uncertain, queued, processing, accepted]
    assert spv.filed(submission) == ["ok"]
    assert submission.attempts.count() == 2


def test_what_anaf_calls_a_duplicate_of_our_own_document_is_adopted(spv, connected, queue):
    """The listing never showed it, so it was sent again: ANAF then names the first one."""
    submission = queue("DI 0005")
    run(submission, until=accepted)
    again = queue("DI 0006")
    again.document, again.sha256 = submission.document, submission.sha256
    again.save()

    seen = run(again, until=accepted)

    assert seen == [queued, processing, accepted]
    assert again.upload_index == submission.upload_index
    assert "adopted" in again.events.values_list("kind", flat=True)


def test_a_number_that_another_document_has_in_spv_is_no_success(spv, connected, queue):
    run(queue("DI 0007"), until=accepted)
    other = queue("DI 0008", ("DI 0008", "DI 0007"))
    other.document = bytes(other.document) + b"\n"
    other.sha256 = "0" * 64
    other.save()

    run(other, until=rejected)

    assert other.events.last().kind == "other-duplicate"


def test_without_a_connection_it_waits_and_says_for_what(spv, firm, queue):
    submission = queue("DI 0009")

    worker.advance(worker.claim(datetime.now(UTC)))
    submission.refresh_from_db()

    assert (submission.state, submission.waiting_for) == (queued, "not-connected")
    assert submission.due_at is not None
    assert spv.filed(submission) == []


def test_a_right_withdrawn_leaves_it_in_the_queue(spv, connected, queue, firm):
    submission = queue("DI 0010")
    cifs = list(spv.simulator.certificate("ilinca").cifs)
    spv.rights([cif for cif in cifs if cif != firm.cui])
    try:
        worker.advance(worker.claim(datetime.now(UTC)))
        submission.refresh_from_db()
        assert (submission.state, submission.waiting_for) == (queued, "no-right")
        assert "Nu aveti drept in SPV" in submission.anaf_text
    finally:
        spv.rights(cifs)


def test_a_wait_that_goes_on_writes_one_line_of_history(spv, firm, queue):
    submission = queue("DI 0011")
    for _ in range(3):
        submission.refresh_from_db()
        worker.advance(submission)

    assert submission.events.count() == 1
    assert submission.tries == 3


def test_a_claim_is_for_one_worker_and_ends(queue, settings):
    submission = queue("DI 0012")
    now = datetime.now(UTC)

    first, second = worker.claim(now), worker.claim(now)
    later = worker.claim(now + timedelta(seconds=settings.DELIVERY_LEASE + 1))

    assert first.pk == submission.pk
    assert second is None
    assert later.pk == submission.pk


def test_who_lost_the_lease_writes_nothing(queue, settings):
    queue("DI 0013")
    now = datetime.now(UTC)
    slow = worker.claim(now)
    worker.claim(now + timedelta(seconds=settings.DELIVERY_LEASE + 1))

    with pytest.raises(Lost):
        slow.write(now, to=sending, kind="sending")

    slow.refresh_from_db()
    assert slow.state == queued
    assert not slow.events.exists()


def test_an_arrow_that_does_not_exist_is_refused(queue):
    submission = queue("DI 0014")

    with pytest.raises(ForbiddenMove):
        submission.write(datetime.now(UTC), to=accepted)


def test_the_stage_follows_the_state(queue):
    submission = queue("DI 0015")
    for state in (sending, uncertain, processing, accepted):
        submission.write(datetime.now(UTC), to=state)

        assert Invoice.objects.get().stage == state


def test_a_worker_that_died_while_sending_leaves_doubt_not_a_second_upload(spv, connected, queue, settings):
    """It had sent and was killed before the answer: the next one finds the document in SPV."""
    submission = queue("DI 0016")
    claimed = worker.claim(datetime.now(UTC))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            worker.advance(claimed)
    submission.refresh_from_db()
    assert submission.state == sending
    submission.leased_until = datetime.now(UTC)
    submission.save()

    seen = run(submission, until=accepted)

    assert seen == [sending, uncertain, processing, accepted]
    assert spv.filed(submission) == ["ok"]
    assert SealedPackage.objects.count() == 1

"""Downloads against the simulator: filed with what hangs on them, expired for ever, strange and kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from punte.web.archive.models import SealedPackage
from punte.web.connection.models import Right, RightState
from punte.web.spv import fetching, listing
from punte.web.spv.models import Keeping, Mailbox, Message
from punte.web.spv.signals import ended, filed

DAY = 24 * 3600


@pytest.fixture
def told():
    """What the signals said: `(signal, keeping)`."""
    heard: list[tuple[str, str]] = []

    def on_filed(message, package, **_):
        heard.append(("filed", package.upload_index))

    def on_ended(message, **_):
        heard.append(("ended", message.keeping))

    filed.connect(on_filed)
    ended.connect(on_ended)
    yield heard
    filed.disconnect(on_filed)
    ended.disconnect(on_ended)


def downloads(anaf) -> int:
    return sum(entry.path.endswith("/descarcare") for entry in anaf.world.ledger.entries)


def test_what_is_listed_is_filed_once_with_its_seal(firm, connected, anaf, supplier, told, time, work):
    index = supplier("F 1")
    work()
    message = Message.objects.get()
    assert (message.keeping, message.due_at, message.package.seal) == (Keeping.FILED, None, "valid")
    assert told == [("filed", index)]
    time.go(hours=3)
    work()
    assert downloads(anaf) == 1


def test_listed_and_expired_is_marked_for_ever(firm, connected, anaf, supplier, told, time, work):
    supplier("F 1", ago=61 * DAY, processing=2 * DAY)  # listed for 59 days, uploaded 61 days ago
    work()
    message = Message.objects.get()
    assert (message.keeping, message.due_at, message.package) == (Keeping.EXPIRED, None, None)
    assert "60 de zile" in message.anaf_text
    time.go(hours=30)
    work()
    assert (downloads(anaf), told) == (1, [("ended", "expired")])


def test_a_row_without_id_is_found_by_the_state_of_its_upload(firm, connected, spv, supplier, work):
    spv.fault("no_id", "lists", times=None)
    supplier("F 1")
    work()
    message = Message.objects.get()
    assert (message.download_id, message.keeping) == ("", Keeping.FILED)
    assert message.package.download_id.isdecimal()


def test_a_cut_answer_is_asked_for_again_and_a_broken_one_is_kept(firm, connected, spv, supplier, told, time, work):
    spv.fault("broken_zip", "descarcare", times=1)
    supplier("F 1")
    work()
    time.go(minutes=2)
    work()
    assert Message.objects.get().keeping == Keeping.FILED
    spv.fault("broken_zip", "descarcare", times=9)
    supplier("F 2")
    for _ in range(4):
        time.go(hours=1)
        work()
    strange = Message.objects.get(keeping=Keeping.STRANGE)
    assert bytes(strange.package.content).startswith(b"PK")
    assert (strange.package.seal, strange.tries) == ("missing", fetching.BROKEN_TIMES - 1)
    assert [one[0] for one in told] == ["filed", "ended"]


def test_a_worker_that_dies_between_download_and_filing_leaves_it_due(firm, connected, anaf, supplier, time, work):
    supplier("F 1")
    work_dies = RuntimeError("killed")

    def dies(**_):
        raise work_dies

    filed.connect(dies)
    try:
        with pytest.raises(RuntimeError):
            work()
    finally:
        filed.disconnect(dies)
    message = Message.objects.get()
    assert (message.keeping, SealedPackage.objects.count()) == (Keeping.DUE, 0)  # nothing of it was written
    time.go(minutes=5)
    work()
    assert Message.objects.get().keeping == Keeping.FILED
    assert (downloads(anaf), SealedPackage.objects.count()) == (2, 1)


def test_the_late_one_writes_nothing_after_its_lease(firm, connected, supplier, settings, clock, work):
    supplier("F 1")
    work(listing.SOURCE)
    late = fetching.SOURCE.take(firm.pk, clock())
    later = clock() + timedelta(seconds=settings.DELIVERY_LEASE + 1)
    second = fetching.SOURCE.take(firm.pk, later)
    second(clock)
    lease = Message.objects.get().lease
    late(clock)
    message = Message.objects.get()
    assert (message.keeping, message.lease, SealedPackage.objects.count()) == (Keeping.FILED, lease, 1)


def test_trouble_of_the_firm_stops_its_downloads_after_one_call(
    firm, connected, anaf, spv, supplier, time, clock, work
):
    for n in range(5):
        supplier(f"F {n}")
    spv.fault("status", "descarcare", code="503", times=1)
    work(listing.SOURCE)
    fetching.SOURCE.take(firm.pk, clock())(clock)
    assert list(fetching.SOURCE.firms(clock())) == []
    assert downloads(anaf) == 1
    time.go(minutes=2)
    work()
    assert Message.objects.filter(keeping=Keeping.FILED).count() == 5


def test_a_lost_right_stops_all_and_a_new_connection_goes_on(firm, connected, supplier, time, clock, work):
    supplier("F 1")
    work(listing.SOURCE)
    Right.objects.update(state=RightState.DENIED)
    fetching.SOURCE.take(firm.pk, clock())(clock)
    assert list(fetching.SOURCE.firms(clock() + timedelta(seconds=59))) == []
    assert Mailbox.objects.get(firm=firm).due_at is None
    Right.objects.update(state=RightState.GRANTED)
    listing.wake(time.now())
    work()
    assert Message.objects.get().keeping == Keeping.FILED

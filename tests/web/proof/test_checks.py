"""Verifică în SPV against the simulator: what is the same is counted, what differs is named, and one press mends it."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from punte.web.connection import client
from punte.web.delivery import worker
from punte.web.delivery.models import State, Submission
from punte.web.invoices.models import Invoice, Stage
from punte.web.proof import checks, cures
from punte.web.proof.check_views import result
from punte.web.proof.models import Check, Cure, Difference, Kind
from punte.web.proof.period import Period, oldest_listed
from punte.web.spv import fetching, listing
from punte.web.spv.models import Keeping, Message
from punte.web.transfer import imports

from ..delivery.conftest import INVOICE, run

pytestmark = pytest.mark.django_db


def this_month() -> Period:
    return Period.asked({}, timezone.localdate())


def work(firm, turns: int = 12) -> None:
    """Every room takes its steps, as the worker's loop gives them."""
    listing.wake(timezone.now())
    for _ in range(turns):
        now = timezone.now() + timedelta(minutes=1)  # what is due within the minute is due
        for source in (worker.SOURCE, fetching.SOURCE, checks.SOURCE):
            while step := source.take(firm.pk, now):
                step(timezone.now)
                if source is checks.SOURCE:
                    break
        imports.advance(now)


def looked(firm, ana) -> Check:
    time.sleep(0.6)  # ANAF lists up to a margin before its present: conftest's half second
    check = checks.start(firm, ana, this_month(), timezone.now())
    for _ in range(3):
        if step := checks.SOURCE.take(firm.pk, timezone.now()):
            step(timezone.now)
    check.refresh_from_db()
    assert check.is_over, check.waiting_for
    return check


def kinds(check: Check) -> list[str]:
    return list(check.differences.values_list("kind", flat=True))


def by_another_program(firm, number: str) -> str:
    """An upload of the firm's that does not go through the tables; its index."""
    text = INVOICE.read_text("utf-8").replace("EX 0001", number).replace("RO12345674", f"RO{firm.cui}")
    with client.efactura_for(firm, timezone.now()) as efactura:
        receipt = efactura.upload(text.encode(), cif=firm.cui)
        assert receipt.upload_index
        while not efactura.state(receipt.upload_index).download_id:
            pass
    return receipt.upload_index


@pytest.fixture
def delivered(connected, queue):
    """`delivered("DI 0001")` is in SPV and in the archive."""

    def make(number: str) -> Submission:
        submission = queue(number)
        run(submission, until=State.ACCEPTED)
        return submission

    return make


def test_all_that_was_sent_is_in_spv(firm, ana, delivered):
    delivered("DI 0001")
    delivered("DI 0002")
    check = looked(firm, ana)
    assert (check.ours, check.listed, kinds(check)) == (2, 2, [])
    assert result(check).startswith("2 din 2 trimise sunt în SPV")


def test_an_invoice_of_another_program_is_brought_in_by_one_press_and_taken_back_by_another(
    firm, ana, people, delivered
):
    delivered("DI 0001")
    index = by_another_program(firm, "ALT 0007")
    check = looked(firm, ana)
    (one,) = check.differences.all()
    assert (one.kind, one.upload_index, check.listed) == (Kind.UNKNOWN, index, 1)

    answer = people["ana"].post(reverse("proof:mend", args=[check.pk]), {"unul": one.pk})
    assert answer.status_code == 302
    work(firm)

    one.refresh_from_db()
    assert one.cure == Cure.DONE, one.text
    assert one.invoice.label == "ALT 0007"
    assert one.invoice.stage == Stage.NOT_SENT
    assert one.invoice.frozen.upload_index == index
    assert kinds(looked(firm, ana)) == [], "known now, as history"

    people["ana"].post(reverse("proof:undo", args=[check.pk]), {"unul": one.pk})
    one.refresh_from_db()
    assert (one.cure, one.invoice) == (Cure.OPEN, None)
    work(firm)
    assert not Invoice.objects.filter(label="ALT 0007").exists()
    assert kinds(looked(firm, ana)) == [Kind.UNKNOWN]


def test_a_number_that_spv_holds_with_other_content_is_told_when_it_is_fetched(firm, ana, delivered, queue):
    mine = queue("DI 0007")  # numbered here, not sent
    Submission.objects.filter(pk=mine.pk).update(due_at=None)
    by_another_program(firm, "DI 0007")
    check = looked(firm, ana)
    assert cures.begin(check, check.differences.all(), ana, timezone.now()) == 1
    work(firm)
    (one,) = check.differences.all()
    assert (one.kind, one.cure) == (Kind.NUMBER, Cure.FAILED)


def test_a_missing_package_and_a_state_that_lags_are_mended(firm, ana, people, delivered):
    submission, behind = delivered("DI 0001"), delivered("DI 0002")
    Submission.objects.filter(pk=submission.pk).update(package=None)
    Submission.objects.filter(pk=behind.pk).update(state=State.PROCESSING, package=None)
    check = looked(firm, ana)
    assert sorted(kinds(check)) == [Kind.PACKAGE, Kind.STATE]

    for kind in (Kind.PACKAGE, Kind.STATE):
        people["ana"].post(reverse("proof:mend", args=[check.pk]), {"fel": kind})
    work(firm)

    assert set(check.differences.values_list("cure", flat=True)) == {Cure.DONE}
    again = looked(firm, ana)
    assert (again.listed, kinds(again)) == (2, [])


def test_an_archive_with_other_content_is_named(firm, ana, delivered):
    submission = delivered("DI 0001")
    Submission.objects.filter(pk=submission.pk).update(sha256="0" * 64)
    assert kinds(looked(firm, ana)) == [Kind.CONTENT]


def test_what_is_listed_and_expired_stays_so(firm, ana, delivered):
    delivered("DI 0001")
    by_another_program(firm, "ALT 0001")
    check = looked(firm, ana)
    Message.objects.filter(pk=check.differences.get().message_id).update(keeping=Keeping.EXPIRED)
    assert kinds(looked(firm, ana)) == [Kind.EXPIRED]


def test_uncertain_and_not_listed_are_told_with_when_more_will_be_known(firm, ana, delivered):
    uncertain, unlisted = delivered("DI 0001"), delivered("DI 0002")
    looked(firm, ana)
    due = timezone.now() + timedelta(minutes=20)
    Submission.objects.filter(pk=uncertain.pk).update(state=State.UNCERTAIN, due_at=due)
    Submission.objects.filter(pk=unlisted.pk).update(upload_index="999", changed_at=timezone.now() - timedelta(days=1))
    Message.objects.filter(upload_index=unlisted.upload_index).delete()
    check = looked(firm, ana)
    found = {one.kind: one for one in check.differences.all()}
    assert found[Kind.UNCERTAIN].known_at == due
    assert Kind.NOT_LISTED in found


def test_a_received_invoice_that_is_not_here_is_fetched_by_one_press(firm, ana, people, delivered):
    delivered("DI 0001")
    now = timezone.now()
    row = Message.objects.create(
        firm=firm, upload_index="77", download_id="78", kind="FACTURA PRIMITA", kind_text="FACTURA PRIMITA",
        created_at=now - timedelta(seconds=5), listed_at=now, keeping=Keeping.STRANGE,
    )  # fmt: skip
    check = looked(firm, ana)
    assert kinds(check) == [Kind.STRANGE]
    Message.objects.filter(pk=row.pk).update(keeping=Keeping.NOT_WANTED)
    check = looked(firm, ana)
    assert (kinds(check), check.came, check.here) == ([Kind.RECEIVED], 1, 0)
    people["ana"].post(reverse("proof:mend", args=[check.pk]), {"fel": Kind.RECEIVED})
    row.refresh_from_db()
    assert (row.keeping, row.due_at is not None) == (Keeping.DUE, True)


def test_anaf_being_down_is_said_and_asked_again(firm, ana, people, spv, connected):
    spv.fault("maintenance", "listaMesajePaginatieFactura")
    check = checks.start(firm, ana, this_month(), timezone.now())
    checks.SOURCE.take(firm.pk, timezone.now())(timezone.now)
    check.refresh_from_db()
    assert (check.state, check.waiting_for) == ("listing", "anaf-down")
    page = people["ana"].get(reverse("proof:check", args=[check.pk])).content.decode()
    assert "ANAF nu răspunde" in page
    assert "Întrebăm din nou la" in page
    checks.SOURCE.take(firm.pk, check.due_at)(timezone.now)
    checks.SOURCE.take(firm.pk, check.due_at)(timezone.now)
    check.refresh_from_db()
    assert check.is_over


def test_one_check_of_a_firm_at_a_time_and_not_past_sixty_days(firm, ana, people, connected):
    now = timezone.now()
    assert checks.start(firm, ana, this_month(), now) == checks.start(firm, ana, this_month(), now)
    old = oldest_listed(now) - timedelta(days=1)
    with pytest.raises(checks.TooOld):
        checks.start(firm, ana, Period(old, old), now)
    answer = people["ana"].post(reverse("proof:checks"), {"de_la": "2020-01-01", "pana_la": "2020-01-31"})
    assert answer.status_code == 422
    assert "SPV nu mai listează acele zile" in answer.content.decode()
    long = checks.start(firm, ana, Period(old, timezone.localdate()), now)
    assert long.first >= oldest_listed(now) - timedelta(days=60)


def test_a_firm_that_is_not_connected_is_told_so(people):
    answer = people["ana"].get(reverse("proof:checks"))
    assert "Firma nu este conectată la ANAF" in answer.content.decode()
    assert people["ana"].post(reverse("proof:checks"), {}).status_code == 409


def test_two_workers_write_the_differences_once(firm, ana, delivered):
    delivered("DI 0001")
    by_another_program(firm, "ALT 0001")
    time.sleep(0.6)
    check = checks.start(firm, ana, this_month(), timezone.now())
    checks.SOURCE.take(firm.pk, timezone.now())(timezone.now)
    late = checks.SOURCE.take(firm.pk, timezone.now())
    Check.objects.filter(pk=check.pk).update(leased_until=None)  # its lease ran out
    checks.SOURCE.take(firm.pk, timezone.now())(timezone.now)
    late(timezone.now)
    assert Difference.objects.filter(check_of=check).count() == 1


def test_a_result_of_many_differences_costs_few_queries(firm, ana, people, django_assert_max_num_queries):
    check = Check.objects.create(
        firm=firm, first=timezone.localdate(), last=timezone.localdate(), state="done", asked_by=ana,
        asked_at=timezone.now(), ended_at=timezone.now(), ours=500,
    )  # fmt: skip
    rows = Message.objects.bulk_create(
        Message(firm=firm, upload_index=str(n), download_id=str(n), kind="FACTURA TRIMISA",
                kind_text="FACTURA TRIMISA", created_at=timezone.now(), listed_at=timezone.now())
        for n in range(500)
    )  # fmt: skip
    Difference.objects.bulk_create(
        Difference(check_of=check, kind=Kind.UNKNOWN, message=row, upload_index=row.upload_index) for row in rows
    )
    people["ana"].get(reverse("proof:check", args=[check.pk]))
    with django_assert_max_num_queries(20):
        page = people["ana"].get(reverse("proof:check", args=[check.pk])).content.decode()
    assert "Arătați și celelalte 450" in page


@pytest.mark.parametrize(
    ("method", "name", "answers"),
    [
        ("get", "checks", (200, 200, 200, 302)),
        ("get", "check", (200, 200, 404, 302)),
        ("post", "mend", (302, 403, 404, 302)),
        ("post", "undo", (302, 403, 404, 302)),
    ],
)
def test_who_gets_what(firm, ana, people, method, name, answers):
    day = timezone.localdate()
    check = Check.objects.create(firm=firm, first=day, last=day, state="done", asked_by=ana, asked_at=timezone.now(),
                                 ended_at=timezone.now())  # fmt: skip
    address = reverse(f"proof:{name}", args=[] if name == "checks" else [check.pk])
    for who, status in zip(("ana", "bogdan", "carmen", "nobody"), answers, strict=True):
        assert getattr(people[who], method)(address).status_code == status, who
    assert people["bogdan"].post(reverse("proof:checks"), {}).status_code == 403

"""„Trimite”, the sealed ZIP and Acasă: who may, what happens, what is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from punte.web.delivery import sending
from punte.web.delivery.models import State, Submission
from punte.web.invoices.models import Invoice, Stage

from ..invoices.conftest import draft_of, row
from .conftest import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(bakery):
    return draft_of(bakery, row())


@pytest.mark.parametrize(
    ("who", "status"),
    [("ana", 302), ("bogdan", 403), ("carmen", 404), ("nobody", 302)],  # nobody: to the sign-in page
)
def test_who_may_send(people, draft, who, status):
    answer = people[who].post(f"/venituri/{draft.pk}/trimite/")

    assert answer.status_code == status
    assert Submission.objects.count() == (who == "ana")
    if who == "nobody":
        assert answer.url.startswith("/cont/login/")


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("bogdan", 200), ("carmen", 404), ("nobody", 302)])
def test_who_gets_the_sealed_package(spv, connected, people, draft, ana, who, status):
    submission = sending.send(draft, ana, datetime.now(UTC))
    run(submission, until=State.ACCEPTED)

    answer = people[who].get(f"/venituri/{draft.pk}/arhiva.zip")

    assert answer.status_code == status
    if status == 200:
        assert answer.content == bytes(submission.package.content)


def test_before_it_is_archived_there_is_no_package(people, draft):
    assert people["ana"].get(f"/venituri/{draft.pk}/arhiva.zip").status_code == 404


def test_sending_numbers_and_freezes_the_document(people, draft):
    people["ana"].post(f"/venituri/{draft.pk}/trimite/")

    draft.refresh_from_db()
    submission = Submission.objects.get()
    assert (draft.stage, draft.label) == (Stage.QUEUED, "DI 0001")
    assert b"<cbc:ID>DI 0001</cbc:ID>" in bytes(submission.document)


def test_pressing_twice_sends_once_and_says_so(people, draft):
    for _ in range(2):
        answer = people["ana"].post(f"/venituri/{draft.pk}/trimite/", follow=True)

    assert Submission.objects.count() == 1
    assert "deja pe drum" in answer.content.decode()


def test_two_submissions_of_one_invoice_cannot_be_under_way(draft, ana):
    first = sending.send(draft, ana, datetime.now(UTC))

    with pytest.raises(IntegrityError):
        Submission.objects.create(
            firm=first.firm,
            invoice=first.invoice,
            document=b"",
            sha256="",
            created_by=ana,
            created_at=first.created_at,
            changed_at=first.created_at,
        )


def test_what_anaf_would_refuse_does_not_leave_and_takes_no_number(people, draft, bakery):
    bakery.city = "București"
    bakery.save()

    answer = people["ana"].post(f"/venituri/{draft.pk}/trimite/", follow=True)

    draft.refresh_from_db()
    assert (draft.stage, draft.number) == (Stage.DRAFT, None)
    assert not draft.series.counters.exists()
    assert not Submission.objects.exists()
    assert "Factura nu a plecat" in answer.content.decode()


def test_a_rejected_invoice_is_corrected_under_its_number_and_sent_again(spv, connected, people, draft, ana):
    first = sending.send(draft, ana, datetime.now(UTC))
    first.document = bytes(first.document).replace(b"SECTOR3", b"Bucuresti")  # as if our rules had missed it
    first.save()
    run(first, until=State.REJECTED)
    page = people["ana"].get(f"/venituri/{draft.pk}/").content.decode()
    assert "Respinsă de ANAF" in page
    assert "BR-RO-101" in page
    assert "Alegeți de la SECTOR1 la SECTOR6." in page  # ours, above ANAF's own words

    people["ana"].post(f"/venituri/{draft.pk}/trimite/")
    second = Submission.objects.latest("pk")
    run(second, until=State.ACCEPTED)

    draft.refresh_from_db()
    assert (draft.label, draft.stage) == ("DI 0001", Stage.ACCEPTED)
    assert Submission.objects.filter(invoice=draft).count() == 2  # the history stays


def test_home_says_what_waits_and_until_when(people, draft, ana, firm):
    page = people["ana"].get("/").content.decode()
    assert "Ciorna pentru Brutăria Trei Spice SRL" in page
    assert "Conectează e-Factura" in page

    sending.send(draft, ana, datetime.now(UTC))
    Invoice.objects.filter(pk=draft.pk).update(issue_date=timezone.localdate() - timedelta(days=9))
    page = people["ana"].get("/").content.decode()
    assert "termenul a trecut pe" in page


def test_home_of_nobody_is_the_door_and_without_a_firm_its_making(client, ana):
    assert client.get("/").url.startswith("/cont/login/")
    client.force_login(ana)
    assert client.get("/").url == "/firme/noua/"


def test_home_asks_the_database_the_same_number_of_questions_for_one_invoice_and_for_ten(
    people,
    draft,
    bakery,
    django_assert_max_num_queries,
):
    for _ in range(9):
        draft_of(bakery, row())
    with django_assert_max_num_queries(26):
        people["ana"].get("/")
    assert Invoice.objects.count() == 10


def test_a_number_that_spv_has_on_another_document_is_left_and_explained(people, draft, ana):
    sending.send(draft, ana, timezone.now())
    submission = Submission.objects.get()
    for to, kind in ((State.SENDING, "sending"), (State.PROCESSING, "sent"), (State.REJECTED, "other-duplicate")):
        submission.write(timezone.now(), to=to, kind=kind, text="1")
    before = bytes(Submission.objects.get().document)
    page = people["ana"].get(f"/venituri/{draft.pk}/").content.decode()
    assert "Dați-i numărul următor" in page
    assert "Dați-i numărul următor" not in people["bogdan"].get(f"/venituri/{draft.pk}/").content.decode()

    for _ in range(2):  # the second press finds nothing to do
        page = people["ana"].post(f"/venituri/{draft.pk}/alt-numar/", follow=True).content.decode()

    draft.refresh_from_db()
    assert (draft.label, draft.stage, draft.number) == ("DI 0002", Stage.REJECTED, 2)
    gap = draft.series.gaps.get()
    assert (gap.first, gap.last, gap.reason[:14]) == (1, 1, "DI 0001 este î")
    assert "DI 0001 → DI 0002" in page
    assert "Factura are alt număr" in page
    assert bytes(Submission.objects.get().document) == before
    people["ana"].post(f"/venituri/{draft.pk}/trimite/")
    assert Submission.objects.latest("pk").state == State.QUEUED
    assert b"DI 0002" in bytes(Submission.objects.latest("pk").document)

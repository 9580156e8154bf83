"""Many at once: what is asked before, what each document came to, and that a stop in the middle repeats nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from punte.web.delivery import batches
from punte.web.delivery.models import Submission
from punte.web.invoices.models import Batch, Invoice, Letter, Payment, Stage

from ..invoices.conftest import TODAY, buyer, draft_of, row, sent

pytestmark = pytest.mark.django_db


def finish(batch: Batch) -> Batch:
    while batches.advance(timezone.now()):
        pass
    batch.refresh_from_db()
    return batch


def test_two_hundred_are_sent_and_three_stay_with_the_reason(firm, ana, bakery):
    broken = buyer(firm, name="Fără Sector SRL", cui="", city="București", private=True)
    invoices = [draft_of(bakery) for _ in range(17)] + [draft_of(broken) for _ in range(3)]
    batch = finish(batches.start(firm, "send", [one.pk for one in invoices], ana))
    assert (len(batch.results), len(batch.refused), batch.waiting) == (20, 3, [])
    assert {result["id"] for result in batch.refused} == {one.pk for one in invoices[17:]}
    assert all("ANAF ar refuza-o" in result["text"] for result in batch.refused)
    assert Submission.objects.count() == 17
    numbers = sorted(Invoice.objects.exclude(number=None).values_list("number", flat=True))
    assert numbers == list(range(1, 18))  # the refused left no gap


def test_a_step_takes_ten_and_a_worker_that_lost_its_lease_writes_nothing(firm, ana, bakery):
    batch = batches.start(firm, "copy", [draft_of(bakery).pk for _ in range(12)], ana)
    assert batches.advance(timezone.now())
    batch.refresh_from_db()
    assert (len(batch.results), len(batch.waiting), batch.ended_at) == (10, 2, None)
    Batch.objects.update(leased_until=timezone.now() + timedelta(minutes=3))  # another holds it
    assert not batches.advance(timezone.now())
    Batch.objects.update(leased_until=timezone.now() - timedelta(seconds=1))  # and died
    assert batches.advance(timezone.now())
    batch.refresh_from_db()
    assert (len(batch.results), batch.ended_at is None) == (12, False)
    assert Invoice.objects.count() == 24


def test_firms_take_turns(firm, ana, carmens_firm, carmen, bakery):
    long = batches.start(firm, "copy", [draft_of(bakery).pk for _ in range(30)], ana)
    theirs = batches.start(carmens_firm, "copy", [draft_of(buyer(carmens_firm)).pk], carmen)
    for _ in range(2):
        batches.advance(timezone.now())
    long.refresh_from_db()
    theirs.refresh_from_db()
    assert len(long.results) == 10
    assert theirs.ended_at


def test_what_can_and_cannot_be_marked_paid_mailed_or_deleted(firm, ana, bakery, mailoutbox):
    draft, open_, paid = draft_of(bakery), sent(draft_of(bakery)), sent(draft_of(bakery))
    Invoice.objects.filter(pk=paid.pk).update(paid=paid.payable)
    ids = [draft.pk, open_.pk, paid.pk, 999_999]
    options = {"day": TODAY.isoformat(), "means": "transfer"}
    batch = finish(batches.start(firm, "paid", ids, ana, options))
    assert [result["ok"] for result in batch.results] == [False, True, False, False]
    assert (Payment.objects.get().amount, Payment.objects.get().day) == (
        open_.payable,
        date.fromisoformat(options["day"]),
    )
    batch = finish(batches.start(firm, "mail", ids, ana))
    assert [result["ok"] for result in batch.results] == [False] * 4  # the bakery has no address
    bakery.email = "contabil@trei-spice.example"
    bakery.save()
    finish(batches.start(firm, "mail", ids, ana))
    assert Letter.objects.filter(to=bakery.email).count() == 2
    batch = finish(batches.start(firm, "delete", ids, ana))
    assert [result["ok"] for result in batch.results] == [True, False, False, False]
    assert not Invoice.objects.filter(pk=draft.pk).exists()


def test_who_lost_the_right_to_write_does_nothing_more(firm, ana, bakery):
    batch = batches.start(firm, "copy", [draft_of(bakery).pk], ana)
    firm.memberships.filter(user=ana).update(role="viewer")
    batch = finish(batch)
    assert "Nu mai aveți dreptul" in batch.results[0]["text"]
    assert Invoice.objects.count() == 1


def test_ticked_asked_started_and_followed(people, firm, bakery):
    drafts = [draft_of(bakery) for _ in range(3)]
    ticked = {"actiune": "send", "alese": [str(one.pk) for one in drafts[:2]]}
    asked = people["ana"].post("/venituri/actiuni/", ticked).content.decode()
    assert "Trimite la ANAF: 2" in asked.replace("\u00a0", " ")
    ids = re.search(r'name="ids" value="([\d,]+)"', asked)[1]
    started = people["ana"].post("/venituri/actiuni/pornire/", {"actiune": "send", "ids": ids})
    page = people["ana"].get(started["Location"]).content.decode()
    again = re.search(r'hx-get="([^"]+)"', page)[1]
    assert people["ana"].get(again).status_code == 204  # nothing new
    assert "Vedeți cum merge" in people["ana"].get("/venituri/").content.decode()  # the way back
    finish(Batch.objects.get())
    changed = people["ana"].get(again).content.decode()
    assert "2 din 2" in changed.replace("\u00a0", " ")
    assert "hx-get" not in changed
    assert "Vedeți rezultatul" in people["ana"].get("/").content.decode()


def test_all_that_is_filtered_is_taken_and_another_firms_never(people, firm, bakery, carmens_firm):
    for _ in range(25):
        draft_of(bakery)
    theirs = draft_of(buyer(carmens_firm))
    asked = people["ana"].post("/venituri/actiuni/", {"actiune": "copy", "toate": "1", "filtru": "ciorne"})
    assert "Copiază: 25" in asked.content.decode().replace("\u00a0de", "").replace("\u00a0", " ")
    people["ana"].post("/venituri/actiuni/pornire/", {"actiune": "delete", "ids": str(theirs.pk)})
    finish(Batch.objects.get())
    assert Invoice.objects.filter(pk=theirs.pk).exists()


def test_marked_paid_needs_a_day(people, bakery):
    invoice = sent(draft_of(bakery, row()), Stage.ACCEPTED)
    said = {"actiune": "paid", "ids": str(invoice.pk), "day": "31.02.2026", "means": "cash"}
    answer = people["ana"].post("/venituri/actiuni/pornire/", said)
    assert answer.status_code == 422
    assert "nu este o dată" in answer.content.decode()
    assert not Batch.objects.exists()

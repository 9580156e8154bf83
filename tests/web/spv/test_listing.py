"""The list of a mailbox against the simulator: all of it the first time, then a day's overlap, each row once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from punte.web.connection import client
from punte.web.connection.models import Right, RightState
from punte.web.spv import listing
from punte.web.spv.models import Keeping, Mailbox, Message

from .conftest import OTHER, SUPPLIER

DAY = 24 * 3600


@pytest.fixture
def efactura(firm, connected, clock):
    with client.efactura_for(firm, clock()) as found:
        yield found


def calls(anaf) -> list[str]:
    return [entry.path.rsplit("/", 1)[-1] for entry in anaf.world.ledger.entries if "/lista" in entry.path]


def test_the_first_listing_takes_sixty_days_page_by_page(firm, efactura, anaf, supplier, clock):
    anaf.world.judge = lambda _xml: []  # 1,100 verdicts are not what is looked at here
    for n in range(1100):
        supplier(f"F {n}", ago=2 + n % 59 * DAY)
    before = len(calls(anaf))
    assert listing.sync(firm, efactura, clock) == 1100
    assert calls(anaf)[before:] == ["listaMesajePaginatieFactura"] * 3  # 500 + 500 + 100
    assert Message.objects.filter(firm=firm, keeping=Keeping.DUE).count() == 1100
    assert listing.sync(firm, efactura, clock) == 0
    assert len(calls(anaf)) == before + 4  # of the overlapping day: 19 or 38 rows, one page


def test_what_is_indexed_late_is_seen_in_the_overlap(firm, efactura, supplier, clock):
    supplier("F 1")
    assert listing.sync(firm, efactura, clock) == 1
    supplier("F 2", ago=20 * 3600)  # indexed 20 hours in the past
    supplier("F 3", ago=30 * 3600)  # further back than the overlap: only a whole listing brings it
    assert listing.sync(firm, efactura, clock) == 1
    assert listing.sync(firm, efactura, clock, since=clock() - timedelta(days=2)) == 1


def test_before_the_first_listing_a_short_one_leaves_the_history_to_do(firm, efactura, supplier, clock):
    supplier("F 1", ago=30 * DAY)
    assert listing.sync(firm, efactura, clock, since=clock() - timedelta(hours=2)) == 0
    assert Mailbox.objects.get(firm=firm).listed_until is None
    assert listing.sync(firm, efactura, clock) == 1


def test_kinds_and_parties_are_read(firm, efactura, supplier, clock):
    about = supplier("F 1")
    supplier("F 2", seller=OTHER, self_billed=True, buyer=firm.cui)  # the firm's own autofactura, of another's goods
    supplier("S 1", seller=firm.cui, buyer=firm.cui)  # a self-sale: two rows, one upload
    listing.sync(firm, efactura, clock)
    rows = Message.objects.order_by("pk").values_list("kind", "seller_cif", "buyer_cif", "keeping")
    assert list(rows) == [
        ("FACTURA PRIMITA", SUPPLIER, firm.cui, "due"),
        ("FACTURA TRIMISA", OTHER, firm.cui, "due"),
        ("FACTURA TRIMISA", firm.cui, firm.cui, ""),
        ("FACTURA PRIMITA", firm.cui, firm.cui, "due"),
    ]
    assert Message.objects.first().upload_index == about


def test_a_row_without_its_id_gets_it_later_and_stays_one(firm, efactura, spv, supplier, clock):
    spv.fault("no_id", "lists")
    supplier("F 1")
    listing.sync(firm, efactura, clock)
    assert Message.objects.get().download_id == ""
    assert listing.sync(firm, efactura, clock) == 0
    assert Message.objects.get().download_id.isdecimal()
    spv.fault("no_id", "lists")
    assert listing.sync(firm, efactura, clock) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_each_row_once(firm, traveller, supplier, clock):
    traveller.cross("ilinca")
    for n in range(30):
        supplier(f"F {n}")
    together = threading.Barrier(3)

    def one() -> None:
        with client.efactura_for(firm, clock()) as efactura:
            together.wait()
            listing.sync(firm, efactura, clock)
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Message.objects.count() == 30


# --- turns ---


def test_connecting_makes_it_due_and_then_it_is_hourly(firm, connected, supplier, clock):
    supplier("F 1")
    now = clock()
    assert list(listing.SOURCE.firms(now)) == [firm.pk]
    step = listing.SOURCE.take(firm.pk, now)
    assert step is not None
    assert listing.SOURCE.take(firm.pk, now) is None  # claimed
    step(clock)
    due = Mailbox.objects.get(firm=firm).due_at
    assert timedelta(minutes=2) < due - now < timedelta(hours=1)
    assert list(listing.SOURCE.firms(clock())) == []


def test_firms_are_spread_over_the_hour(clock):
    now = clock()
    minutes = [int((listing.next_due(pk, now) - now).total_seconds() // 60) for pk in range(1, 6001)]
    assert (min(minutes), max(minutes)) == (3, 59)
    for minute in range(7, 56):  # 6,000 firms: 111 a minute, give or take what chance gives
        assert 70 < minutes.count(minute) < 160


def test_a_firm_that_is_not_connected_is_left_in_peace_until_it_is(firm, connected, anaf, supplier, time, work):
    supplier("F 1")
    work()
    Right.objects.update(state=RightState.DENIED)
    asked = len(calls(anaf))
    for _ in range(2):
        time.go(hours=12)
        work()
        box = Mailbox.objects.get(firm=firm)
        assert (box.due_at, box.waiting_for, len(calls(anaf))) == (None, "no-right", asked)
    Right.objects.update(state=RightState.GRANTED)
    listing.wake(time.now())
    work()
    assert len(calls(anaf)) == asked + 1


def test_pauses_grow_while_anaf_is_unwell(firm, connected, spv, time, work):
    spv.fault("status", "lists", code="503", times=3)
    pauses = []
    for _ in range(3):
        work()
        box = Mailbox.objects.get(firm=firm)
        assert box.waiting_for == "anaf-down"
        pauses.append(round((box.due_at - time.now()).total_seconds() / 60))
        time.go(minutes=pauses[-1], seconds=2)
    assert pauses == [1, 2, 5]
    work()
    assert (Mailbox.objects.get(firm=firm).waiting_for, Mailbox.objects.get(firm=firm).tries) == ("", 0)

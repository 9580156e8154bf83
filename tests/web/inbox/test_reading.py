"""What the simulator's mailbox gives becomes documents: read, unreadable, expired, repeated, self-billed, corrected."""

from __future__ import annotations

from decimal import Decimal

import pytest

from punte.web.archive.models import SealedPackage
from punte.web.inbox.filters import Asked
from punte.web.inbox.listing import listing, suppliers
from punte.web.inbox.models import Document, Event, Mark, Reading, Standing
from punte.web.inbox.reading import key_of, without_prefix

from .conftest import OTHER, SUPPLIER, bill

DAY = 24 * 3600


def total(firm) -> Decimal:
    return sum((one.total for one in listing(firm, Asked()).sums), Decimal(0))


def test_an_invoice_is_listed_with_what_it_says(firm, connected, supplier, work):
    index = supplier("F 0012")
    work()
    one = Document.objects.get()
    assert (one.seller_name, one.seller_cif, one.number, str(one.day)) == (
        "Exemplu Servicii SRL", SUPPLIER, "F 0012", "2026-01-15",
    )  # fmt: skip
    assert (one.currency, one.net, one.vat, one.payable, one.effect) == ("RON", 100, 21, 121, 121)
    assert (one.mark, one.reading, one.standing, one.upload_index) == (Mark.NEW, Reading.READ, Standing.OWN, index)
    assert list(one.events.values_list("kind", "text")) == [("arrived", index), ("filed", "valid")]
    assert one.package.seal == "valid"


def test_the_same_invoice_twice_is_said_and_counted_once(firm, connected, supplier, work):
    supplier("F 12")
    supplier("f-12")  # ANAF takes it for another; a person does not
    supplier("F 12", seller=OTHER)  # another supplier's
    supplier("F 012")
    work()
    repeated = Document.objects.get(standing=Standing.REPEATED)
    assert repeated.number == "f-12"
    assert repeated.repeats.number == "F 12"
    assert total(firm) == 3 * 121
    assert [(one.key, one.count, one.sums[0].total) for one in suppliers(firm)] == [
        (SUPPLIER, 3, 242), (OTHER, 1, 121),
    ]  # fmt: skip


def test_a_row_listed_twice_of_one_upload_is_one_expense(firm, connected, anaf, supplier, work):
    supplier("F 12")
    with anaf.world.lock:
        spv = anaf.world.environments["test"]
        upload = next(iter(spv.uploads.values()))
        spv._put(upload, firm.cui, "P", "FACTURA PRIMITA", upload.messages[0].detalii, upload.messages[0].created)
    work()
    assert list(Document.objects.order_by("pk").values_list("standing", flat=True)) == ["", "repeated"]
    assert total(firm) == 121


def test_self_billed_ones_are_told_apart(firm, connected, supplier, work):
    ours = supplier("A 1", self_billed=True)  # the firm issued in its supplier's name: an expense, listed as sent
    clients = supplier("B 1", seller=firm.cui, buyer=SUPPLIER, self_billed=True)  # a client issued in ours: income
    supplier("C 1", seller=firm.cui, buyer=firm.cui)  # a self-sale, listed twice
    work()
    found = {one.number: one for one in Document.objects.all()}
    assert (found["A 1"].self_billed, found["A 1"].standing, found["A 1"].upload_index) == (True, Standing.OWN, ours)
    assert (found["B 1"].standing, found["B 1"].upload_index) == (Standing.ISSUED_FOR_US, clients)
    assert found["C 1"].standing == Standing.TO_ITSELF
    assert len(found) == 3
    assert total(firm) == 121


def test_a_credit_note_finds_its_invoice_whichever_came_first(firm, connected, anaf, supplier, time, work):
    def credit(number: str, of: str) -> None:
        reference = f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{of}</cbc:ID>"
        reference += "</cac:InvoiceDocumentReference></cac:BillingReference><cac:AccountingSupplierParty>"
        xml = bill(number).replace(b"<cac:AccountingSupplierParty>", reference.encode(), 1)
        anaf.deliver(xml.replace(b"Code>380", b"Code>381"), SUPPLIER, ago=2)

    anaf.world.judge = lambda _xml: []
    supplier("F 1")
    credit("N 1", "F-1")
    credit("N 2", "F 2")
    work()
    time.go(hours=2)
    supplier("F 2")
    work()
    found = {one.number: one for one in Document.objects.all()}
    assert found["N 1"].corrects == found["F 1"]
    assert found["N 2"].corrects == found["F 2"]
    assert (found["N 1"].effect, total(firm)) == (-121, 0)


def test_what_cannot_be_read_stays_listed(firm, connected, anaf, supplier, work):
    supplier("F 1", ago=61 * DAY, processing=2 * DAY)
    xml = bill("F 2").replace(b"2026-01-15", b"the ides of March")
    anaf.world.judge = lambda _xml: []
    anaf.deliver(xml, SUPPLIER, ago=2)
    work()
    assert list(Document.objects.order_by("arrived_at").values_list("reading", "seller_cif", "number")) == [
        ("expired", SUPPLIER, ""),
        ("unreadable", SUPPLIER, ""),
    ]
    assert SealedPackage.objects.count() == 1  # the unreadable one, byte for byte
    assert {tab.slug: count for tab, count in listing(firm, Asked()).tabs}["probleme"] == 2


def test_a_package_cut_for_ever_is_listed_with_its_bytes(firm, connected, spv, supplier, time, work):
    spv.fault("broken_zip", "descarcare", times=9)
    supplier("F 1")
    for _ in range(4):
        work()
        time.go(hours=1)
    one = Document.objects.get()
    assert (one.reading, bytes(one.package.content)[:2]) == (Reading.UNREADABLE, b"PK")


def test_a_fault_of_ours_undoes_the_filing_whole(firm, connected, supplier, work, time, monkeypatch):
    from punte.web.inbox import reading

    def breaks(*_):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(reading, "describe", breaks)
    supplier("F 1")
    with pytest.raises(RuntimeError):
        work()
    assert (Document.objects.count(), Event.objects.count(), SealedPackage.objects.count()) == (0, 0, 0)
    monkeypatch.undo()
    time.go(minutes=2)
    work()
    assert (Document.objects.count(), SealedPackage.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("F 0012", "f0012", True), ("F-12", "F 12", True), ("Ș 12", "s12", True), ("F 12", "F 012", False)],
)
def test_spellings_of_a_number(one, other, same):
    assert (key_of(one) == key_of(other)) is same


@pytest.mark.parametrize(("cif", "plain"), [("RO 123", "123"), ("123", "123"), ("ROW1", "ROW1"), ("DE12", "DE12")])
def test_the_prefix_of_romania_is_taken_off(cif, plain):
    assert without_prefix(cif) == plain

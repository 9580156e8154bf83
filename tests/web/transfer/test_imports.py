"""From a file to rows and back again."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from punte.en16931 import read_ubl, write_ubl
from punte.web.invoices import document, numbering
from punte.web.invoices.models import Client, Counter, Invoice, Product, Stage, folded
from punte.web.transfer import exports, imports, tables, undoing
from punte.web.transfer.models import Import, Known, State

from ..invoices.conftest import buyer, draft_of, row, sent
from .conftest import cui, sheet, whole, work

CLIENTS = """Denumire;CIF;Platitor TVA;Adresa;Localitate;Judet;Email
Brutăria Trei Spice SRL;RO33174208;;Str. Morii 2;Sector 3;București;contact@trei.example
Ion Popescu;;;Str. Lungă 1;Brașov;Brașov;
"""


def test_clients_come_in_with_their_places_as_ro_cius_writes_them(bring, firm):
    one = bring("clients", CLIENTS)
    assert (one.state, one.made, one.bad) == (State.DONE, 2, 0)
    bakery = firm.clients.get(cui="33174208")
    assert (bakery.county, bakery.city, bakery.vat_registered) == ("RO-B", "SECTOR3", True)  # RO in front: registered
    assert bakery.search_name == folded(bakery.name)
    assert firm.clients.get(name="Ion Popescu").county == "RO-BV"
    assert set(firm.clients.values_list("imported_by", flat=True)) == {str(one.key)}


def test_the_same_file_twice_brings_nothing_twice(bring, firm):
    bring("clients", CLIENTS)
    again = bring("clients", CLIENTS)
    assert (again.made, again.skipped, firm.clients.count()) == (0, 2, 2)


def test_what_exists_is_brought_up_to_date_where_asked_and_an_empty_cell_changes_nothing(bring, firm):
    bakery = buyer(firm, email="veche@trei.example", phone="0722 000 000")
    one = bring("clients", CLIENTS + "Alt nume;33174208;;;;;\n", known=Known.UPDATE, go=False)
    assert one.bad == 1  # the same CUI twice in one file
    one = bring("clients", CLIENTS, known=Known.UPDATE)
    bakery.refresh_from_db()
    assert (one.updated, bakery.email, bakery.phone) == (1, "contact@trei.example", "0722 000 000")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (";RO33174208;;;;;", "denumirea"),
        ("Unu SRL;33174209;;;;;", "cifra de control"),
        ("Unu SRL;;;;;Transilvania;", "Transilvania"),
        ("Unu SRL;;;;;;nu-e-mail", "e-mail"),
        ("Unu SRL;;poate;;;;", "poate"),
        (f"{'x' * 201};;;;;;", "200"),
        ("Brutăria Trei Spice SRL;33174208;;;;;", "rândul 2"),
    ],
)
def test_a_bad_row_says_why_and_the_others_come_in(bring, firm, cells, said):
    one = bring("clients", CLIENTS + cells + "\n")
    assert (one.made, one.bad) == (2, 1)
    assert said in one.refused[1]["why"]
    assert one.refused[1]["row"] == 4


def test_five_thousand_rows_with_seven_bad_ones_are_quick_and_the_bad_ones_come_back(bring, firm, people):
    rows = [f"Client {n};{cui(1000000 + n)};Str. {n};Cluj-Napoca;Cluj" for n in range(5000)]
    for n in (3, 700, 1400, 2100, 2800, 3500, 4999):
        rows[n] = f"Client {n};1;Str. {n};Cluj-Napoca;Cluj"  # one figure is no CUI
    began = time.monotonic()
    one = bring("clients", "Denumire;CUI;Adresa;Localitate;Judet\n" + "\n".join(rows))
    assert time.monotonic() - began < 15  # about 3 s alone on the machine
    assert (one.made, one.bad, firm.clients.count()) == (4993, 7, 4993)
    back = b"".join(people["ana"].get(f"/date/import/{one.pk}/respinse.csv").streaming_content).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(back), delimiter=";"))
    assert [line[-2] for line in table[1:]] == ["5", "702", "1402", "2102", "2802", "3502", "5001"]
    assert all("CUI" in line[-1] for line in table[1:])


def test_a_killed_step_is_taken_again_by_who_comes_next(bring, firm, ana):
    one = bring("clients", CLIENTS, go=False)
    imports.go(one)
    claimed = imports.claim(timezone.now())
    assert claimed
    assert imports.claim(timezone.now()) is None  # under lease
    later = timezone.now() + imports.LEASE
    assert imports.advance(later)
    with pytest.raises(imports.Lost):
        imports._write_part(claimed, later)  # the first wakes up late: nothing of its own is written
    assert firm.clients.count() == 2


def test_products_come_in_from_xlsx_and_a_price_with_vat_becomes_one_without(bring, firm):
    one = bring("products", sheet([["Denumire", "Cod", "UM", "Preț cu TVA", "Cota TVA"],
                                   ["Fotografie", "F1", "buc", 121, 21], ["Pâine", "P1", "kg", 11.1, "11%"],
                                   ["Fără cotă", "X", "buc", 5, None]]))  # fmt: skip
    assert (one.made, one.bad) == (2, 1)
    photo, bread = firm.products.get(code="F1"), firm.products.get(code="P1")
    assert (photo.price, photo.unit) == (Decimal("100.000000"), "H87")  # 121 / 1.21
    assert (bread.price, bread.unit, bread.vat_case) == (Decimal("10.000000"), "KGM", "reduced")  # 11.1 / 1.11


def test_a_preset_is_known_by_its_columns(firm, ana):
    one = imports.start(
        firm, ana, "clients", "parteneri.csv", b"cod_par,den_par,jud_par,loc_adr\n33174208,Trei,Cluj,Cluj-Napoca\n"
    )
    assert (one.preset, one.columns["name"], one.columns["cui"]) == ("SoftPro", 1, 0)


# --- invoices ---

LINES = """Factura;Data;Scadenta;Client;CUI;Produs;Cantitate;UM;Pret;Cota TVA
FCT 0041;05.01.2026;20.01.2026;Brutăria Trei Spice SRL;RO33174208;Fotografie;2;buc;100,00;21
FCT 0041;05.01.2026;20.01.2026;Brutăria Trei Spice SRL;RO33174208;Carte;1;buc;50,00;11
FCT 0042;06.01.2026;;Ion Popescu;;Fotografie;1;buc;10,00;21
"""


def test_lines_of_one_number_are_one_invoice_and_it_never_goes_to_anaf(bring, firm):
    one = bring("invoices", LINES)
    assert (one.made, one.bad) == (2, 0)
    invoice = firm.invoices.get(label="FCT 0041")
    assert (invoice.stage, invoice.not_sent_because, invoice.number) == (Stage.NOT_SENT, "imported", 41)
    assert (invoice.net, invoice.vat, invoice.payable) == (250, Decimal("47.50"), Decimal("297.50"))  # 42 + 5.50
    assert [line.name for line in invoice.lines.all()] == ["Fotografie", "Carte"]
    assert not invoice.is_editable
    assert folded("Brutăria") in invoice.search_text


def test_the_series_goes_on_after_what_came_in(bring, firm):
    bring("invoices", LINES)
    series = firm.series.get(prefix="FCT")
    assert numbering.upcoming_label(series, date(2026, 2, 1)) == "FCT 0043"
    counter = Counter.objects.get(series=series)
    assert counter.starts_at == counter.next_number  # what came before was numbered elsewhere: no gap of ours


def test_a_series_in_use_jumps_and_says_why(bring, firm, bakery):
    draft = draft_of(bakery)
    sent(draft)  # DI 0001
    bring("invoices", LINES.replace("FCT", "DI"))
    series = firm.series.get(prefix="DI")
    assert numbering.upcoming(series, timezone.localdate()) == 43
    assert [(gap.first, gap.last) for gap in series.gaps.all()] == [(2, 40)]


def test_a_number_given_here_is_not_taken_by_an_import(bring, firm, bakery):
    ours = sent(draft_of(bakery))
    one = bring("invoices", LINES.replace("FCT 0041", ours.label))
    assert (one.made, one.skipped) == (1, 1)


@pytest.mark.parametrize(
    ("line", "label", "sums"),
    [
        # net 100, VAT 21 → 21 %
        ("FCT;7;05.01.2026;Unu SRL;100,00;21,00;121,00", "FCT 7", ("100.00", "21.00", "121.00")),
        # before August 2025 the rate was 19 %
        ("FCT;8;05.01.2025;Unu SRL;100,00;19,00;", "FCT 8", ("100.00", "19.00", "119.00")),
        # the total alone, with its VAT: 121 − 21
        ("FCT;9;05.01.2026;Unu SRL;;21,00;121,00", "FCT 9", ("100.00", "21.00", "121.00")),
        # a storno: the sign goes to the quantity, for a price is never negative
        ("FCT;10;05.01.2026;Unu SRL;-100,00;-21,00;-121,00", "FCT 10", ("-100.00", "-21.00", "-121.00")),
    ],
)
def test_an_invoice_told_by_its_sums(bring, firm, line, label, sums):
    one = bring("invoices", "Serie;Numar;Data;Client;Valoare;TVA;Total\n" + line + "\n")
    assert one.bad == 0, one.refused
    invoice = firm.invoices.get(label=label)
    assert tuple(str(amount) for amount in (invoice.net, invoice.vat, invoice.payable)) == sums
    assert invoice.lines.get().price >= 0


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("FCT;7;05.13.2026;Unu SRL;100;21;", "calendar"),
        (";7;05.01.2026;Unu SRL;100;21;", "serie"),
        ("FCT;;05.01.2026;Unu SRL;100;21;", "numărul"),
        ("FCT;7;05.01.2026;;100;21;", "Clientul"),
        ("FCT;7;05.01.2026;Unu SRL;100;33;", "cotă"),
        ("FCT;7;05.01.2026;Unu SRL;;;", "TVA"),
        ("FCT;7;05.01.2026;Unu SRL;100;21;130", "130"),
    ],
)
def test_a_bad_invoice_says_why(bring, firm, cells, said):
    one = bring("invoices", "Serie;Numar;Data;Client;Valoare;TVA;Total\n" + cells + "\n")
    assert (one.made, one.bad) == (0, 1)
    assert said in one.refused[1]["why"]


def test_one_bad_line_keeps_its_whole_invoice_out(bring, firm):
    one = bring("invoices", LINES.replace("50,00;11", "x;11"))
    assert (one.made, one.bad) == (1, 2)
    assert not firm.invoices.filter(label="FCT 0041").exists()
    assert "Rândul 3" in one.refused[1]["why"]  # on row 2, which is good, it says where the fault is
    assert "număr" in one.refused[2]["why"]


# --- UBL ---


def ubl_of(firm, bakery, label: str = "ALT 0007") -> bytes:
    return document.ubl(draft_of(bakery, row("Fotografie", "2", "100")), label)


def packed(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/") + (".zip" if content.startswith(b"PK") else ".xml"), content)
    return file.getvalue()


def test_ubl_files_become_history_byte_for_byte(bring, firm, bakery):
    xml = ubl_of(firm, bakery)
    anafs = packed(**{"5012345678": xml, "semnatura_5012345678": b"<Signature/>"})
    one = bring("ubl", packed(**{"efactura_5012345678": anafs, "alta": b"<html/>"}), name="spv.zip")
    assert (one.made, one.bad) == (1, 1)
    invoice = firm.invoices.get(label="ALT 0007")
    assert (invoice.stage, invoice.client, invoice.payable) == (Stage.NOT_SENT, bakery, Decimal("242.00"))
    assert bytes(invoice.frozen.document) == xml
    assert invoice.frozen.upload_index == "5012345678"
    assert numbering.upcoming(invoice.series, timezone.localdate()) == 8


def test_an_invoice_of_another_seller_is_refused(bring, firm, bakery):
    xml = read_ubl(ubl_of(firm, bakery))
    foreign = write_ubl(replace(xml, seller=replace(xml.seller, vat_identifier="RO33174208", name="Altcineva SRL")))
    one = bring("ubl", foreign, name="f.xml")
    assert (one.total, one.bad) == (0, 1)
    assert "Altcineva SRL" in one.refused[1]["why"]


@pytest.mark.parametrize("content", [
    b"PK\x03\x04cut off", packed(), packed(**{"a": b"<x/>" + b" " * (11 * 2**20)}),
    packed(**{f"n{n}": b"<x/>" for n in range(5001)}),
])  # fmt: skip
def test_a_hostile_zip_is_refused(bring, content):
    with pytest.raises(imports.reading.Unreadable):
        bring("ubl", content, name="x.zip")


def test_entities_in_a_ubl_file_are_not_followed(bring):
    one = bring(
        "ubl", b'<!DOCTYPE Invoice [<!ENTITY a SYSTEM "file:///etc/passwd">]><Invoice>&a;</Invoice>', name="x.xml"
    )
    assert one.bad == 1


# --- and back ---


def undo(one: Import) -> None:
    undoing.start(one)
    work()


def test_an_undone_import_leaves_nothing_of_itself(bring, firm):
    one = bring("invoices", LINES)
    undo(one)
    one = whole(one)
    assert (one.state, one.kept) == (State.UNDONE, [])
    assert (firm.invoices.count(), firm.clients.count(), firm.series.count()) == (0, 0, 0)


def test_an_import_is_taken_back_in_parts_that_may_be_interrupted(bring, firm, monkeypatch):
    monkeypatch.setattr(undoing, "PART", 1)
    one = bring("clients", CLIENTS)
    undoing.start(one)
    seen = []
    while imports.advance(timezone.now()):
        one = whole(one)
        seen.append((one.state, one.done, firm.clients.count()))
    assert seen == [(State.UNDOING, 1, 1), (State.UNDOING, 2, 0), (State.UNDONE, 2, 0)]
    with pytest.raises(ValueError, match="undone"):
        undoing.start(one)


def test_what_somebody_used_since_stays_and_is_named(bring, firm, ana):
    one = bring("invoices", LINES)
    paid = firm.invoices.get(label="FCT 0041")
    paid.payments.create(day=date(2026, 1, 9), amount=5, created_by=ana)
    undo(one)
    one = whole(one)
    assert [kept["name"] for kept in one.kept] == ["FCT 0041", "Brutăria Trei Spice SRL"]
    assert list(firm.invoices.values_list("label", flat=True)) == ["FCT 0041"]
    assert numbering.upcoming(firm.series.get(prefix="FCT"), date(2026, 2, 1)) == 42


def test_undoing_puts_a_series_in_use_back_where_it_was(bring, firm, bakery):
    sent(draft_of(bakery))
    series = firm.series.get(prefix="DI")
    one = bring("invoices", LINES.replace("FCT", "DI"))
    undo(one)
    assert numbering.upcoming(series, timezone.localdate()) == 2
    assert not series.gaps.exists()


def test_an_undone_import_of_products_keeps_what_stands_on_an_invoice(bring, firm, bakery):
    one = bring("products", "Denumire;Pret\nUnu;1\nDoi;2\n")
    used = row()
    used.product = firm.products.get(name="Unu")
    draft_of(bakery, used)
    undo(one)
    assert list(firm.products.values_list("name", flat=True)) == ["Unu"]


# --- what goes out comes in again ---


@pytest.mark.parametrize("language", ["ro", "en"])
def test_what_we_export_is_what_we_import(bring, firm, carmens_firm, language):
    from django.utils.translation import override

    Client.objects.create(firm=firm, name="=HYPERLINK(1)", city="Sibiu", county="RO-SB", phone="+40 722", term_days=30)
    buyer(firm)
    Product.objects.create(firm=firm, name="Lemn, și piatră; „tot”", code="L1", unit="KGM", price=Decimal("1.234567"))
    names = ("name", "cui", "city", "county", "phone", "term_days", "vat_registered")
    before = set(firm.clients.values_list(*names))
    goods = set(firm.products.values_list("name", "code", "unit", "price"))
    with override(language):
        files = {
            kind: b"".join(tables.as_csv(exports.sheet(firm, what)))
            for kind, what in (("clients", "clienti"), ("products", "produse"))
        }
    firm.clients.all().delete()
    firm.products.all().delete()
    for kind, content in files.items():
        one = bring(kind, content)
        assert one.bad == 0, one.refused
    assert set(firm.clients.values_list(*names)) == before
    assert set(firm.products.values_list("name", "code", "unit", "price")) == goods
    assert Invoice.objects.count() == 0
    assert Import.objects.count() == 2

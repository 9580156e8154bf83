"""What a firm takes along: tables that no spreadsheet runs, the journal to the cent, the whole kit."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone

from punte.web.invoices import payments
from punte.web.invoices.models import Client, Line, Means, Stage
from punte.web.transfer import exigible, exports, journal, kit, tables
from punte.web.transfer.models import Kit, KitPart

from ..invoices.conftest import buyer, draft_of, row, sent
from .conftest import work
from .test_imports import LINES, packed, ubl_of

MARCH = date(2026, 3, 1), date(2026, 3, 31)


def table(sheet: tables.Sheet) -> list[list[str]]:
    text = b"".join(tables.as_csv(sheet)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


# --- formulas ---


@pytest.mark.parametrize("evil", ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(1)", "\t=1", " =1", "\r=1"])
def test_no_cell_is_a_formula(firm, evil):
    Client.objects.create(firm=firm, name=evil)
    sheet = exports.sheet(firm, "clienti")
    assert table(sheet)[1][0].startswith("'")
    page = openpyxl.load_workbook(tables.as_xlsx(exports.sheet(firm, "clienti"))).active
    assert page is not None
    assert page["A2"].data_type == "s"
    assert page["A2"].value.strip() == evil.strip()


def test_sums_and_days_are_numbers_in_xlsx_and_romanian_in_csv(firm, bakery):
    sent(draft_of(bakery, row(price="1234.5"), issued=date(2026, 3, 2)))
    line = dict(zip(*table(exports.sheet(firm, "facturi")), strict=True))
    assert (line["Data emiterii"], line["Valoarea fără TVA"], line["Cursul, lei"]) == ("02.03.2026", "1234,50", "")
    page = openpyxl.load_workbook(tables.as_xlsx(exports.sheet(firm, "facturi"))).active
    assert page is not None
    assert (page["D2"].value.date(), page["J2"].value) == (date(2026, 3, 2), 1234.5)


def test_payments_and_lines_stand_in_their_tables(firm, bakery, ana):
    invoice = sent(draft_of(bakery, row("Unu", "2", "10"), row("Doi", "1", "5", "11")))
    invoice.payments.create(day=date(2026, 3, 9), amount=Decimal("7.50"), created_by=ana)
    assert [line[5:8] for line in table(exports.sheet(firm, "randuri"))[1:]] == [["Unu", "", "2"], ["Doi", "", "1"]]
    assert table(exports.sheet(firm, "incasari"))[1][:4] == [invoice.label, bakery.name, "09.03.2026", "7,50"]


def test_a_firm_without_a_plan_takes_its_data_along(people, firm, settings):
    settings.PLANS = True
    for address in ("/date/", "/date/export/facturi.csv", "/date/export/clienti.xlsx", "/date/jurnal.csv"):
        assert people["ana"].get(address).status_code == 200


# --- the journal ---


def test_the_journal_adds_up(firm, bakery, bring):
    """
    DI 0001  2 × 100 at 21 % and 1 × 50 at 11 %   200.00 + 42.00 · 50.00 + 5.50          = 297.50
    DI 0002  10 × 33.33 reverse charge            333.30                                 = 333.30
    DI 0003  −1 × 100 at 21 %, a storno           −100.00 − 21.00                        = −121.00
    DI 0004  100 exempt                           100.00                                 = 100.00
    V 9      3 × 0.335 at 19 %, brought in        1.01 + 0.19                            = 1.20
    """
    sent(draft_of(bakery, row("a", "2", "100"), row("b", "1", "50", "11"), issued=date(2026, 3, 1)))
    reverse, exempt = row("c", "10", "33.33"), row("d", "1", "100")
    reverse.vat_category, reverse.vat_rate = "AE", Decimal(0)
    exempt.vat_category, exempt.vat_rate = "E", Decimal(0)
    sent(draft_of(bakery, reverse, issued=date(2026, 3, 2)))
    sent(draft_of(bakery, row("a", "-1", "100"), issued=date(2026, 3, 31)))
    sent(draft_of(bakery, exempt, issued=date(2026, 3, 31)))
    sent(draft_of(bakery, row("april", "1", "999"), issued=date(2026, 4, 1)))
    draft_of(bakery, row("a draft", "1", "999"), issued=date(2026, 3, 5))
    bring("invoices", "Factura;Data;Client;Cantitate;Pret;Cota TVA\nV 9;15.03.2026;Unu;3;0,335;19\n")
    one = journal.journal(firm, *MARCH)
    assert [entry.total for entry in one.entries] == [
        Decimal(n) for n in ("297.50", "333.30", "1.20", "-121.00", "100.00")
    ]  # by day
    assert one.total.rates == {
        Decimal(21): (Decimal("100.00"), Decimal("21.00")),  # 200 − 100, 42 − 21
        Decimal(19): (Decimal("1.01"), Decimal("0.19")),
        Decimal(11): (Decimal("50.00"), Decimal("5.50")),
    }
    assert one.total.others == {"reverse_charge": Decimal("333.30"), "exempt": Decimal("100.00")}
    assert one.total.total == Decimal("611.00")  # 297.50 + 333.30 + 1.20 − 121 + 100
    last = table(journal.sheet(one))[-1]
    assert last[2:12] == ["Total", "", "", "611,00", "100,00", "21,00", "1,01", "0,19", "50,00", "5,50"]


def test_tax_on_collection_falls_due_with_each_payment(people, firm, bakery, ana):
    """
    100 at 21 % and 100 at 11 %, 121 + 111 = 232; a half of it, 116, is received in March:
    60.50 with 10.50 (60.50 × 21/121) and 55.50 with 5.50 (55.50 × 11/111); the other half in April.
    """
    firm.vat_on_collection = True
    firm.save()
    bakery.firm = firm
    invoice = sent(draft_of(bakery, row("a", "1", "100"), row("b", "1", "100", "11"), issued=date(2026, 2, 27)))
    plain = draft_of(buyer(firm, cui="", name="Unu"), row("c", "1", "100"), issued=date(2026, 3, 1))
    Line.objects.filter(invoice=plain).update(vat_category="E", vat_rate=0)
    sent(plain)
    payments.receive(invoice, Decimal(116), date(2026, 3, 31), Means.TRANSFER, ana)
    payments.receive(invoice, Decimal(116), date(2026, 4, 1), Means.TRANSFER, ana)
    payments.receive(plain, Decimal(100), date(2026, 3, 31), Means.TRANSFER, ana)
    (one,) = exigible.collected(firm, *MARCH)
    assert one.rates == {
        Decimal(21): (Decimal("50.00"), Decimal("10.50")),
        Decimal(11): (Decimal("50.00"), Decimal("5.50")),
    }
    page = people["ana"].get("/date/jurnal/?first=2026-03-01&last=2026-03-31").content.decode()
    assert "ce a devenit exigibil" in page
    assert ">16,00<" in page
    rows = table(exigible.sheet(firm, *MARCH))
    assert rows[-1][5:] == ["116,00", "", "100,00", "16,00"]


def test_the_journal_is_in_lei_and_says_where_the_rate_is_missing(firm, bring):
    bring(
        "invoices",
        "Factura;Data;Client;Moneda;Curs;Valoare;TVA\n"
        "E 1;02.03.2026;Unu;EUR;5,10;100;21\nE 2;02.03.2026;Unu;EUR;;100;21\n",
    )
    one = journal.journal(firm, *MARCH)
    assert [(entry.total, entry.without_rate) for entry in one.entries] == [
        (Decimal("617.10"), False),  # 510.00 + 107.10
        (Decimal(0), True),
    ]


def test_who_is_not_registered_has_one_column(carmens_firm, carmen):
    client = buyer(carmens_firm)
    sent(draft_of(client, row(rate=None), issued=date(2026, 3, 2)))
    one = journal.journal(carmens_firm, *MARCH)
    assert (one.rates, one.columns, one.total.others) == ([], ["outside"], {"outside": Decimal("100.00")})


@pytest.mark.parametrize(
    ("category", "code", "column"),
    [
        ("E", "VATEX-EU-132-1B", "exempt_without_credit"),
        ("E", "VATEX-EU-151", "exempt_with_credit"),
        ("E", "VATEX-EU-F", "margin"),
        ("E", "", "exempt"),
        ("K", "VATEX-EU-IC", "intra_community"),
        ("G", "VATEX-EU-G", "export"),
        ("AE", "VATEX-EU-AE", "reverse_charge"),
        ("O", "VATEX-EU-O", "outside"),
    ],
)
def test_each_category_has_its_column(category, code, column):
    assert journal.column(category, code) == column


def test_a_credit_note_counts_against(firm, bakery):
    sent(draft_of(bakery, row(), issued=date(2026, 3, 2), type_code="381"))
    assert journal.journal(firm, *MARCH).total.total == Decimal("-121.00")


def test_the_journal_is_asked_from_day_to_day(people, firm, bakery):
    sent(draft_of(bakery, issued=date(2026, 3, 2)))
    page = people["ana"].get("/date/jurnal/?first=2026-03-01&last=2026-03-31").content.decode()
    assert "DI 0001" in page
    assert "121,00" in page
    assert (
        "înaintea începutului" in people["ana"].get("/date/jurnal/?first=2026-03-02&last=2026-03-01").content.decode()
    )


# --- the leaving kit ---


@pytest.fixture
def packed_up(firm, ana, bakery, bring) -> Kit:
    refused = draft_of(bakery, row("Î, „ghilimele”; și =1"))
    sent(refused, Stage.REJECTED)
    for _ in range(3):
        sent(draft_of(bakery))
    bring("invoices", LINES)
    bring("ubl", packed(a=ubl_of(firm, bakery)), name="a.zip")
    one = kit.start(firm, ana, with_pdf=True, language="ro")
    work()
    return Kit.objects.get(pk=one.pk)


def opened(one: Kit) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(kit.content(one))))


def test_the_kit_holds_everything_byte_for_byte(packed_up, firm):
    archive = opened(packed_up)
    assert archive.testzip() is None
    names = archive.namelist()
    assert len(names) == len(set(names)) == packed_up.files
    for submission in firm.submissions.all():
        (name,) = [name for name in names if name.startswith("ubl/") and name.endswith(f"-{submission.pk}.xml")]
        assert archive.read(name) == bytes(submission.document)
    for package in firm.packages.all():
        assert archive.read(f"arhiva/{package.upload_index}-{package.pk}.zip") == bytes(package.content)
    (original,) = [name for name in names if name.startswith("ubl-netransmise/")]
    assert archive.read(original) == bytes(firm.invoices.get(label="ALT 0007").frozen.document)
    assert len([name for name in names if name.startswith("pdf/")]) == 5  # of four sent and one brought in as UBL
    assert "Arcada Studio SRL" in archive.read("CITESTE-MA.txt").decode()
    assert "every document handed to ANAF" in archive.read("README.txt").decode()
    assert archive.read("tabele/facturi.csv").decode("utf-8-sig").count("\n") == 1 + 4 + 3


def test_the_manifest_names_every_file_and_its_hash(packed_up):
    archive = opened(packed_up)
    said = dict(reversed(line.split("  ", 1)) for line in archive.read("SHA256SUMS.txt").decode().splitlines())
    assert said == {
        name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name != "SHA256SUMS.txt"
    }


def test_a_large_kit_is_made_in_many_steps(firm, ana, bakery, monkeypatch):
    monkeypatch.setattr(kit, "DOCUMENTS", 2)
    for _ in range(5):
        sent(draft_of(bakery))
    one = kit.start(firm, ana, with_pdf=False, language="en")
    work()
    archive = opened(Kit.objects.get(pk=one.pk))
    assert archive.testzip() is None
    assert len([name for name in archive.namelist() if name.startswith("ubl/")]) == 5
    assert KitPart.objects.filter(kit=one).count() > 8
    assert "Invoice" in archive.read("tabele/facturi.csv").decode()


def test_a_worker_that_was_killed_leaves_no_half_of_a_part(firm, ana, bakery):
    sent(draft_of(bakery))
    one = kit.start(firm, ana, with_pdf=False, language="ro")
    late = kit.claim(timezone.now())
    assert late
    later = timezone.now() + kit.LEASE
    assert kit.advance(later)
    with pytest.raises(kit.Lost):
        kit.step(late, later)
    while kit.advance(later):
        pass
    assert opened(Kit.objects.get(pk=one.pk)).testzip() is None


def test_a_kit_is_ordered_once_and_forgotten_after_a_week(firm, ana, carmens_firm):
    one = kit.start(firm, ana, with_pdf=False, language="ro")
    assert kit.start(firm, ana, with_pdf=True, language="ro") == one
    kit.forget(timezone.now())
    assert Kit.objects.count() == 1
    kit.forget(timezone.now() + kit.KEPT)
    assert Kit.objects.count() == 0


def test_the_owner_downloads_the_kit(people, packed_up):
    answer = people["ana"].get(f"/date/arhiva/{packed_up.pk}/punte.zip")
    whole = b"".join(answer.streaming_content)
    assert len(whole) == int(answer["Content-Length"]) == packed_up.size
    assert zipfile.ZipFile(io.BytesIO(whole)).testzip() is None
    packed_up.refresh_from_db()
    assert packed_up.downloaded_at

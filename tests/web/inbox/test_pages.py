"""Cheltuieli as people use it: find, mark and take back, group by supplier, read, export, in two languages."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from punte.web.connection.models import Right
from punte.web.inbox.models import Document, Mark, Reading, Remark, RemarkState, Standing
from punte.web.inbox.summary import summary
from punte.web.spv.models import Mailbox

from .conftest import OTHER, bill, received, zipped


def words(answer) -> str:
    """What stands on the page, without tags."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"[\s\u00a0]+", " ", text)


def rows(answer) -> list[str]:
    return re.findall(r'<td class="nr"><a href="[^"]+">([^<]+)<', answer.content.decode())


@pytest.fixture
def many(firm, today):
    for n in range(45):
        received(firm, f"F {n:02}", day=today - timedelta(days=n))


def test_the_list_is_paged_by_key_both_ways(people, many):
    first = people["ana"].get("/cheltuieli/")
    assert rows(first) == [f"F {n:02}" for n in range(20)]
    older = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1].replace("&amp;", "&")
    second = people["ana"].get(f"/cheltuieli/{older}")
    assert rows(second) == [f"F {n:02}" for n in range(20, 40)]
    newer = re.search(r'rel="prev" href="([^"]+)"', second.content.decode())[1].replace("&amp;", "&")
    assert rows(people["ana"].get(f"/cheltuieli/{newer}")) == rows(first)
    assert "45 de documente 5.445,00 lei" in words(first)


def test_one_finds_without_diacritics_by_supplier_number_and_note(people, firm):
    received(firm, "A 1", seller_name="Țesătoria Șapte Ițe SRL", seller_cif=OTHER)
    received(firm, "B 2", note="pentru nuntă")
    for query, found in (("tesatoria", "A 1"), ("sapte ite", "A 1"), (OTHER, "A 1"), ("nunta", "B 2"), ("b 2", "B 2")):
        assert rows(people["ana"].get("/cheltuieli/", {"q": query})) == [found], query
    assert "Nimic pentru „xyz”" in words(people["ana"].get("/cheltuieli/?q=xyz"))


def test_sums_are_by_currency_and_leave_out_what_is_no_expense(people, firm):
    first = received(firm, "A 1")
    received(firm, "A 1", standing=Standing.REPEATED, repeats=first)
    received(firm, "N 1", type_code="381", effect=Decimal(-21))
    received(firm, "E 1", currency="EUR", payable=Decimal(50), effect=Decimal(50))
    received(firm, "V 1", standing=Standing.ISSUED_FOR_US, seller_cif=firm.cui)
    page = words(people["ana"].get("/cheltuieli/"))
    assert "5 documente 100,00 lei 50,00 EUR" in page
    assert "Dublură: nu se adună" in page
    suppliers = words(people["ana"].get("/cheltuieli/furnizori/"))
    assert "Brutăria din Colț SRL 33451201 4 documente" in suppliers
    assert firm.cui not in suppliers.replace(f"CUI RO {firm.cui}", "").replace(f"CUI {firm.cui}", "")


def test_marking_many_and_taking_it_back(people, firm, ana):
    one, two, three = (received(firm, f"F {n}") for n in range(3))
    Document.objects.filter(pk=two.pk).update(mark=Mark.SEEN)
    answer = people["ana"].post("/cheltuieli/marcare/", {"alese": [one.pk, two.pk], "catre": "booked"}, follow=True)
    assert "Contabilizate: 2 documente." in words(answer)
    assert "Anulați marcarea" in words(answer)
    assert list(Document.objects.order_by("pk").values_list("mark", flat=True)) == ["booked", "booked", "new"]
    people["ana"].post("/cheltuieli/anulare/")
    assert list(Document.objects.order_by("pk").values_list("mark", flat=True)) == ["new", "seen", "new"]
    assert list(one.events.values_list("kind", "user")) == [("arrived", None), ("booked", ana.pk), ("new", ana.pk)]
    assert "Nu mai e nimic de anulat" in words(people["ana"].post("/cheltuieli/anulare/", follow=True))
    assert three.events.count() == 1


def test_everything_filtered_is_marked_and_nothing_of_another_firm(people, firm, carmens_firm):
    for n in range(30):
        received(firm, f"F {n}", note="avans" if n < 25 else "")
    theirs = received(carmens_firm, "F 1")
    people["ana"].post("/cheltuieli/marcare/", {"toate": "1", "q": "avans", "catre": "booked"})
    assert Document.objects.filter(mark=Mark.BOOKED).count() == 25  # the page shows 20 of them
    people["ana"].post("/cheltuieli/marcare/", {"alese": [theirs.pk], "catre": "booked"})
    theirs.refresh_from_db()
    assert theirs.mark == Mark.NEW


def test_who_writes_has_seen_it_and_who_reads_has_not(people, firm):
    one = received(firm, package=True)
    people["bogdan"].get(f"/cheltuieli/{one.pk}/")
    one.refresh_from_db()
    assert one.mark == Mark.NEW
    page = words(people["ana"].get(f"/cheltuieli/{one.pk}/"))
    one.refresh_from_db()
    assert one.mark == Mark.SEEN
    for said in ("Factura FCT 1", "Produs de test", "121,00 lei", "nu respinge și nu anulează factura", "Ana Moldovan"):
        assert said in page, said
    assert "Trimiteți mesajul" not in words(people["bogdan"].get(f"/cheltuieli/{one.pk}/"))


def test_its_files_are_what_anaf_gave(people, firm):
    one = received(firm, "FCT 7", package=True)
    xml = people["ana"].get(f"/cheltuieli/{one.pk}/factura.xml")
    assert xml.content == bill("FCT 7")
    assert xml["Content-Disposition"] == 'attachment; filename="33451201-FCT-7.xml"'
    assert people["ana"].get(f"/cheltuieli/{one.pk}/arhiva.zip").content == bytes(one.package.content)
    assert people["ana"].get(f"/cheltuieli/{one.pk}/factura.pdf").content.startswith(b"%PDF")


def test_what_is_expired_says_what_to_do(people, firm):
    one = received(firm, "", reading=Reading.EXPIRED, currency="")
    page = words(people["ana"].get(f"/cheltuieli/{one.pk}/"))
    assert "Expirată în SPV" in page
    assert "Cereți furnizorului fișierul XML sau un PDF" in page
    for name in ("factura.pdf", "factura.xml", "arhiva.zip"):
        assert people["ana"].get(f"/cheltuieli/{one.pk}/{name}").status_code == 404
    assert rows(people["ana"].get("/cheltuieli/?filtru=probleme")) == [one.upload_index]


def test_a_file_that_nobody_can_read_still_has_its_page_and_its_bytes(people, firm):
    one = received(firm, "F 1", package=True, reading=Reading.UNREADABLE)
    for content in (b"PK\x03\x04broken", zipped(one.upload_index, b"<hello/>")):
        one.package.__class__.objects.filter(pk=one.package_id).update(held=content)
        assert "Nu o putem citi" in words(people["ana"].get(f"/cheltuieli/{one.pk}/"))
        assert people["ana"].get(f"/cheltuieli/{one.pk}/arhiva.zip").content == content
        assert people["ana"].get(f"/cheltuieli/{one.pk}/factura.pdf").status_code == 404


def test_a_remark_is_queued_once_and_an_empty_one_is_told(people, firm):
    one = received(firm, package=True)
    answer = people["ana"].post(f"/cheltuieli/{one.pk}/mesaj/", {"text": "  "})
    assert answer.status_code == 422
    assert "Scrieți ce vreți să-i spuneți." in words(answer)
    assert people["ana"].post(f"/cheltuieli/{one.pk}/mesaj/", {"text": "a\x00b"}).status_code == 422
    assert people["ana"].post(f"/cheltuieli/{one.pk}/mesaj/", {"text": "Preț <greșit> & rest"}).status_code == 302
    remark = Remark.objects.get()
    assert (remark.about, remark.state, remark.attempts.count()) == (one.upload_index, RemarkState.QUEUED, 0)
    assert b"Pre\xc8\x9b &lt;gre\xc8\x99it&gt; &amp; rest" in bytes(remark.document)


def test_nobody_remarks_on_what_was_issued_in_their_own_name(people, firm):
    one = received(firm, package=True, seller_cif=firm.cui, standing=Standing.ISSUED_FOR_US)
    assert people["ana"].post(f"/cheltuieli/{one.pk}/mesaj/", {"text": "eu"}).status_code == 404
    assert "este un venit, nu o cheltuială" in words(people["ana"].get(f"/cheltuieli/{one.pk}/"))


def test_the_empty_page_says_what_comes(people, firm, ana):
    assert "Conectați firma la ANAF" in words(people["ana"].get("/cheltuieli/"))
    assert "Conectați firma la ANAF" not in words(people["bogdan"].get("/cheltuieli/"))


def test_trouble_with_the_mailbox_is_said_over_the_list(people, firm):
    received(firm)
    box = Mailbox.objects.create(firm=firm, waiting_for="anaf-down", due_at=timezone.now(), listed_until=timezone.now())
    assert "ANAF nu răspunde; încercăm din nou singuri." in words(people["ana"].get("/cheltuieli/"))
    box.waiting_for = ""
    box.save()
    assert "ultima dată" in words(people["ana"].get("/cheltuieli/"))
    assert Right.objects.count() == 0


def test_asking_now_makes_the_mailbox_due_but_not_every_minute(people, firm):
    now = timezone.now()
    box = Mailbox.objects.create(
        firm=firm, due_at=now + timedelta(minutes=40), listed_until=now - timedelta(minutes=20)
    )
    assert "Întrebăm SPV acum" in words(people["ana"].post("/cheltuieli/verificare/", follow=True))
    box.refresh_from_db()
    assert box.due_at <= timezone.now()
    Mailbox.objects.update(due_at=now + timedelta(minutes=40), listed_until=now)
    assert "de curând" in words(people["ana"].post("/cheltuieli/verificare/", follow=True))


def test_the_table_taken_along_is_what_is_filtered(people, firm):
    received(firm, "F 1", seller_name="=cmd()")
    received(firm, "N 1", type_code="381", effect=Decimal(-121), note="storno")
    lines = b"".join(people["ana"].get("/cheltuieli/export.csv")).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "'=cmd()" in "".join(lines)
    assert ";-100,00;-21,00;-121,00;" in "".join(lines)
    one = b"".join(people["ana"].get("/cheltuieli/export.xlsx?q=storno"))
    sheet = load_workbook(io.BytesIO(one)).active
    assert [cell.value for cell in sheet["C"]] == ["Număr", "N 1"]
    assert people["ana"].get("/cheltuieli/export.pdf").status_code == 404


def test_home_says_what_is_new(people, firm):
    received(firm, "A 1")
    received(firm, "B 1", currency="EUR")
    received(firm, "C 1", mark=Mark.SEEN)
    received(firm, "D 1", reading=Reading.EXPIRED, currency="", effect=0)
    said = summary(firm, timezone.now())
    assert (said.new, [(one.currency, one.total) for one in said.sums], said.unclear) == (
        2, [("RON", 121), ("EUR", 121)], 1,
    )  # fmt: skip
    page = words(people["ana"].get("/"))
    assert "2 documente noi de la furnizori · 121,00 lei · 121,00 EUR" in page
    assert "1 document primit de lămurit" in page


def test_it_is_all_in_english_too(people, firm):
    one = received(firm, package=True)
    people["ana"].post("/cont/limba/", {"language": "en", "next": "/"})
    assert "To be booked" in words(people["ana"].get("/cheltuieli/"))
    page = words(people["ana"].get(f"/cheltuieli/{one.pk}/"))
    assert "in law it neither rejects nor cancels the invoice" in page
    assert "Suppliers" in words(people["ana"].get("/cheltuieli/furnizori/"))

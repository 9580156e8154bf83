"""Venituri and the page of an invoice: what is shown, what changes by itself, and what it costs."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from punte.en16931 import read_ubl
from punte.web.invoices import payments, remembering
from punte.web.invoices.copies import storno_of
from punte.web.invoices.models import Invoice, Means, Stage

from .conftest import TODAY, buyer, draft_of, row, sent

HTMX = {"HTTP_HX_REQUEST": "true"}


def seen_of(page: str) -> str:
    """The address that the page asks again."""
    found = re.search(r'hx-get="([^"]+)"', page)
    assert found, "nothing on the page asks again"
    return found[1].replace("&amp;", "&")


def test_an_empty_list_says_how_to_begin(people, firm):
    page = people["ana"].get("/venituri/").content.decode()
    assert "Nicio factură încă" in page
    assert "/venituri/factura/noua/" in page


def test_tabs_count_and_filter(people, bakery):
    draft_of(bakery)
    for stage in (Stage.REJECTED, Stage.REFUSED, Stage.SENDING, Stage.ACCEPTED):
        sent(draft_of(bakery), stage)
    page = people["ana"].get("/venituri/?filtru=de-rezolvat").content.decode()
    counts = re.findall(r'>([^<>]+)<span class="count[^"]*">(\d+)', page)
    assert counts == [
        ("Toate", "5"),
        ("De rezolvat", "2"),
        ("Ciorne", "1"),
        ("Pe punte", "1"),
        ("Validate", "1"),
        ("Neîncasate", "4"),
    ]
    assert page.count("<tr>") == 3  # the head and two rows


def test_a_doubt_that_only_a_person_can_end_is_to_be_solved(people, bakery):
    ours, hers = (sent(draft_of(bakery), Stage.UNCERTAIN) for _ in range(2))
    hers.submissions.update(waiting_for="too-old")
    page = people["ana"].get("/venituri/?filtru=de-rezolvat").content.decode()
    counts = dict(re.findall(r'>([^<>]+)<span class="count[^"]*">(\d+)', page))
    assert (counts["De rezolvat"], counts["Pe punte"], counts["Toate"]) == ("1", "2", "2")
    assert f"/venituri/{hers.pk}/" in page
    assert f"/venituri/{ours.pk}/" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [("brutăria", 1), ("BRUTARIA", 1), ("trei spice", 1), ("DI 0001", 1), ("33174208", 1), ("Hotel", 0), ("%", 0)],
)
def test_search_by_client_number_or_cui_with_or_without_diacritics(people, bakery, query, found):
    sent(draft_of(bakery))
    page = people["ana"].get("/venituri/", {"q": query}).content.decode()
    assert page.count('class="nr"') == found
    assert found or f"Nimic pentru „{query}”" in page


def test_twenty_a_page_the_newest_on_top_and_each_page_once(people, bakery):
    made = [draft_of(bakery, row(price=str(days + 1)), issued=TODAY - timedelta(days=days // 3)) for days in range(45)]
    newest_first = [one.pk for one in sorted(made, key=lambda one: (one.issue_date, one.pk), reverse=True)]
    pages, address = [], "/venituri/"
    while address:
        page = people["ana"].get(address).content.decode()
        pages.append(rows_of(page))
        if len(pages) == 1:
            draft_of(bakery)  # comes in above while one reads: nothing below moves
        address = link_of(page, "next")
    assert [len(page) for page in pages] == [20, 20, 5]
    assert [pk for page in pages for pk in page] == newest_first
    back = people["ana"].get(link_of(page, "prev")).content.decode()
    assert rows_of(back) == pages[1]
    assert rows_of(people["ana"].get(link_of(back, "prev")).content.decode()) == pages[0]
    for nonsense in ("dupa=abc", "dupa=2026-02-31.1", "inainte=2026-01-01.x", "luna=2026-13", "client=x", "perioada=?"):
        assert people["ana"].get(f"/venituri/?{nonsense}").status_code == 200


def rows_of(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="f-(\d+)"', page)]


def link_of(page: str, way: str) -> str:
    found = re.search(rf'rel="{way}" href="([^"]+)"', page)
    return "/venituri/" + found[1].replace("&amp;", "&") if found else ""


def test_one_jumps_to_a_month_and_goes_on_from_there(people, bakery):
    days = [date(2026, 3, 31), date(2026, 3, 1), date(2026, 2, 28), *[date(2026, 4, n) for n in range(1, 26)]]
    march = [draft_of(bakery, issued=day).pk for day in days][:3]
    page = people["ana"].get("/venituri/?luna=2026-03").content.decode()
    assert rows_of(page) == march
    assert '<option value="2026-03" selected>' in page
    assert len(rows_of(people["ana"].get(link_of(page, "prev")).content.decode())) == 20


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("perioada=luna", [0]),
        ("perioada=luna-trecuta", [1]),
        ("perioada=an-trecut", [2]),
        ("de=2025-01-01&pana=2025-12-31", [2]),
        ("q=1.210,00", [1]),  # 1000 with 21 %
        ("q=1210", [1]),
        ("filtru=neincasate", [0, 1]),
        ("filtru=termen", [1]),
        ("fel=proforme", []),
    ],
)
def test_filters(people, bakery, monkeypatch, asked, found):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 20, 9, tzinfo=UTC))
    draft = draft_of(bakery, issued=date(2025, 5, 5))
    invoices = [
        sent(draft_of(bakery, row(price="500"), issued=date(2026, 11, 19)), Stage.ACCEPTED),
        sent(draft_of(bakery, row(price="1000"), issued=date(2026, 10, 5)), Stage.REJECTED),
        draft,
    ]
    page = people["ana"].get(f"/venituri/?{asked}").content.decode()
    assert sorted(rows_of(page)) == sorted(invoices[n].pk for n in found)


def test_what_is_filtered_is_summed_by_currency_with_what_is_left(people, bakery):
    paid = sent(draft_of(bakery, row(price="100")))
    sent(draft_of(bakery, row(price="1000")))
    euro = sent(draft_of(bakery, row(price="10")))
    Invoice.objects.filter(pk=paid.pk).update(paid=paid.payable)
    Invoice.objects.filter(pk=euro.pk).update(currency="EUR", paid=2)
    page = people["ana"].get("/venituri/").content.decode().replace("\u00a0", " ")
    assert "1.331,00 lei" in page  # 121 and 1210
    assert "de încasat 1.210,00 lei" in page
    assert "12,10 EUR" in page
    assert "de încasat 10,10 EUR" in page


def test_what_a_storno_took_back_whole_is_not_waited_for(people, ana, bakery):
    first = sent(draft_of(bakery, row(quantity="8")))
    for quantity in (3, 5):
        part = storno_of(first, ana, TODAY, lines={first.lines.get().pk: Decimal(quantity)})
        sent(part)
    page = people["ana"].get("/venituri/").content.decode()
    assert "Stinsă prin storno" in page
    assert rows_of(people["ana"].get("/venituri/?filtru=neincasate").content.decode()) == []


def test_a_client_and_days_are_chosen_in_the_form(people, bakery):
    other = buyer(bakery.firm, name="Țesătoria Șerban", cui="18547290")
    theirs = sent(draft_of(other, issued=date(2026, 3, 2)))
    sent(draft_of(other, issued=date(2026, 4, 2)))
    sent(draft_of(bakery, issued=date(2026, 3, 2)))
    asked = f"/venituri/?client={other.pk}&de=2026-03-01&pana=2026-03-31"
    page = people["ana"].get(asked).content.decode()
    assert rows_of(page) == [theirs.pk]
    assert f'<option value="{other.pk}" selected>Țesătoria Șerban</option>' in page
    assert 'name="pana" value="2026-03-31"' in page
    page = people["ana"].get("/venituri/?pana=2026-03-31").content.decode()
    assert "… – 31 martie 2026" in page


def test_a_storno_takes_off_its_part_wherever_money_is_waited_for(people, ana, bakery):
    """8 × 121 = 968; a storno of 3 takes 363 off: 605 are waited for, on the row, over the list, on Acasă and the page.

    A credit note of another 2, half of it given back on it (121 of 242): 605 - 242 + 121 = 484. It is itself not due.
    """
    first = sent(draft_of(bakery, row(quantity="8"), issued=TODAY - timedelta(days=40)))
    line = first.lines.get().pk

    def waited() -> set[str]:
        pages = ("/venituri/", "/venituri/?filtru=neincasate", "/", f"/venituri/{first.pk}/")
        said = [people["ana"].get(page).content.decode().replace("\u00a0", " ") for page in pages]
        over = re.search(r"de încasat ([\d.,]+ lei)", said[0])
        row = re.search(r"rest ([\d.,]+ lei)", said[0])
        tab = re.search(r"</b><span>([\d.,]+ lei)", said[1])
        home = re.search(r"Scadență trecută: [^,]+, ([\d.,]+ lei)", said[2])
        page = re.search(r"Rămân de încasat <b>([\d.,]+ lei)", said[3])
        return {found[1] if found else "" for found in (over, row, tab, home, page)}

    sent(storno_of(first, ana, TODAY, lines={line: Decimal(3)}))
    assert waited() == {"605,00 lei"}
    credit = sent(storno_of(first, ana, TODAY, lines={line: Decimal(2)}, credit_note=True))
    payments.receive(credit, Decimal(-121), TODAY, Means.TRANSFER, ana)
    assert waited() == {"484,00 lei"}
    assert rows_of(people["ana"].get("/venituri/?filtru=neincasate").content.decode()) == [first.pk]
    assert payments.left(credit) == 0
    payments.receive(first, Decimal(484), TODAY, Means.TRANSFER, ana)
    assert rows_of(people["ana"].get("/venituri/?filtru=neincasate").content.decode()) == []


def test_what_a_large_firm_is_told_is_right_at_once(people, ana, bakery, monkeypatch):
    monkeypatch.setattr(remembering, "LARGE", 1)
    cache.clear()
    first, _other = (sent(draft_of(bakery, row(price="1000"))) for _ in range(2))

    def said(page: str) -> str:
        return people["ana"].get(page).content.decode().replace("\u00a0", " ")

    for page in ("/venituri/", "/"):
        assert "2.420" in said(page), page
    payments.receive(first, Decimal(1210), TODAY, Means.TRANSFER, ana)
    for page in ("/venituri/", "/"):
        assert "1.210" in said(page), page
    assert "de încasat 1.210,00 lei" in said("/venituri/")


def test_a_client_with_a_new_name_is_found_by_it_on_old_invoices_too(people, bakery):
    invoice = sent(draft_of(bakery))
    bakery.name, bakery.foreign_vat = "Pâinea Țării SRL", "DE123456789"
    bakery.save()
    for query, count in (("painea tarii", 1), ("brutaria", 0), (invoice.label, 1), ("de123456789 painea", 1)):
        assert len(rows_of(people["ana"].get("/venituri/", {"q": query}).content.decode())) == count, query


def test_the_list_costs_the_same_for_two_and_for_twenty(people, bakery):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            people["ana"].get("/venituri/")
        return len(asked)

    for _ in range(2):
        sent(draft_of(bakery))
    queries()  # once a minute it is asked whether the firm is a large one
    few = queries()
    for stage in (*[Stage.PROCESSING] * 9, *[Stage.ACCEPTED] * 9):
        sent(draft_of(buyer(bakery.firm, cui="", name="Popa Andrei", private=True)), stage)
    assert queries() == few


def test_rows_under_way_change_by_themselves_and_say_so_once(people, bakery):
    moving = sent(draft_of(bakery), Stage.SENDING)
    sent(draft_of(bakery))
    address = seen_of(people["ana"].get("/venituri/").content.decode())
    assert people["ana"].get(address, **HTMX).status_code == 204  # nothing new: page and screen reader stay quiet
    Invoice.objects.filter(pk=moving.pk).update(stage=Stage.ACCEPTED)
    answer = people["ana"].get(address, **HTMX).content.decode()
    assert f"Factura {moving.label}: Validată." in answer
    assert answer.count("Factura ") == 1
    assert "hx-get" not in answer  # all has arrived: the page stops asking
    assert '<nav class="tabs" id="file"' in answer


def test_a_list_at_rest_does_not_ask(people, bakery):
    draft_of(bakery)
    sent(draft_of(bakery))
    assert "hx-get" not in people["ana"].get("/venituri/").content.decode()


def test_the_page_of_an_invoice_changes_by_itself(people, bakery):
    moving = sent(draft_of(bakery), Stage.PROCESSING)
    address = seen_of(people["ana"].get(f"/venituri/{moving.pk}/").content.decode())
    assert people["ana"].get(address, **HTMX).status_code == 204
    Invoice.objects.filter(pk=moving.pk).update(stage=Stage.ACCEPTED)
    answer = people["ana"].get(address, **HTMX).content.decode()
    assert f"Factura {moving.label}: Validată." in answer
    assert 'id="cap" hx-swap-oob="true"' in answer
    assert "Stornați" in answer


@pytest.mark.parametrize(
    ("stage", "offered", "absent"),
    [
        (Stage.DRAFT, ["Editați", "Trimite<", "Ștergeți ciorna"], ["Arhiva ZIP", "Stornați"]),
        (Stage.REJECTED, ["Corectați factura", "Trimite<"], ["Ștergeți ciorna", "Stornați"]),
        (Stage.UNCERTAIN, ["PDF", "XML"], ["Trimite<", "Editați", "Corectați factura", "Stornați"]),
        (Stage.ACCEPTED, ["Arhiva ZIP", "Stornați", "Copiați"], ["Trimite<", "Editați", "Ștergeți ciorna"]),
    ],
)
def test_each_stage_offers_what_can_be_done(people, bakery, stage, offered, absent):
    invoice = draft_of(bakery) if stage == Stage.DRAFT else sent(draft_of(bakery), stage)
    page = people["ana"].get(f"/venituri/{invoice.pk}/").content.decode()
    assert [word for word in offered if word not in page] == []
    assert [word for word in absent if word in page] == []


def test_a_draft_with_gaps_shows_them_instead_of_trimite(people, firm):
    invoice = draft_of(buyer(firm, city=""))
    page = people["ana"].get(f"/venituri/{invoice.pk}/").content.decode()
    assert "1 lucru de completat" in page.replace("\u00a0", " ")
    assert "Trimite<" not in page
    assert f"/venituri/{invoice.pk}/editare/#id_client-city" in page


def test_what_was_sent_is_shown_and_handed_out_as_it_was_sent(people, bakery):
    invoice = sent(draft_of(bakery))
    bakery.name = "Brutăria cu alt nume SRL"
    bakery.save()
    frozen = bytes(invoice.submissions.get().document)
    answer = people["ana"].get(f"/venituri/{invoice.pk}/factura.xml")
    assert (answer.content, answer["Content-Disposition"]) == (frozen, 'attachment; filename="DI-0001.xml"')
    assert "<b>Brutăria Trei Spice SRL</b>" in people["ana"].get(f"/venituri/{invoice.pk}/").content.decode()
    pdf = people["ana"].get(f"/venituri/{invoice.pk}/factura.pdf").content
    assert frozen in [content for files in PdfReader(io.BytesIO(pdf)).attachments.values() for content in files]


def test_a_draft_is_handed_out_as_a_draft(people, draft):
    answer = people["ana"].get(f"/venituri/{draft.pk}/factura.xml")
    assert answer["Content-Disposition"] == f'attachment; filename="CIORNA-{draft.pk}.xml"'
    assert read_ubl(answer.content).number == "DI 0001"


def test_a_storno_is_a_draft_with_reference_and_turned_quantities(people, bakery):
    first = sent(draft_of(bakery))
    answer = people["ana"].post(f"/venituri/{first.pk}/stornare/")
    draft = Invoice.objects.latest("pk")
    assert answer["Location"] == f"/venituri/{draft.pk}/editare/"
    assert (draft.preceding, draft.payable, draft.lines.get().quantity) == (first, -first.payable, -1)
    assert "ANAF ar valida factura" in people["ana"].get(answer["Location"]).content.decode()
    assert "Stornată de" in people["ana"].get(f"/venituri/{first.pk}/").content.decode()


def test_what_anaf_has_not_accepted_is_not_taken_back(people, bakery):
    invoice = sent(draft_of(bakery), Stage.PROCESSING)
    page = people["ana"].post(f"/venituri/{invoice.pk}/stornare/", follow=True).content.decode()
    assert "Se stornează o factură validată" in page
    assert Invoice.objects.count() == 1


def test_a_copy_is_a_draft_of_today(people, bakery):
    first = sent(draft_of(bakery, issued=TODAY - timedelta(days=40)))
    people["ana"].post(f"/venituri/{first.pk}/copiere/")
    copy = Invoice.objects.latest("pk")
    assert (copy.stage, copy.number, copy.issue_date, copy.payable) == (Stage.DRAFT, None, TODAY, first.payable)


def test_a_draft_without_number_is_deleted_one_with_a_number_is_not(people, bakery):
    draft, numbered = draft_of(bakery), sent(draft_of(bakery), Stage.REJECTED)
    for invoice in (draft, numbered):
        people["ana"].post(f"/venituri/{invoice.pk}/stergere/")
    assert list(Invoice.objects.all()) == [numbered]

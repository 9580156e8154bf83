"""The editor, as a browser without JavaScript drives it: every button is a form sent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punte.romania import check
from punte.web.invoices import document
from punte.web.invoices.models import Client, Counter, Invoice, Series, Stage
from punte.web.invoices.numbering import keep_series, upcoming, upcoming_label

from .conftest import TODAY, buyer, draft_of, row, sent, typed

NEW = "/venituri/factura/noua/"


@pytest.fixture
def ana_types(people):
    """What the page answers to what Ana sends."""

    def send(address: str = NEW, **fields: str) -> str:
        return people["ana"].post(address, typed(**fields), follow=True).content.decode()

    return send


def saved() -> Invoice:
    return Invoice.objects.latest("pk")


# --- keeping a draft ---


def test_a_draft_is_kept_with_its_client_series_rows_and_totals(ana_types, firm):
    page = ana_types(
        rand__1__name="Carte",
        rand__1__unit="H87",
        rand__1__quantity="3",
        rand__1__price="33,335",
        rand__1__vat="reduced",
    )
    invoice = saved()
    assert "Ciorna a fost salvată." in page
    assert (invoice.client.name, invoice.client.cui, invoice.client.city) == (
        "Brutăria Trei Spice SRL",
        "33174208",
        "SECTOR3",
    )
    # 8 × 1.234,50 = 9.876,00 at 21 % is 2.073,96; 3 × 33,335 = 100,01 at 11 % is 11,00
    assert (invoice.net, invoice.vat, invoice.payable) == (Decimal("9976.01"), Decimal("2084.96"), Decimal("12060.97"))
    assert [line.position for line in invoice.lines.all()] == [1, 2]
    assert (invoice.series.prefix, invoice.number, invoice.label) == ("AS", None, "")


def test_the_same_client_is_not_made_twice(ana_types):
    ana_types()
    ana_types(client__street="Str. Nouă 5")
    assert [client.street for client in Client.objects.all()] == ["Str. Nouă 5"]


def test_a_firm_may_go_on_where_its_former_program_stopped(ana_types):
    ana_types(factura__series="DI", factura__first_number="188")
    assert upcoming_label(Series.objects.get(), date(2026, 1, 1)) == "DI 0188"


def test_a_series_can_be_renamed_until_its_first_number_is_given(people, ana_types):
    ana_types(factura__series="TYPO")
    ana_types(factura__series="DI", factura__first_number="188")
    assert [(one.prefix, one.first_number) for one in Series.objects.all()] == [("DI", 188)]
    people["ana"].post(NEW, typed(factura__series="DI", factura__first_number="188", action="send"))
    assert saved().label == "DI 0188"
    page = people["ana"].get(NEW).content.decode()
    assert "DI (urmează 0189)" in page
    assert "Primul număr" not in page


def test_keeping_a_draft_never_turns_the_numbers_back(people, bakery):
    """A draft opened before a colleague sent another: saving it must not write the old next number."""
    stale = draft_of(bakery).series
    sent(draft_of(bakery))
    stale.first_number = 1
    keep_series(stale)
    assert upcoming(Series.objects.get(), date(2026, 1, 1)) == 2


def test_a_draft_that_anaf_would_refuse_is_kept_all_the_same(ana_types):
    page = ana_types(client__city="", client__street="")
    assert saved().client.city == ""
    assert "Ciorna a fost salvată. Mai sunt lucruri de completat" in page
    assert "de la SECTOR1 la SECTOR6" in page
    assert "BR-RO-101" in page
    assert 'href="#id_client-street"' in page


def test_the_problem_stands_beside_its_field_in_the_same_words(ana_types):
    page = ana_types(rand__0__name="")
    assert page.count("Lipsește denumirea produsului sau a serviciului") == 2  # in the list and under the row
    assert "BR-25" in page


# --- sending ---


def test_one_press_numbers_the_invoice_and_puts_it_on_its_way(people):
    answer = people["ana"].post(NEW, typed(action="send"))
    invoice = saved()
    assert (invoice.label, invoice.stage, answer["Location"]) == ("AS 0001", Stage.QUEUED, f"/venituri/{invoice.pk}/")
    assert bytes(invoice.submissions.get().document) == document.ubl(invoice)


def test_what_anaf_would_refuse_is_kept_not_sent_and_takes_no_number(ana_types):
    page = ana_types(action="send", client__city="")
    assert "Am salvat ciorna, dar nu am trimis-o" in page
    assert (saved().stage, saved().number, saved().submissions.count()) == (Stage.DRAFT, None, 0)
    assert not Counter.objects.exists()


def test_pressing_twice_sends_once(people):
    people["ana"].post(NEW, typed())
    address = f"/venituri/{saved().pk}/editare/"
    people["ana"].post(address, typed(action="send"))
    again = people["ana"].post(address, typed(action="send"), follow=True).content.decode()
    assert saved().submissions.count() == 1
    assert "nu se mai poate schimba" in again


def test_a_rejected_invoice_is_corrected_and_keeps_its_number(people, bakery):
    invoice = sent(draft_of(bakery), Stage.REJECTED)
    label = invoice.label
    page = people["ana"].get(f"/venituri/{invoice.pk}/editare/").content.decode()
    assert f"Factura {label}" in page
    people["ana"].post(f"/venituri/{invoice.pk}/editare/", typed(action="send", rand__0__price="7"))
    invoice.refresh_from_db()
    assert (invoice.label, invoice.stage, invoice.net) == (label, Stage.QUEUED, 56)  # 8 × 7


# --- rows and client, without JavaScript ---


def test_a_row_is_added_and_removed_and_nothing_typed_is_lost(ana_types):
    page = ana_types(action="add", rand__0__price="încă nu știu")
    assert 'name="rand-1-name"' in page
    assert 'value="încă nu știu"' in page
    assert "nu este un număr" not in page.split('id="verdict"')[0]  # the person is not finished yet
    page = ana_types(action="remove-0", rand__1__name="Etichete", rand__1__price="5")
    assert 'name="rand-0-name" value="Etichete"' in page  # rows are numbered by their place
    assert 'name="rand-1-name"' not in page
    assert 'name="scos-rand-0-name" value="Fotografie de produs"' in page  # at hand, for „Anulează”
    assert not Invoice.objects.exists()


def test_the_last_row_is_not_taken_away(ana_types):
    assert 'name="rand-0-name"' in ana_types(action="remove-0")


def test_a_known_client_is_filled_in_by_its_name(people, bakery):
    page = people["ana"].post(NEW, {"action": "pick", "client-name": "brutăria trei spice srl"}).content.decode()
    assert 'value="RO\u00a033174208"' in page
    assert '<option value="SECTOR3" selected>' in page


def test_a_client_is_found_at_anaf_by_cui(people, anaf):
    page = people["ana"].post(NEW, {"action": "find", "client-name": "33451201"}).content.decode()
    assert "Plătitor de TVA, găsit la ANAF azi" in page
    assert '<option value="SECTOR3" selected>' in page
    assert not Client.objects.exists()


def test_who_saves_before_pressing_the_search_has_the_client_found_all_the_same(ana_types, anaf):
    empty = {"client__cui": "", "client__street": "", "client__county": "", "client__city": ""}
    ana_types(client__name="RO 33451201", **empty)
    assert (saved().client.name, saved().client.city) == ("Brutăria din Colț SRL", "SECTOR3")


def test_who_saves_with_a_cui_that_nobody_knows_is_told_why(ana_types, anaf):
    page = ana_types(client__name="18547290", client__cui="")
    assert "ANAF nu cunoaște codul 18547290" in page
    assert not Invoice.objects.exists()


def test_a_new_name_is_no_question_to_anyone(people, firm):
    assert people["ana"].post(NEW, typed(action="pick", client__name="Firmă Nouă SRL")).status_code == 204


@pytest.mark.parametrize(
    ("cui", "words"),
    [
        ("33451202", "cifra de control"),  # the last digit is wrong
        ("18547290", "ANAF nu cunoaște codul 18547290"),
        ("abc", "La ANAF se caută după CUI"),
    ],
)
def test_a_client_not_found_leaves_what_is_typed_and_says_why(people, anaf, cui, words):
    page = people["ana"].post(NEW, typed(action="find", client__cui=cui)).content.decode()
    assert words in page
    assert 'value="Brutăria Trei Spice SRL"' in page
    assert 'value="1.234,50"' in page


def test_when_the_register_is_silent_one_goes_on_by_hand(people, settings):
    settings.ANAF_LOGIN = settings.ANAF_API = settings.ANAF_PUBLIC = "http://127.0.0.1:9"
    page = people["ana"].post(NEW, typed(action="find")).content.decode()
    assert "Registrul ANAF nu răspunde acum" in page


# --- bad input: a clear message, nothing kept, nothing lost ---


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("rand-0-price", "1,1234567", "Prețul: cel mult 6 zecimale; ați scris 7."),
        ("rand-0-price", "o sută", "Prețul: „o sută” nu este un număr."),
        ("rand-0-price", "-5", "Prețul nu poate fi negativ. Pentru un retur scrieți cantitatea cu minus."),
        ("rand-0-price", "", "Prețul lipsește."),
        ("rand-0-quantity", "0", "Cantitatea nu poate fi zero."),
        ("rand-0-quantity", "1.2.3", "Cantitatea: „1.2.3” nu este un număr."),
        ("rand-0-name", "x" * 101, "100"),
        ("rand-0-vat", "historic:19", "nu se aplică acestui client"),  # ended on 31 July 2025
        ("rand-0-unit", "buc", "buc"),
        ("client-cui", "RO33174209", "cifra de control (ultima) nu se potrivește"),
        ("client-cui", "1850505080011", "13 cifre"),
        ("client-name", "", "Scrieți denumirea clientului"),
        ("client-name", "RO33174208", "Ați scris un cod în locul numelui"),
        ("client-email", "ilinca", "e-mail"),
        ("factura-issue_date", "30.02.2026", "„30.02.2026” nu este o dată din calendar"),
        ("factura-issue_date", "22.11.0206", "Verificați anul"),
        ("factura-issue_date", "", "Data emiterii lipsește."),
        ("factura-due_date", (TODAY - timedelta(days=1)).isoformat(), "Scadența e înaintea datei emiterii."),
        ("factura-due_date", "2062-11-22", "peste mai mult de zece ani"),
        ("factura-series", "F 2026", "fără spații"),
        ("factura-first_number", "0", "1"),
        ("factura-note", "x" * 301, "300"),
    ],
)
def test_bad_input_is_answered_in_words_and_nothing_is_kept_or_lost(people, field, value, words):
    answer = people["ana"].post(NEW, typed() | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Ciorna nu a fost salvată încă" in page
    assert words in page
    assert not Invoice.objects.exists()
    assert not Client.objects.exists()
    if value and field not in {"rand-0-vat", "rand-0-unit", "client-cui"}:
        assert value in page


@pytest.mark.parametrize("junk", ["rand-x-name", "rand--1-name", "rand-99999-name", "rand-0"])
def test_a_form_that_no_browser_of_ours_sends_is_not_an_error_of_ours(people, junk):
    assert people["ana"].post(NEW, typed() | {junk: "x"}).status_code == 302


# --- regimes ---


def test_who_is_not_registered_sees_no_vat_and_writes_none(people, carmens_firm):
    assert 'name="rand-0-vat"' not in people["carmen"].get(NEW).content.decode()
    people["carmen"].post(NEW, typed())
    assert (saved().vat, saved().payable, saved().lines.get().vat_category) == (0, Decimal("9876.00"), "O")


def test_a_correction_may_keep_the_rate_of_what_it_corrects(people, bakery):
    old = sent(draft_of(bakery, row(rate="19"), issued=TODAY.replace(year=2025, month=7, day=1)))
    people["ana"].post(f"/venituri/{old.pk}/stornare/")
    draft = saved()
    page = people["ana"].get(f"/venituri/{draft.pk}/editare/").content.decode()
    assert '<option value="historic:19" selected>' in page
    assert "ANAF ar valida factura" in page


def test_a_rate_that_is_no_longer_law_is_not_sent_again(people, bakery):
    """The official rules do not look at it: a copy of an old invoice would carry 19 % without a word."""
    old = sent(draft_of(bakery, row(rate="19"), issued=TODAY.replace(year=2025, month=7, day=1)))
    people["ana"].post(f"/venituri/{old.pk}/copiere/")
    copy = saved()
    assert "Cota de 19 % nu este în vigoare" in people["ana"].get(f"/venituri/{copy.pk}/editare/").content.decode()
    assert "Trimite<" not in people["ana"].get(f"/venituri/{copy.pk}/").content.decode()


def test_a_company_without_cui_is_asked_for_it_even_where_the_rules_do_not(people, carmens_firm):
    page = people["carmen"].post(NEW, typed(client__cui=""), follow=True).content.decode()
    assert "Scrieți CUI-ul clientului sau bifați „persoană fizică”." in page


# --- what is green is green ---

words = st.text(min_size=1, max_size=60)
money = st.decimals(min_value=0, max_value=10**6, places=4).map(lambda n: f"{n:f}".replace(".", ","))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=words,
    item=words,
    note=st.text(max_size=80),
    quantity=st.decimals(min_value=-1000, max_value=1000, places=3).map(lambda n: f"{n:f}".replace(".", ",")),
    price=money,
    rate=st.sampled_from(["standard", "reduced"]),
    city=st.sampled_from(["", "SECTOR1", "Sector 3", "Cluj"]),
    private=st.booleans(),
)
def test_whatever_the_form_accepts_and_shows_green_passes_the_rules(
    people, name, item, note, quantity, price, rate, city, private
):
    fields = {"client-name": name, "client-city": city, "rand-0-name": item, "factura-note": note}
    fields |= {"rand-0-quantity": quantity, "rand-0-price": price, "rand-0-vat": rate}
    if private:
        fields |= {"client-private": "on", "client-cui": ""}
    before = set(Invoice.objects.values_list("pk", flat=True))
    answer = people["ana"].post(NEW, typed() | fields, follow=True)
    assert answer.status_code == 200
    green = "ANAF ar valida factura" in answer.content.decode()
    for invoice in Invoice.objects.exclude(pk__in=before):
        assert green == (not check(document.ubl(invoice)).fatal)


def test_the_preview_is_the_pdf_of_what_is_typed_and_keeps_nothing(people):
    answer = people["ana"].post("/venituri/factura/previzualizare/", typed())
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert not Invoice.objects.exists()
    page = people["ana"].post("/venituri/factura/previzualizare/", typed(rand__0__price="abc")).content.decode()
    assert "nu este un număr" in page


def test_names_that_look_like_markup_stay_text(people, firm):
    buyer(firm, name="<script>alert(1)</script>", cui="")
    page = people["ana"].get(NEW).content.decode()
    assert "<script>alert" not in page

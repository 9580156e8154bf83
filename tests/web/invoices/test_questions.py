"""The editor's questions: who the client is, what VAT may be, currency, discounts, advances; rows; autosave."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict

from punte.romania import check
from punte.web.invoices import document, gestures
from punte.web.invoices.models import Client, ExchangeRate, Invoice, Kind, Line, Product

from .conftest import TODAY, buyer, draft_of, row, sent, typed

NEW = "/venituri/factura/noua/"
GERMAN = {
    "client-name": "Müller Werkzeuge GmbH",
    "client-cui": "",
    "client-vat_registered": "",
    "client-country": "DE",
    "client-foreign_vat": "136695976",
    "client-street": "Hauptstr. 4",
    "client-county": "",
    "client-city": "Köln",
}


def saved() -> Invoice:
    return Invoice.objects.latest("pk")


@pytest.fixture
def post(people):
    def send(address: str = NEW, **fields: str) -> str:
        return people["ana"].post(address, typed() | fields, follow=True).content.decode()

    return send


def options(page: str) -> list[str]:
    """The slugs that the first row's VAT offers."""
    cell = page.split('id="tva-rand-0"')[1].split("</select>")[0]
    return [part.split('"')[0] for part in cell.split('<option value="')[1:]]


# --- who the client is ---


def test_a_firm_of_the_union_is_asked_for_its_code_and_whether_it_buys_goods_or_services(post):
    page = post(**GERMAN, action="client")
    assert "Cod de TVA în UE" in page
    assert "Ce vindeți acestui client?" in page
    assert {"intra_community", "services_eu"} <= set(options(page))
    assert 'name="client-county" type="hidden"' in page or 'type="hidden" name="client-county"' in page


def test_goods_or_services_answers_for_every_row_and_writes_the_codes(post):
    fields = GERMAN | {"rand-1-name": "Transport", "rand-1-quantity": "1", "rand-1-unit": "H87", "rand-1-price": "9"}
    page = post(**fields, action="services")
    assert page.count('<option value="services_eu" selected>') == 2
    post(**fields | {"rand-0-vat": "services_eu", "rand-1-vat": "services_eu"}, action="save")
    client = saved().client
    assert (client.country, client.foreign_vat, client.county, client.cui) == ("DE", "DE136695976", "", "")
    assert {line.vat_case for line in saved().lines.all()} == {"services_eu"}
    assert not check(document.ubl(saved())).fatal


@pytest.mark.parametrize(
    ("code", "words"),
    [("FR136695976", "începe cu FR, dar pentru țara aleasă începe cu DE"), ("DE136695977", "nu are forma codurilor")],
)
def test_a_code_of_another_country_or_with_a_wrong_digit_is_told(people, code, words):
    page = people["ana"].post(NEW, typed() | GERMAN | {"client-foreign_vat": code}).content.decode()
    assert words in page
    assert not Invoice.objects.exists()


def test_a_private_person_may_leave_a_personal_number_and_needs_none(post):
    person = {"client-name": "Maria Popa", "client-private": "on", "client-cui": "", "client-vat_registered": ""}
    post(**person, action="save")
    assert (saved().client.private, saved().client.cnp) == (True, "")
    post(**person | {"client-name": "Ion Popa", "client-cnp": "1800101221144"}, action="save")
    assert saved().client.cnp == "1800101221144"


def test_several_clients_that_one_may_have_meant_are_offered_without_javascript(post, bakery, firm):
    other = buyer(firm, name="Brutăria Nouă SRL", cui="18547290")
    page = post(**{"client-name": "brutaria", "client-cui": ""}, action="find")
    assert f'value="pick-{bakery.pk}"' in page
    page = post(**{"client-name": "brutaria", "client-cui": ""}, action=f"pick-{other.pk}")
    assert 'value="Brutăria Nouă SRL"' in page


def test_the_clients_of_another_firm_are_neither_suggested_nor_picked(people, bakery, carmens_firm):
    hers = buyer(carmens_firm, name="Brutăria Ascunsă SRL", cui="18547290")
    assert "Ascunsă" not in people["ana"].get("/clienti/sugestii/?q=brut").content.decode()
    page = people["ana"].post(NEW, typed(action=f"pick-{hers.pk}")).content.decode()
    assert "Ascunsă" not in page


def test_suggestions_find_without_diacritics_and_end_with_the_way_to_anaf(people, bakery):
    found = people["ana"].get("/clienti/sugestii/?q=brutaria").content.decode()
    assert f'data-client="{bakery.pk}"' in found
    assert "data-anaf" in people["ana"].get("/clienti/sugestii/?q=33174208").content.decode()


# --- VAT, money ---


def test_reverse_charge_is_offered_between_two_registered_and_says_its_condition(post):
    page = post(action="judge", **{"rand-0-vat": "reverse_charge:waste"})
    assert "Vindeți deșeuri sau materii prime secundare unui plătitor de TVA?" in page
    page = post(action="client", **{"client-vat_registered": ""})
    assert "reverse_charge:waste" not in options(page)


def test_an_expert_sets_the_category_and_code_by_hand(post):
    post(action="save", **{"rand-0-expert": "E", "rand-0-expert_detail": "vatex-eu-132-1b"})
    line = saved().lines.get()
    assert (line.vat_case, line.vat_category, line.vat_rate) == ("expert:E:VATEX-EU-132-1B", "E", Decimal(0))
    page = post(
        f"/venituri/{saved().pk}/editare/", action="save", **{"rand-0-expert": "S", "rand-0-expert_detail": "23"}
    )
    assert "Pentru S scrieți o cotă care a fost în vigoare" in page


def test_an_invoice_in_euro_takes_the_rate_that_bnr_published_before_its_day(post):
    day = TODAY - timedelta(days=1)
    ExchangeRate.objects.create(currency="EUR", published=day, lei=Decimal("5.0913"))
    for back in range(2, 8):  # whatever the working day before was
        ExchangeRate.objects.create(currency="EUR", published=TODAY - timedelta(days=back), lei=Decimal("5.0913"))
    page = post(action="money", **{"factura-currency": "EUR"})
    assert 'value="5,0913"' in page
    assert "Preț, EUR" in page
    post(action="save", **{"factura-currency": "EUR"})
    invoice = saved()
    assert (invoice.currency, invoice.exchange_rate) == ("EUR", Decimal("5.0913"))
    assert invoice.exchange_rate_day is not None
    assert invoice.vat_lei == Decimal("10559.15")  # 9.876,00 × 21 % = 2.073,96 euro × 5,0913
    post(action="save", **{"factura-currency": "EUR", "factura-exchange_rate": "5", "factura-rate_found": "5,0913"})
    assert (saved().exchange_rate, saved().exchange_rate_day) == (Decimal(5), None)  # by hand: not BNR's


def test_discounts_on_a_row_and_on_the_whole_are_taken_off_to_the_cent(post):
    page = post(
        action="save", **{"rand-0-discount": "10 %", "reducere-value": "88,40", "reducere-reason": "Fidelitate"}
    )
    assert "Ciorna a fost salvată" in page
    # 8 × 1.234,50 = 9.876,00, less 987,60 is 8.888,40, less 88,40 is 8.800,00; 21 % is 1.848,00
    assert (saved().net, saved().vat, saved().payable) == (Decimal(8800), Decimal(1848), Decimal(10648))
    again = post(f"/venituri/{saved().pk}/editare/", action="judge")
    assert "ANAF ar valida" in again
    page = post(action="save", **{"rand-0-discount": "mult"})
    assert "nu este o sumă și nici un procent" in page


def test_the_discounts_come_back_to_their_fields(people, post):
    post(action="save", **{"rand-0-discount": "10 %", "reducere-value": "5 %", "adaos-value": "20"})
    page = people["ana"].get(f"/venituri/{saved().pk}/editare/").content.decode()
    for value in ('value="10 %"', 'value="5 %"', 'value="20,00"'):
        assert value in page


def test_an_advance_is_deducted_once(people, post, bakery):
    advance = sent(draft_of(bakery, row("Avans", "1", "500"), is_advance=True))
    page = post(action="judge")
    assert f'value="deduct-{advance.pk}"' in page
    page = post(action=f"deduct-{advance.pk}")
    assert f"Avans facturat cu {advance.label}" in page
    deducted = {"rand-1-name": "Avans", "rand-1-quantity": "-1", "rand-1-unit": "H87", "rand-1-price": "500"}
    deducted |= {"rand-1-vat": "standard", "rand-1-advance": str(advance.pk), "factura-series": "DI"}
    post(action="save", **deducted)
    assert saved().lines.get(position=2).advance == advance
    assert f'value="deduct-{advance.pk}"' not in post(action="judge")


def test_what_a_row_claims_of_another_firm_is_not_kept(post, carmens_firm):
    hers = Product.objects.create(firm=carmens_firm, name="Al ei")
    theirs = draft_of(buyer(carmens_firm))
    post(action="save", **{"rand-0-product": str(hers.pk), "rand-0-corrects": str(theirs.lines.get().pk)})
    assert (saved().lines.get().product, saved().lines.get().corrects) == (None, None)


def test_references_notes_supply_day_and_account_are_kept(post, people, firm):
    account = firm.bank_accounts.create(iban="RO66TREZ2165069XXX010203")
    fields = {"factura-bt_13": "C-77", "factura-internal_note": "sunați-l", "factura-supply_date": TODAY.isoformat()}
    post(action="save", **fields, **{"factura-bank_account": str(account.pk), "factura-is_advance": "on"})
    invoice = saved()
    assert (invoice.references, invoice.internal_note, invoice.bank_account, invoice.is_advance) == (
        {"BT-13": "C-77"},
        "sunați-l",
        account,
        True,
    )
    page = people["ana"].get(f"/venituri/{invoice.pk}/editare/").content.decode()
    assert 'value="C-77"' in page


def test_a_self_billed_invoice_has_its_type_and_its_series(post):
    page = post(action="money", **{"factura-self_billed": "on"})
    assert "Furnizor" in page or "AS-AF" in page
    post(action="save", **{"factura-self_billed": "on", "factura-series": "AS-AF"})
    assert (saved().self_billed, saved().type_code, saved().series.purpose) == (True, "389", "self_billed")


# --- rows, as data ---


def form_of(*names: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data["client-name"] = "Brut"
    for place, name in enumerate(names):
        data[f"rand-{place}-name"] = name
    return data


def names(data: QueryDict) -> list[str]:
    return [
        data[f"rand-{n}-name"] for n in range(sum(key.startswith("rand-") and key.endswith("-name") for key in data))
    ]


def test_a_deleted_row_comes_back_where_it_was():
    without = gestures.without_row(form_of("a", "b", "c"), "1")
    assert names(without) == ["a", "c"]
    assert names(gestures.restored(without)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("index", "by", "order"), [("0", 1, "bac"), ("2", -1, "acb"), ("0", -1, "abc"), ("2", 1, "abc"), ("9", 1, "abc")]
)
def test_a_row_moves_and_stops_at_the_ends(index, by, order):
    assert "".join(names(gestures.moved(form_of("a", "b", "c"), index, by))) == order


def test_a_row_becomes_a_product_and_a_product_a_row(post, people, firm):
    page = post(action="remember-0")
    product = Product.objects.get()
    assert "este acum între produse" in page
    assert (product.name, product.price, product.vat_case) == ("Fotografie de produs", Decimal("1234.50"), "")
    page = people["ana"].get(f"{NEW}?produs={product.pk}").content.decode()
    assert 'value="1234,50"' in page
    found = people["ana"].get("/produse/sugestii/?q=FOTO").content.decode()
    assert "Fotografie de produs" in found


def test_a_product_with_a_deposit_brings_its_row_along(people, firm):
    product = Product.objects.create(firm=firm, name="Apă minerală", price=Decimal(4), deposit=True)
    page = people["ana"].get(f"{NEW}?produs={product.pk}").content.decode()
    assert 'name="rand-1-name" value="Garanție SGR"' in page
    assert 'value="0,50"' in page
    assert '<option value="sgr" selected>' in page
    assert "data-deposit=" in people["ana"].get("/produse/sugestii/?q=apa").content.decode()


# --- the draft keeps itself ---


def autosave(browser, address: str = NEW, **fields: str) -> dict[str, str]:
    return browser.post(address, typed(action="autosave") | fields).json()


def test_a_draft_keeps_itself_and_the_page_goes_on_with_it(people):
    answer = autosave(people["ana"])
    assert (answer["state"], answer["address"]) == ("saved", f"/venituri/{saved().pk}/editare/")
    again = autosave(people["ana"], answer["address"], **{"factura-seen": answer["seen"], "rand-0-price": "7"})
    assert again["state"] == "saved"
    assert (Invoice.objects.count(), saved().net) == (1, 56)


def test_a_name_still_being_typed_leaves_no_clients_behind(people, bakery):
    first = {"client-cui": "", "client-private": "on"}
    answer = autosave(people["ana"], **first, **{"client-name": "Brut"})
    seen = {"factura-seen": answer["seen"], "client-born": str(answer["born"])}
    answer = autosave(people["ana"], answer["address"], **first, **seen, **{"client-name": "Brutus Pop"})
    assert {client.name for client in Client.objects.all()} == {bakery.name, "Brutus Pop"}
    seen = {"factura-seen": answer["seen"], "client-born": str(answer["born"])}
    autosave(people["ana"], answer["address"], **seen)  # in the end it was the bakery
    assert {client.name for client in Client.objects.all()} == {bakery.name}


def test_a_colleagues_version_is_not_overwritten_until_one_says_so(people, draft):
    address = f"/venituri/{draft.pk}/editare/"
    stale = {"factura-seen": draft.changed_at.isoformat(), "rand-0-price": "1"}
    people["ana"].post(address, typed(rand__0__price="2"))
    assert autosave(people["ana"], address, **stale)["state"] == "changed"
    page = people["ana"].post(address, typed() | stale).content.decode()
    assert "Ciorna a fost schimbată din alt loc" in page
    assert saved().net == 16  # 8 × 2
    people["ana"].post(address, typed(action="over") | stale)
    assert saved().net == 8


def test_what_cannot_be_read_yet_is_waiting_when_one_comes_back(people, firm):
    answer = autosave(people["ana"], **{"client-name": "", "rand-0-price": "încă nu știu"})
    assert (answer["state"], Invoice.objects.count()) == ("kept", 0)
    page = people["ana"].get(NEW).content.decode()
    assert "Am adus înapoi ce scriați" in page
    assert 'value="încă nu știu"' in page
    people["ana"].post(NEW, {"action": "forget"})
    assert "Am adus înapoi" not in people["ana"].get(NEW).content.decode()


def test_what_was_sent_meanwhile_is_locked(people, bakery):
    invoice = draft_of(bakery)
    Invoice.objects.filter(pk=invoice.pk).update(stage="queued")
    assert autosave(people["ana"], f"/venituri/{invoice.pk}/editare/")["state"] == "locked"
    assert saved().payable == invoice.payable


# --- proformas and templates ---


def test_a_template_is_made_from_what_is_typed_and_a_draft_from_it(post, people):
    post(action="template", sablon="Abonament lunar")
    template = Invoice.objects.get(kind=Kind.TEMPLATE)
    assert (template.name, template.number) == ("Abonament lunar", None)
    assert "Abonament lunar" in people["ana"].get(NEW).content.decode()
    page = people["ana"].get(f"/venituri/{template.pk}/editare/").content.decode()
    assert "Șablonul Abonament lunar" in page
    assert 'value="send"' not in page


def test_a_proforma_is_written_in_the_same_editor_and_has_no_way_to_anaf(people, firm):
    page = people["ana"].get(f"{NEW}?fel=proforma").content.decode()
    assert "Proformă nouă" in page
    assert 'value="send"' not in page
    people["ana"].post(f"{NEW}?fel=proforma", typed(factura__series="AS-P"))
    assert (saved().kind, saved().series.purpose) == (Kind.PROFORMA, "proforma")
    assert people["ana"].get(f"{NEW}?fel=altceva").status_code == 404


def test_the_clients_term_and_currency_begin_an_invoice(people, firm):
    client = buyer(firm, term_days=30)
    page = people["ana"].get(f"{NEW}?client={client.pk}").content.decode()
    assert (TODAY + timedelta(days=30)).isoformat() in page
    assert Line.objects.count() == 0

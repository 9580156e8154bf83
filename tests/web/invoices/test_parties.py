"""Clienți, Produse and what Setări says of invoices: who gets what, and what is done there."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from punte.web.invoices import clients_urls, pages, products_urls, settings_urls
from punte.web.invoices.models import Client, Invoice, Product, Stage

from .conftest import buyer, draft_of, row, sent

#: address → (method, Ana who owns, Bogdan who reads, Carmen of another firm)
CLIENTS = {
    "list": ("get", 200, 200, 200),  # Carmen sees her own firm's
    "create": ("get", 200, 403, 200),
    "suggest": ("get", 200, 200, 200),
    "detail": ("get", 200, 200, 404),
    "edit": ("get", 200, 403, 404),
    "refresh": ("post", 302, 403, 404),
    "archive": ("post", 302, 403, 404),
    "delete": ("post", 302, 403, 404),
}
PRODUCTS = {
    "list": ("get", 200, 200, 200),
    "create": ("get", 200, 403, 200),
    "suggest": ("get", 200, 200, 200),
    "edit": ("get", 200, 200, 404),
    "archive": ("post", 302, 403, 404),
    "delete": ("post", 302, 403, 404),
}
SETTINGS = {
    "index": ("get", 200, 200, 200),
    "logo": ("get", 404, 404, 404),  # nobody has one
    "remove": ("post", 302, 403, 404),
}
WITHOUT_PK = {"list", "create", "suggest", "index", "logo"}


def test_every_address_stands_in_its_table():
    for urls, table in ((clients_urls, CLIENTS), (products_urls, PRODUCTS), (settings_urls, SETTINGS)):
        assert {pattern.name for pattern in urls.urlpatterns} == table.keys()


@pytest.mark.parametrize(
    ("space", "name", "answers"),
    [
        (space, name, answers)
        for space, table in (("clients", CLIENTS), ("products", PRODUCTS), ("on_invoices", SETTINGS))
        for name, answers in table.items()
    ],
)
def test_who_gets_what(people, firm, space, name, answers):
    method, *statuses = answers
    pk = {
        "clients": lambda: Client.objects.create(firm=firm, name="Popa", private=True),
        "products": lambda: Product.objects.create(firm=firm, name="Carte"),
        "on_invoices": lambda: firm.bank_accounts.create(iban="RO66TREZ2165069XXX010203"),
    }[space]().pk
    address = reverse(f"{space}:{name}", args=[] if name in WITHOUT_PK else [pk])
    for who, status in zip(("nobody", "bogdan", "carmen", "ana"), (302, *statuses[1:], statuses[0]), strict=True):
        assert getattr(people[who], method)(address).status_code == status, who


def test_a_reader_is_shown_no_button_that_would_refuse(people, bakery, firm):
    product = Product.objects.create(firm=firm, name="Carte")
    for address in (
        "/clienti/",
        f"/clienti/{bakery.pk}/",
        "/produse/",
        f"/produse/{product.pk}/",
        "/setari/pe-facturi/",
    ):
        page = people["bogdan"].get(address).content.decode()
        assert 'method="post"' not in page.split('id="continut"')[1].split("</main>")[0], address
        assert "Client nou" not in page


def test_the_list_of_clients_finds_without_diacritics_and_by_code(people, bakery):
    buyer(bakery.firm, name="Țesătoria Șerban", cui="18547290")
    assert "Țesătoria" in people["ana"].get("/clienti/?q=tesatoria serb").content.decode()
    assert "Țesătoria" in people["ana"].get("/clienti/?q=RO1854").content.decode()
    page = people["ana"].get("/clienti/?q=nimeni").content.decode()
    assert "Nimic pentru „nimeni”" in page


def test_pages_follow_one_another_by_name_without_a_gap_or_a_repeat(people, firm, monkeypatch):
    monkeypatch.setattr(pages, "SIZE", 2)
    for name in ("Dan", "Ana", "Ana", "Călin", "Bob"):
        Client.objects.create(firm=firm, name=name, private=True)
    seen, after = [], ""
    for _page in range(3):
        page = people["ana"].get(f"/clienti/?dupa={after}").context["page"]
        seen += [client.name for client in page.rows]
        after = page.after
    assert (seen, after) == (["Ana", "Ana", "Bob", "Călin", "Dan"], None)


def test_what_a_client_owes_is_what_was_sent_and_not_paid(people, bakery):
    sent(draft_of(bakery))  # 121
    paid = sent(draft_of(bakery, row(price="200")))
    Invoice.objects.filter(pk=paid.pk).update(paid=Decimal("42.00"))  # of 242
    sent(draft_of(bakery), Stage.REJECTED)
    draft_of(bakery)
    assert "321,00" in people["ana"].get(f"/clienti/{bakery.pk}/").content.decode()
    assert "321,00" in people["ana"].get("/clienti/").content.decode()


def test_the_number_of_queries_does_not_grow_with_the_clients(people, firm, django_assert_max_num_queries):
    for n in range(30):
        buyer(firm, name=f"Client {n}", cui="")
    with django_assert_max_num_queries(14):
        people["ana"].get("/clienti/")


def test_a_client_is_written_once_per_code(people, bakery):
    fields = {"client-name": "Altă Brutărie SRL", "client-cui": "RO 33174208", "action": "save"}
    page = people["ana"].post("/clienti/nou/", fields).content.decode()
    assert "CUI-ul este al clientului „Brutăria Trei Spice SRL”" in page
    fields |= {"client-cui": "18547290", "client-email": "a@b.ro", "client-term_days": "30", "client-notes": "bun"}
    people["ana"].post("/clienti/nou/", fields)
    client = Client.objects.get(cui="18547290")
    assert (client.term_days, client.notes, client.search_name) == (30, "bun", "alta brutarie srl")
    people["ana"].post(f"/clienti/{client.pk}/editare/", fields | {"client-name": "Brutăria Nouă", "client-email": ""})
    client.refresh_from_db()
    assert (client.name, client.email) == ("Brutăria Nouă", "")


def test_a_client_is_looked_up_at_anaf_on_its_page(people, firm, anaf):
    page = people["ana"].post("/clienti/nou/", {"client-name": "33451201", "action": "find"}).content.decode()
    assert 'value="Brutăria din Colț SRL"' in page
    client = buyer(firm, name="Nume vechi", cui="33451201")
    people["ana"].post(f"/clienti/{client.pk}/reverificare/")
    client.refresh_from_db()
    assert client.name == "Brutăria din Colț SRL"
    assert client.looked_up_at is not None


def test_who_has_documents_is_archived_and_not_deleted(people, draft):
    client = draft.client
    page = people["ana"].post(f"/clienti/{client.pk}/stergere/", follow=True).content.decode()
    assert "nu se poate șterge" in page
    people["ana"].post(f"/clienti/{client.pk}/arhivare/")
    assert client.name not in people["ana"].get("/clienti/").content.decode()
    assert client.name in people["ana"].get("/clienti/?arhivati=1").content.decode()
    assert f'data-client="{client.pk}"' not in people["ana"].get("/clienti/sugestii/?q=brut").content.decode()


def test_a_product_is_written_found_and_kept_from_a_second_of_its_code(people, firm):
    fields = {"name": "Șorț de bucătărie", "unit": "H87", "price": "49,90", "currency": "RON", "code": "S1"}
    people["ana"].post("/produse/nou/", fields | {"vat_case": "reduced"})
    product = Product.objects.get()
    assert (product.price, product.vat_case, product.search_name) == (Decimal("49.90"), "reduced", "sort de bucatarie")
    assert "Șorț" in people["ana"].get("/produse/?q=sort").content.decode()
    page = people["ana"].post("/produse/nou/", fields | {"name": "Altul"}).content.decode()
    assert "Codul S1 este al produsului „Șorț de bucătărie”" in page
    assert (
        "Prețul: „gratis” nu este un număr"
        in people["ana"].post(f"/produse/{product.pk}/", fields | {"price": "gratis"}).content.decode()
    )


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + b"\0\0\0\0IEND\xaeB`\x82"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a", "nu este o imagine PNG sau JPEG"),
        (PNG[:-4], "nu este o imagine PNG sau JPEG"),  # cut off on its way
        (b"<svg onload='alert(1)'/>", "nu este o imagine PNG sau JPEG"),
        (PNG[:8] + b"\0" * 300_001, "peste 300 kB"),
    ],
)
def test_a_logo_of_the_wrong_kind_or_size_is_refused_in_words(people, firm, content, words):
    upload = {"action": "save", "term_days": "15", "logo": SimpleUploadedFile("sigla.png", content)}
    assert words in people["ana"].post("/setari/pe-facturi/", upload).content.decode()
    firm.refresh_from_db()
    assert not firm.logo


def test_what_stands_on_invoices_is_kept_and_the_logo_can_be_seen_and_removed(people, firm):
    fields = {"action": "save", "term_days": "30", "share_capital": "200 lei"}
    people["ana"].post("/setari/pe-facturi/", fields | {"logo": SimpleUploadedFile("sigla.png", PNG)})
    firm.refresh_from_db()
    assert (firm.term_days, firm.share_capital, bytes(firm.logo)) == (30, "200 lei", PNG)
    assert people["ana"].get("/setari/pe-facturi/sigla/")["Content-Type"] == "image/png"
    people["ana"].post("/setari/pe-facturi/", fields)
    assert people["ana"].get("/setari/pe-facturi/sigla/").status_code == 200  # nothing chosen: it stays
    people["ana"].post("/setari/pe-facturi/", fields | {"without_logo": "on"})
    assert people["ana"].get("/setari/pe-facturi/sigla/").status_code == 404


def test_a_further_account_is_added_once(people, firm):
    fields = {"action": "account", "cont-iban": "RO49 AAAA 1B31 0075 9384 0000", "cont-currency": "EUR"}
    assert "deja al firmei" in people["ana"].post("/setari/pe-facturi/", fields).content.decode()
    people["ana"].post("/setari/pe-facturi/", fields | {"cont-iban": "DE89370400440532013000"})
    assert [(one.iban, one.currency) for one in firm.bank_accounts.all()] == [("DE89370400440532013000", "EUR")]


def test_every_word_has_its_english_and_the_compiled_catalogue_is_of_this_source():
    import gettext

    from babel.messages.pofile import read_po

    folder = Path(clients_urls.__file__).parent / "locale" / "en" / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as source, (folder / "django.mo").open("rb") as compiled:
        words = {message.id: message for message in read_po(source) if isinstance(message.id, str) and message.id}
        english = gettext.GNUTranslations(compiled)
    assert not [text for text, message in words.items() if message.fuzzy]
    assert all(english.gettext(text) == message.string for text, message in words.items() if message.string)

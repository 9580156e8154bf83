"""Two journeys in a browser: five thousand clients from a file of which seven are bad, and an invoice taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.test import Client as Visitor
from playwright.sync_api import Browser, Page, expect

from punte.web.invoices.models import Invoice

from ..invoices.conftest import bakery, draft_of, sent
from .conftest import cui, work

__all__ = ["bakery"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BAD = (3, 700, 1400, 2100, 2800, 3500, 4999)


@pytest.fixture
def page(chromium: Browser, live_server, people: dict[str, Visitor]) -> Iterator[Page]:
    """Ana's, at the product."""
    context = chromium.new_context(base_url=live_server.url, locale="ro-RO")
    cookie = people["ana"].cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_five_thousand_clients_come_in_seven_stay_out_and_all_go_again(page, firm):
    rows = [f"Client {n};{cui(1000000 + n)};Str. {n};Cluj-Napoca;Cluj" for n in range(5000)]
    for n in BAD:
        rows[n] = f"Client {n};1;Str. {n};Cluj-Napoca;Cluj"  # one figure is no CUI
    content = "Denumire;CUI;Adresa;Localitate;Judet\n" + "\n".join(rows)
    page.goto("/clienti/")
    page.get_by_role("link", name="Aduceți dintr-un fișier").click()
    page.get_by_label("Fișierul").set_input_files(
        {"name": "clienti.csv", "mimeType": "text/csv", "buffer": content.encode("cp1250")}
    )
    page.get_by_role("button", name="Citiți fișierul").click()
    page.get_by_role("button", name="Verificați rândurile").click()
    work()
    expect(page.get_by_role("heading", name="4.993 de rânduri bune, 7 rânduri cu probleme")).to_be_visible()
    page.get_by_role("button", name="Importați ce este bun").click()
    work()
    expect(page.get_by_role("heading", name="Importul s-a încheiat")).to_be_visible()
    assert firm.clients.count() == 4993
    page.get_by_role("button", name="Dați importul înapoi").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work()
    expect(page.get_by_role("heading", name="Importul a fost dat înapoi")).to_be_visible()
    assert firm.clients.count() == 0


def test_an_accepted_invoice_is_taken_back_by_one_press(page, bakery):
    invoice = sent(draft_of(bakery))
    page.goto(f"/venituri/{invoice.pk}/")
    page.get_by_text("Mai multe").click()
    page.get_by_role("button", name="Stornați tot").click()
    expect(page.get_by_role("heading", name=f"Storno pentru {invoice.label}")).to_be_visible()
    expect(page.locator("#id_rand-0-quantity")).to_have_value("-1")
    expect(page.locator("#verdict")).to_contain_text("ANAF ar valida factura")
    assert Invoice.objects.get(preceding=invoice).payable == -invoice.payable

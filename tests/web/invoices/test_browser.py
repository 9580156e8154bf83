"""The editor and Venituri in a browser: what JavaScript adds, and that it takes nothing that was typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from punte.web.invoices.models import Invoice, Stage

from .conftest import draft_of, sent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium: Browser, live_server, people: dict[str, Client]) -> Iterator[Page]:
    """Ana's, at the product."""
    context = chromium.new_context(base_url=live_server.url, locale="ro-RO")
    cookie = people["ana"].cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    opened = context.new_page()
    yield opened
    opened.route("**/*", lambda route: route.abort())  # a draft that keeps itself asks no more of a server that goes
    opened.wait_for_timeout(500)  # and what it has asked is answered
    context.close()


def test_the_judgement_and_the_totals_follow_what_is_typed(page, bakery):
    page.goto("/venituri/factura/noua/")
    page.locator("#id_client-name").fill("Brutăria Trei Spice SRL")
    page.keyboard.press("Tab")  # a known client: the rest is filled in, and the focus is where it was going
    expect(page.locator("#id_client-city")).to_have_value("SECTOR3")
    expect(page.locator("#id_client-cui")).to_be_focused()
    page.locator("#id_rand-0-name").fill("Fotografie de produs")
    page.locator("#id_rand-0-price").fill("1.234,505")
    expect(page.locator("#suma")).to_contain_text("1.493,76")  # 1.234,51 and 21 % of it, 259,25
    expect(page.locator("#verdict")).to_contain_text("ANAF ar valida factura")
    page.locator("#id_client-city").select_option("")
    expect(page.locator("#verdict")).to_contain_text("BR-RO-101")
    expect(page.locator("#cate")).to_contain_text("O problemă de rezolvat")
    page.locator("#verdict a").click()
    expect(page.locator("#id_client-city")).to_be_focused()


def test_rows_come_and_go_with_the_focus_and_without_losing_a_letter(page, bakery):
    page.goto("/venituri/factura/noua/")
    page.locator("#id_rand-0-price").fill("nu știu încă")
    page.get_by_role("button", name="Adăugați un rând").click()
    expect(page.locator("#id_rand-1-name")).to_be_focused()
    page.keyboard.type("Etichete")
    expect(page.locator("#id_rand-0-price")).to_have_value("nu știu încă")
    page.get_by_role("button", name="Ștergeți rândul 1").click()
    expect(page.locator("#id_rand-1-name")).to_have_count(0)
    expect(page.locator("#id_rand-0-name")).to_have_value("Etichete")  # rows are numbered by their place


def test_enter_in_a_field_keeps_the_draft_and_does_not_press_another_button(page, bakery):
    page.goto("/venituri/factura/noua/")
    page.locator("#id_client-name").fill("Client Nou SRL")
    page.locator("#id_client-street").fill("Str. Lungă 1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ciorna a fost salvată")).to_be_visible()
    assert Invoice.objects.get().client.name == "Client Nou SRL"


def test_a_preview_opens_beside_and_leaves_the_page_ready(page, bakery):
    page.goto("/venituri/factura/noua/")
    page.locator("#id_client-name").fill("Client Nou SRL")
    with page.expect_popup():
        page.get_by_role("button", name="Previzualizare").click()
    page.get_by_role("button", name="Salvați ciorna").click()  # not taken for a second press
    expect(page.get_by_text("Ciorna a fost salvată")).to_be_visible()


def test_the_list_changes_without_a_reload_and_says_it_aloud(page, bakery):
    moving = sent(draft_of(bakery), Stage.PROCESSING)
    page.goto("/venituri/")
    expect(page.locator("tbody .state")).to_have_text("În prelucrare")
    Invoice.objects.filter(pk=moving.pk).update(stage=Stage.ACCEPTED)
    expect(page.locator("tbody .state")).to_have_text("Validată", timeout=8000)
    expect(page.get_by_role("status").filter(has_text="Validată")).to_contain_text(f"Factura {moving.label}: Validată.")


def test_nothing_scrolls_sideways_on_a_phone(page, bakery):
    draft = draft_of(bakery)
    for address in (
        "/venituri/",
        "/venituri/factura/noua/",
        f"/venituri/{draft.pk}/editare/",
        f"/venituri/{draft.pk}/",
        "/clienti/",
        f"/clienti/{bakery.pk}/",
        f"/clienti/{bakery.pk}/editare/",
        "/produse/nou/",
        "/setari/pe-facturi/",
    ):
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") == width, (address, width)

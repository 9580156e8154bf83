"""A newcomer's road in a real browser: from sign-up to Validată, and every way it can end at ANAF's door."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import expect

from installation import installation

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
COUNT = itertools.count()
PASSWORD = "peste-ape-la-spv-1"
SOON = 30_000  # ms; the worker and the simulator need a second, a loaded machine more


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with installation(tmp_path_factory.mktemp("e2e"), processing=0.6) as place:
        yield place


@pytest.fixture
def person(chromium, place):
    """`person(certificate)` is a page of a new person's browser, who holds that certificate, or none."""
    contexts = []

    def make(certificate: str | None, **options):
        held = []
        if certificate:
            one = place.simulator.certificate(certificate)
            held = [{"origin": place.simulator.login, "pfxPath": str(one.p12), "passphrase": one.password}]
        context = chromium.new_context(
            base_url=place.base, ignore_https_errors=True, client_certificates=held, locale="ro-RO", **options
        )
        context.set_default_timeout(SOON)
        contexts.append(context)
        page = context.new_page()
        page.goto("/cont/signup/")
        page.get_by_label("Adresa de e-mail").fill(f"p{next(COUNT)}@exemplu.example")
        page.get_by_label("Parola", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Faceți contul").click()
        page.wait_for_url("**/firme/noua/")
        return page

    yield make
    for context in contexts:
        context.close()


def found_firm(page, cui: str) -> None:
    page.get_by_label("CUI").fill(cui)
    page.get_by_role("button", name="Căutați la ANAF").click()
    page.get_by_role("button", name="Folosiți această firmă").click()
    page.wait_for_url("**/integrari/")


def go_to_anaf(page) -> None:
    page.get_by_role("link", name="Conectează e-Factura").first.click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Continuați la ANAF").click()


def write_invoice(page, *, city: str = "") -> None:
    page.get_by_role("link", name="Venituri").first.click()
    page.get_by_role("link", name="Factură nouă").first.click()
    page.get_by_label("Nume sau CUI").fill("33451201")
    page.get_by_role("button", name="Căutați la ANAF").press("Enter")  # suggestions may stand over it
    expect(page.get_by_label("Nume sau CUI")).to_have_value("Brutăria din Colț SRL")
    page.locator("#id_rand-0-name").fill("Identitate vizuală")
    page.locator("#id_rand-0-quantity").fill("2")
    page.locator("#id_rand-0-price").fill("1.250,50")


def test_with_a_certificate_by_tls_an_invoice_crosses_the_bridge(person):
    page = person("ilinca")
    found_firm(page, "RO 41287658")
    go_to_anaf(page)

    expect(page.get_by_role("heading", name="Sunteți deja conectat la ANAF")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("41287658")).get_by_text("Da")).to_be_visible()

    write_invoice(page)
    page.get_by_role("button", name="Salvați ciorna").click()
    expect(page.get_by_text("Ciorna a fost salvată")).to_be_visible()
    page.get_by_role("button", name="Trimite").click()

    # the page changes by itself; nobody reloads it
    expect(page.locator(".state.filled")).to_contain_text("Validată · arhivată", timeout=SOON)
    expect(page.get_by_text("Sigiliu valid")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Arhiva ZIP").click()
    assert downloading.value.suggested_filename.endswith(".zip")
    page.get_by_role("link", name="Venituri").first.click()
    expect(page.get_by_role("row", name=re.compile("DI 0001"))).to_contain_text("Validată · arhivată")


@pytest.mark.parametrize(
    ("certificate", "says"),
    [
        ("neinrolat", "ANAF nu a primit niciun certificat"),  # ANAF says access_denied to both, and at once
        ("fara-drept", "Certificatul nu are drept pentru această firmă"),
    ],
)
def test_a_refusal_at_anaf_ends_on_a_page_that_says_why_and_connects_nothing(person, certificate, says):
    page = person(certificate)
    found_firm(page, "19283749")
    go_to_anaf(page)

    expect(page.get_by_role("heading", level=1)).to_contain_text(says)
    expect(page.get_by_text("Ce faceți acum").first).to_be_visible()
    page.goto("/integrari/")
    expect(page.get_by_text("Nu sunteți conectat la ANAF")).to_be_visible()


def test_without_a_certificate_the_page_to_choose_one_ends_the_same_ways(person, place):
    page = person(None, viewport={"width": 390, "height": 844})
    found_firm(page, "41287658")

    go_to_anaf(page)
    expect(page.get_by_text("Acesta NU este ANAF")).to_be_visible()
    page.get_by_role("button", name=re.compile("Anulează")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ANAF")
    expect(page.get_by_text("Ce faceți acum").first).to_be_visible()

    page.goto("/integrari/")
    go_to_anaf(page)
    page.get_by_label(re.compile("^DEMO Ilinca Dobre(?!,)")).check()
    page.get_by_label("PIN").fill("0000")
    page.get_by_role("button", name="Continuă").click()
    expect(page.get_by_text("PIN greșit")).to_be_visible()
    page.get_by_label("PIN").fill("1234")
    page.get_by_role("button", name="Continuă").click()
    expect(page.get_by_role("heading", name="Sunteți deja conectat la ANAF")).to_be_visible()


def test_without_javascript_the_road_is_the_same(person):
    page = person("ilinca", java_script_enabled=False)
    found_firm(page, "19283749")
    go_to_anaf(page)
    expect(page.get_by_role("heading", name="Sunteți deja conectat la ANAF")).to_be_visible()

    write_invoice(page)
    page.get_by_role("button", name="Trimite").click()
    page.wait_for_url(re.compile(r"/venituri/\d+/$"))
    for _ in range(40):
        page.reload()
        if "arhivată" in page.locator(".state.filled").inner_text():
            break
        page.wait_for_timeout(250)
    expect(page.locator(".state.filled")).to_contain_text("Validată · arhivată")

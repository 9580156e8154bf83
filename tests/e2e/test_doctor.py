"""Client certificates in a real browser: each way to be refused ends on the right page with the right code; and the
doctor, the dialogue and the link as a person meets them.
"""

from __future__ import annotations

import itertools
import re
from contextlib import suppress

import httpx2
import pytest
from playwright.sync_api import Error, expect

from installation import installation

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
COUNT = itertools.count()
PIN_TYPED = 5_500  # ms; nobody chooses a certificate and types a PIN in less than five seconds
HOLDERS = {
    "ilinca": re.compile("^DEMO Ilinca Dobre(?!,)"),
    "reinnoit": re.compile("^DEMO Ilinca Dobre, reînnoit"),
    "neinrolat": re.compile("^DEMO Vlad Stancu"),
    "fara-drept": re.compile("^DEMO Oana Moraru"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with installation(tmp_path_factory.mktemp("doctor")) as place:
        yield place


@pytest.fixture(autouse=True)
def good_day(place):
    yield
    httpx2.delete(f"{place.simulator.control}/scenarios").raise_for_status()


@pytest.fixture
def person(chromium, place):
    """`person(certificate, cui=…)`: a new person with a firm; the certificate shown by TLS, or none."""
    contexts = []

    def make(certificate: str | None = None, cui: str = "19283749", **options):
        held = []
        if certificate:
            one = place.simulator.certificate(certificate)
            held = [{"origin": place.simulator.login, "pfxPath": str(one.p12), "passphrase": one.password}]
        context = chromium.new_context(
            base_url=place.base, ignore_https_errors=True, client_certificates=held, locale="ro-RO", **options
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/cont/signup/")
        page.get_by_label("Adresa de e-mail").fill(f"d{next(COUNT)}@exemplu.example")
        page.get_by_label("Parola", exact=True).fill("peste-ape-la-spv-1")
        page.get_by_role("button", name="Faceți contul").click()
        page.get_by_label("CUI").fill(cui)
        page.get_by_role("button", name="Căutați la ANAF").click()
        page.get_by_role("button", name="Folosiți această firmă").click()
        page.wait_for_url("**/integrari/")
        return page

    yield make
    for context in contexts:
        context.close()


def go_to_anaf(page) -> None:
    page.goto("/integrari/conectare/")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Continuați la ANAF").click()


def choose(page, certificate: str, *, after: int = PIN_TYPED) -> None:
    """Among several certificates, by hand, with the PIN."""
    go_to_anaf(page)
    page.get_by_label(HOLDERS[certificate]).check()
    page.get_by_label("PIN").fill("1234")
    page.wait_for_timeout(after)
    page.get_by_role("button", name="Continuă").click()


def expect_code(page, code: str) -> None:
    page.wait_for_url(re.compile(f"/integrari/problema/{code}/"))
    expect(page.get_by_role("heading", level=1).locator(".code-tag")).to_have_text(code)
    expect(page.get_by_text("Ce faceți acum").first).to_be_visible()


def expect_connected(page) -> None:
    expect(page.get_by_role("heading", name="Sunteți deja conectat la ANAF")).to_be_visible()


def test_none(person):
    page = person()
    go_to_anaf(page)
    page.get_by_role("button", name=re.compile("Anulează")).click()
    expect_code(page, "C01")


def test_not_enrolled_is_told_from_an_interruption_at_the_second_try(person):
    page = person()
    choose(page, "neinrolat")
    expect_code(page, "C04")
    choose(page, "neinrolat")
    expect_code(page, "C07")


def test_renewed(person):
    page = person()
    choose(page, "ilinca", after=0)
    expect_connected(page)
    choose(page, "reinnoit")
    expect_code(page, "C05")
    page.goto("/integrari/")
    expect_connected(page)  # what was given before still serves


def test_wrong_by_tls(person):
    page = person("fara-drept")
    go_to_anaf(page)
    expect_code(page, "C08")


def test_two_to_choose_from_first_the_right_then_the_other(person):
    page = person()
    choose(page, "ilinca", after=0)
    expect_connected(page)
    choose(page, "fara-drept", after=0)
    expect_code(page, "C03")


def test_right_but_no_rights(person, place):
    page = person("ilinca")
    place.simulator.scenario("no-rights")
    go_to_anaf(page)
    expect_code(page, "C09")


def test_right_for_another_firm_of_the_same_person(person, place):
    page = person("ilinca", cui="41287658")
    go_to_anaf(page)
    expect_connected(page)
    place.simulator.scenario("right-withdrawn")
    page.get_by_role("button", name="Verificați din nou").click()
    expect(page.locator(".code-tag").first).to_have_text("C08")


@pytest.mark.parametrize(
    ("scenario", "says", "code"),
    [
        ("redirect-loop", "Pagina se încarcă la nesfârșit", "C17"),
        ("handshake", "PIN-ul este blocat", "C19"),
    ],
)
def test_who_never_comes_back_finds_the_question_and_it_leads_to_the_cause(person, place, scenario, says, code):
    page = person("ilinca")
    place.simulator.scenario(scenario)
    with suppress(Error):  # the browser's own page of errors interrupts the click, sometimes
        go_to_anaf(page)
    page.wait_for_timeout(1_000)
    page.goto("/integrari/")
    question = page.get_by_role("region", name="Nu v-ați întors de la ANAF")
    question.get_by_label(re.compile(says)).check()
    question.get_by_role("button", name="Continuați").click()
    expect(page.get_by_role("heading", level=2).locator(".code-tag")).to_have_text(code)


def test_the_dialogue_goes_by_keyboard_alone_and_comes_back(person):
    page = person()
    page.get_by_role("link", name="Nu merge conectarea?").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")  # „M-am întors aici cu un refuz”
    expect(dialog.get_by_text("Ce s-a întâmplat la ANAF, înainte de refuz?")).to_be_visible()
    expect(dialog.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog.locator(".code-tag")).to_have_text("C04")
    dialog.get_by_role("link", name="Înapoi").press("Enter")
    expect(dialog.get_by_text("Ce s-a întâmplat la ANAF, înainte de refuz?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Nu merge conectarea?")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no-javascript"])
def test_the_doctor_finds_the_broken_pier_and_a_stranger_reads_it_by_the_link(person, place, chromium, scripts):
    page = person("ilinca", cui="41287658", java_script_enabled=scripts)
    go_to_anaf(page)
    expect_connected(page)
    place.simulator.scenario("not-entitled")
    page.goto("/integrari/doctor/")
    page.get_by_role("button", name="Verificați acum").click()
    if not scripts:
        page.get_by_role("button", name="Verificați", exact=True).click()
    expect(page.get_by_role("log").get_by_role("listitem")).to_have_count(9)
    expect(page.locator(".banner .code-tag")).to_have_text("T05")
    page.get_by_role("button", name="Trimiteți mai departe").click()
    address = page.get_by_label("Adresa").input_value()
    stranger = chromium.new_context(locale="ro-RO").new_page()
    stranger.goto(address)
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("T05")
    expect(stranger.get_by_text("Dreptul pe CUI")).to_be_visible()
    stranger.context.close()

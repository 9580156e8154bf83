"""The road in a real browser: the guide before there is an account, and the certificate as the browser shows it."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from installation import installation, until
from punte.cli import demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SOON = 30_000  # ms


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    directory = tmp_path_factory.mktemp("certificate")
    settings = demo.certificate_port_settings(directory / "anafsim" / "server.pem")
    with installation(directory, settings=settings) as place:
        process = subprocess.Popen([sys.executable, "-m", "punte", "certport"], env=place.env)
        port = int(settings["PUNTE_CERT_LISTEN"].rpartition(":")[2])
        until(lambda: listens(port), 120)
        place.certificate_port = settings["PUNTE_CERT_URL"]
        yield place
        process.terminate()
        assert process.wait(10) == 0


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture
def person(chromium, place):
    """`person(*certificates)`: a page of a browser that shows ANAF the first of them, and our port the last."""
    contexts = []

    def make(*certificates: str, **options):
        held = []
        for origin, name in zip((place.simulator.login, place.certificate_port), certificates, strict=True):
            if name:
                one = place.simulator.certificate(name)
                held.append({"origin": origin, "pfxPath": str(one.p12), "passphrase": one.password})
        context = chromium.new_context(
            base_url=place.base, ignore_https_errors=True, client_certificates=held, locale="ro-RO", **options
        )
        context.set_default_timeout(SOON)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def look(page) -> None:
    page.goto("/integrari/certificat/")
    page.get_by_role("button", name="Verificați").click()
    page.wait_for_url("**/integrari/certificat/**")


def test_a_passer_by_without_a_certificate_is_led_from_the_guide_to_the_cause(person):
    page = person("", "")
    page.goto("/integrari/ghid/")
    page.get_by_role("radio", name="Pe token USB").check()
    page.get_by_role("radio", name="Windows", exact=True).check()
    page.get_by_role("button", name="Arătați-mi ce fac").click()
    expect(page.get_by_role("heading", name="Instalarea pe Windows")).to_be_visible()

    page.get_by_role("link", name="Verificați certificatul").click()
    page.get_by_role("button", name="Verificați certificatul").click()

    expect(page.get_by_role("heading", name="Browserul nu a arătat niciun certificat")).to_be_visible()
    page.goto("/integrari/ghid/")
    expect(page.locator("#pas1")).to_contain_text("Blocat")


def test_one_certificate_is_shown_and_read(person):
    page = person("", "ilinca")
    look(page)
    expect(page.get_by_text("DEMO Ilinca Dobre")).to_be_visible()
    expect(page.get_by_text("Certificat calificat pentru semnătură electronică")).to_be_visible()
    expect(page.get_by_text("Emitent necunoscut nouă.")).to_be_visible()  # the simulator is no provider
    expect(page.get_by_text("SIM0001")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("DEMO Ilinca Dobre")).to_be_visible()


def test_of_two_the_wrong_one_is_told_apart_from_that_of_the_connection(person):
    """Two certificates of one person: the old one connected, the renewed one chosen now."""
    page = person("ilinca", "reinnoit")
    page.goto("/cont/signup/")
    page.get_by_label("Adresa de e-mail").fill("doua@exemplu.example")
    page.get_by_label("Parola", exact=True).fill("peste-ape-la-spv-1")
    page.get_by_role("button", name="Faceți contul").click()
    page.get_by_label("CUI").fill("41287658")
    page.get_by_role("button", name="Căutați la ANAF").click()
    page.get_by_role("button", name="Folosiți această firmă").click()
    page.wait_for_url("**/integrari/")
    page.get_by_role("link", name="Conectează e-Factura").first.click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Continuați la ANAF").click()
    expect(page.get_by_role("heading", name="Sunteți deja conectat la ANAF")).to_be_visible()
    page.goto("/integrari/ghid/")
    expect(page.locator(".guide > .is-done")).to_have_count(4)

    look(page)
    expect(page.get_by_text("DEMO Ilinca Dobre, reînnoit")).to_be_visible()
    expect(page.get_by_text("Este alt certificat decât cel cu care v-ați conectat ultima dată.")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("path", ["/integrari/ghid/", "/integrari/certificat/"])
def test_the_pages_fit(person, path, width):
    page = person("", "", viewport={"width": width, "height": 800})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_guide_is_answered_by_keyboard_alone(person):
    page = person("", "")
    page.goto("/integrari/ghid/")
    page.locator("input[name=kind]").first.focus()
    page.keyboard.press("ArrowDown")  # from the token to the cloud
    page.keyboard.press("Enter")
    page.wait_for_url("**#pas1")
    expect(page.get_by_role("radio", name="În cloud")).to_be_checked()

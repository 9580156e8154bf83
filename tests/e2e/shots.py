"""`make shots`: the pages of the main road at 1280 and 390 pixels, light and dark, in var/shots/, to be looked at."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from installation import installation

SIZES = {1280: 800, 390: 844}


def main(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        installation(Path(data), door=True, processing=3.0) as place,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(base_url=place.base, locale="ro-RO").new_page()
        for name in road(page):
            shoot(page, directory, name)
        browser.close()
    print(f"{len(list(directory.glob('*.png')))} screenshots in {directory}")


def shoot(page: Page, directory: Path, name: str) -> None:
    for width, height in SIZES.items():
        for theme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=theme)
            page.wait_for_timeout(60)
            page.screenshot(path=directory / f"{name}-{width}-{theme}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})


def road(page: Page) -> Iterator[str]:
    """Yields a name whenever there is something to look at."""
    page.goto("/cont/login/")
    yield "intrare"
    page.goto("/cont/signup/")
    page.get_by_label("Adresa de e-mail").fill("ilinca@exemplu.example")
    page.get_by_label("Parola", exact=True).fill("peste-ape-la-spv-1")
    page.get_by_role("button", name="Faceți contul").click()
    page.get_by_label("CUI").fill("41287650")
    page.get_by_role("button", name="Căutați la ANAF").click()
    yield "firma-cui-gresit"
    page.get_by_label("CUI").fill("41287658")
    page.get_by_role("button", name="Căutați la ANAF").click()
    page.get_by_label("IBAN").fill("RO49AAAA1B31007593840000")
    yield "firma"
    page.get_by_role("button", name="Folosiți această firmă").click()
    yield "integrari-inainte"
    page.goto("/")
    yield "acasa-inceput"
    page.goto("/integrari/conectare/")
    yield "acord"
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Continuați la ANAF").click()
    yield "simulator"
    page.get_by_role("button", name=re.compile("Anulează")).click()
    yield "refuz"
    page.goto("/integrari/conectare/")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Continuați la ANAF").click()
    page.get_by_label("PIN").fill("1234")
    page.get_by_role("button", name="Continuă").click()
    yield "conectat"
    page.goto("/venituri/")
    yield "venituri-gol"
    page.goto("/venituri/factura/noua/")
    page.get_by_label("Nume sau CUI").fill("33451201")
    page.get_by_role("button", name="Căutați la ANAF").click()
    page.locator("#id_client-street[value]:not([value=''])").wait_for()
    page.locator("#id_rand-0-name").fill("Identitate vizuală")
    page.locator("#id_rand-0-quantity").fill("2")
    page.locator("#id_rand-0-price").fill("x")
    page.get_by_role("button", name="Salvați ciorna").click()
    yield "editor-probleme"
    page.locator("#id_rand-0-price").fill("1.250,50")
    page.get_by_role("button", name="Salvați ciorna").click()
    yield "editor"
    page.get_by_role("button", name="Trimite").click()
    page.locator(".state", has_text=re.compile("În prelucrare|Validată")).first.wait_for()  # a busy machine skips one
    yield "factura-prelucrare"
    page.get_by_text("Sigiliu valid").wait_for()
    yield "factura-validata"
    invoice = page.url.partition("?")[0]
    for place, name in (("stornare/randuri/", "storno-randuri"), ("mail/", "mail-client"), ("repetare/", "repetare")):
        page.goto(invoice + place)
        yield name
    for place, name in (
        ("recurente/", "recurente"),
        ("chitante/", "chitante"),
        ("serii/", "serii"),
        ("mailuri/", "mailuri"),
    ):
        page.goto(f"/venituri/{place}")
        yield name
    page.goto("/venituri/")
    yield "venituri"
    page.goto("/clienti/")
    yield "clienti"
    page.get_by_role("link", name="Brutăria din Colț SRL").click()
    yield "client"
    page.get_by_role("link", name="Editați").click()
    yield "client-date"
    page.goto("/produse/nou/")
    page.get_by_label("Denumirea").fill("Identitate vizuală")
    page.get_by_label("Preț fără TVA").fill("1.250,50")
    yield "produs"
    page.get_by_role("button", name="Salvați").click()
    yield "produse"
    page.goto("/setari/pe-facturi/")
    yield "pe-facturi"
    page.goto("/")
    yield "acasa"
    page.goto("/setari/")
    yield "setari"


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "var/shots"))

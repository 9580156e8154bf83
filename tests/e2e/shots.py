"""`make shots`: the pages of the main road at 1280 and 390 pixels, light and dark, in var/shots/, to be looked at."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import httpx2
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from playwright.sync_api import Page, expect, sync_playwright

from installation import Installation, installation

SIZES = {1280: 800, 390: 844}
#: What an installation needs for every page to be there: plans that are sold, an address for the certificate's port.
EVERYTHING = {
    "PUNTE_PLANS": "1",
    "PUNTE_OPERATOR_NAME": "Punte Operator SRL",
    "PUNTE_OPERATOR_CUI": "18547290",
    "PUNTE_OPERATOR_IBAN": "RO49AAAA1B31007593840000",
    "PUNTE_SUPPORT_EMAIL": "ajutor@punte.example",
    "PUNTE_SUPPORT_CHAT": "https://chat.punte.example",
}


def main(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        installation(Path(data), door=True, processing=3.0, settings=EVERYTHING) as place,
        sync_playwright() as playwright,
    ):
        place.simulator.stock()  # suppliers, for Cheltuieli
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(base_url=place.base, locale="ro-RO").new_page()
        for name in chain(before(page), road(page), beside(page, place)):
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


def before(page: Page) -> Iterator[str]:
    """What anybody may read: the guide in four steps, each way it can go, and the help."""
    page.goto("/integrari/ghid/")
    yield "ghid"
    for name, kind, system in (
        ("nu-am", "Nu am încă", "Windows"),
        ("contabil", "Îl are contabilul", "Windows"),
        ("telefon", "Pe token USB", "Telefon sau tabletă"),
    ):
        page.get_by_role("radio", name=kind).check()
        page.get_by_role("radio", name=system, exact=True).check()
        page.get_by_role("button", name=re.compile("Arătați-mi ce fac|Schimbați răspunsul")).click()
        yield f"ghid-{name}"
    page.get_by_role("radio", name="macOS", exact=True).check()
    page.get_by_role("button", name="Schimbați răspunsul").click()
    page.get_by_role("group", name="Intrați în SPV cu certificatul?").get_by_role("radio", name="Da").check()
    page.get_by_role("radio", name="Numai pe CNP-ul meu").check()
    page.get_by_role("button", name="Păstrați răspunsurile").click()
    yield "ghid-spv"
    for name, path in HELP.items():
        page.goto(path)
        yield name


HELP = {
    "ajutor": "/ajutor/",
    "ajutor-ghid": "/ajutor/ghid/",
    "ajutor-coduri": "/ajutor/ghid/coduri-de-diagnostic/",
    "ajutor-intrebari": "/ajutor/intrebari/?q=pin",
    "ajutor-fara-raspuns": "/ajutor/intrebari/?q=zzz",
}


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
    page.get_by_role("button", name="Căutați la ANAF").press("Enter")  # suggestions may stand over it
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
    for place, name in (
        ("incasare/", "incasare"),
        ("stornare/randuri/", "storno-randuri"),
        ("mail/", "mail-client"),
        ("repetare/", "repetare"),
    ):
        page.goto(invoice + place)
        yield name
    page.goto(invoice + "dosar/")
    page.locator("details summary", has_text="Ce s-a scris").first.click()
    yield "dosar"
    page.goto("/venituri/verificare/")
    yield "verificare"
    page.get_by_role("button", name="Verifică în SPV").click()
    page.get_by_text("Verificat la").wait_for()
    yield "verificare-gata"
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
    page.goto("/cheltuieli/")
    yield "cheltuieli"
    if page.get_by_role(
        "link", name=re.compile("Brutăria din Colț S.R.L.", re.IGNORECASE)
    ).count():  # where suppliers have sent some
        page.get_by_role("link", name=re.compile("Brutăria din Colț S.R.L.", re.IGNORECASE)).first.click()
        yield "cheltuiala"
        page.goto("/cheltuieli/furnizori/")
        yield "furnizori"
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
    for name, path in {"date": "/date/", "date-import": "/date/import/", "date-jurnal": "/date/jurnal/"}.items():
        page.goto(path)
        yield name
    page.goto("/date/")
    page.get_by_role("button", name="Faceți arhiva perioadei").click()
    page.get_by_role("link", name="Descărcați arhiva").wait_for()
    yield "date-arhiva"
    page.goto("/date/import/")
    page.get_by_label("Fișierul").set_input_files(
        {
            "name": "clienti.csv",
            "mimeType": "text/csv",
            "buffer": "Denumire;CUI\nMalul Drept SRL;27651035\nGreșit;1\n".encode(),
        }
    )
    page.get_by_role("button", name="Citiți fișierul").click()
    yield "import-coloane"
    page.get_by_role("button", name="Verificați rândurile").click()
    page.get_by_role("button", name="Importați ce este bun").wait_for()
    yield "import-verificat"
    page.get_by_role("button", name="Importați ce este bun").click()
    page.get_by_role("button", name="Dați importul înapoi").wait_for()
    yield "import-gata"


def beside(page: Page, place: Installation) -> Iterator[str]:
    """The pages beside the road, for the person and the firm that walked it."""
    yield from doubted(page, place)
    page.goto("/integrari/certificat/")
    yield "certificat"
    page.get_by_label("Fișierul certificatului").set_input_files(
        {"name": "ilinca.cer", "mimeType": "application/x-x509-ca-cert", "buffer": public_part(place, "ilinca")}
    )
    page.get_by_role("button", name="Citiți certificatul").click()
    yield "certificat-raport"

    page.goto("/integrari/doctor/")
    yield "doctor"
    page.get_by_role("button", name="Verificați acum").click()
    expect(page.get_by_role("log").get_by_role("listitem")).to_have_count(9, timeout=30_000)
    yield "doctor-verdict"
    page.get_by_role("button", name="Trimiteți mai departe").click()
    yield "doctor-legatura"
    page.get_by_role("link", name="Vedeți ce se arată").click()
    yield "diagnostic"
    page.goto("/integrari/intrebari/inceput/")
    yield "dialog"
    page.get_by_role("radio").nth(2).check()
    page.get_by_role("button", name="Continuați").click()
    yield "dialog-intrebare"
    page.goto("/integrari/problema/C12/?inregistrata=https://alta.example/")
    yield "problema"

    page.goto("/integrari/certificate/")
    yield "certificate"
    page.get_by_label("E-mail").fill("contabil@exemplu.example")
    page.get_by_role("button", name="Faceți linkul").click()
    invitation = page.get_by_label("Linkul", exact=True).input_value()
    yield "certificate-link"
    page.get_by_role("link", name="Deconectați").click()
    yield "deconectare"
    for name in ("jurnal", "aplicatie", "adresa-de-intoarcere"):
        page.goto(f"/integrari/{name}/")
        yield name

    page.goto("/setari/abonament/")
    yield "abonament"
    page.get_by_label("Aleg Basic").check()
    page.get_by_role("button", name="Emiteți proforma").click()
    yield "proforma"
    page.goto("/setari/abonament/")
    yield "abonament-proforme"
    page.goto("/ajutor/suport/nou/")
    page.get_by_role("button", name="Trimiteți întrebarea").click()
    yield "intrebare-noua"
    page.get_by_label("Despre ce este vorba").fill("Nu găsesc factura")
    page.get_by_label("Mesajul").fill("O caut de ieri.")
    page.get_by_role("button", name="Trimiteți întrebarea").click()
    yield "discutie"
    page.goto("/ajutor/suport/")
    yield "suport"
    for name, path in {"parola": "/cont/password/change/", "adrese": "/cont/email/", "lipsa": "/nu-exista/"}.items():
        page.goto(path)
        yield name

    page.context.clear_cookies()  # now the accountant, by the link, without an account
    page.goto(invitation)
    yield "invitatie"
    page.get_by_label("Numele").fill("Oana Contabila")
    page.get_by_label("E-mail").fill("contabil@exemplu.example")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Continuați la ANAF").click()
    page.get_by_label("PIN").fill("1234")
    page.get_by_role("button", name="Continuă").click()
    yield "oaspete"
    page.get_by_role("link", name="Îl puteți retrage și acum.").click()
    yield "retragere"
    page.goto(invitation)
    yield "invitatie-inchisa"


def doubted(page: Page, place: Installation) -> Iterator[str]:
    """ANAF has the invoice, its answer never came and what SPV lists cannot be read: only a person can tell."""
    faults = f"{place.simulator.control}/faults"
    for fault in (
        {"kind": "lose_reply", "operation": "uploads"},
        {"kind": "broken_zip", "operation": "descarcare", "times": None},
    ):
        httpx2.post(faults, json=fault).raise_for_status()
    page.goto("/venituri/")
    page.get_by_role("link", name=re.compile("0001$")).first.click()
    page.get_by_text("Mai multe").click()
    page.get_by_role("button", name="Copiați").click()
    page.get_by_role("button", name="Trimite").click()
    page.get_by_role("link", name="Spuneți-ne ce ați găsit în SPV").click(timeout=60_000)
    yield "incerta"
    page.get_by_role("button", name="Scrieți ce ați găsit").click()
    yield "incerta-probleme"
    httpx2.delete(faults).raise_for_status()


def public_part(place: Installation, name: str) -> bytes:
    """The certificate `name` of the simulator, without its key."""
    one = place.simulator.certificate(name)
    _, certificate, _ = pkcs12.load_key_and_certificates(one.p12.read_bytes(), one.password.encode())
    assert certificate
    return certificate.public_bytes(Encoding.DER)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "var/shots"))

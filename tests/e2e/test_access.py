"""axe finds nothing serious on any page, light and dark; and in English no page speaks Romanian."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from e2e.shots import EVERYTHING, before, beside, road
from installation import Installation, installation

AXE = Path(__file__).parents[1] / "strangers" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast"]  # what the dark changes; the rest was looked at in the light
LOOK = """async rules => (await axe.run({runOnly: rules, resultTypes: ["violations"]})).violations
    .filter(found => ["serious", "critical"].includes(found.impact))
    .map(found => `${found.id}: ${found.nodes.map(node => node.target.join(" ")).slice(0, 5).join(" | ")}`)"""
NO_COLOUR_ON_ITS_WAY = "() => document.getAnimations().every(one => one.playState !== 'running')"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("axe-core is not installed: `make strangers`")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, axe: str) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("access"), door=True, processing=5.0, settings=EVERYTHING) as place:
        place.simulator.stock()
        yield place


@pytest.fixture
def page(chromium: Browser, place: Installation) -> Iterator[Page]:
    context = chromium.new_context(base_url=place.base, locale="ro-RO", bypass_csp=True, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def violations(page: Page, axe: str) -> list[str]:
    """What axe finds serious or critical, in the light and in the dark."""
    found = []
    page.evaluate(axe)
    for theme, rules in (("light", RULES), ("dark", COLOURS)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_function(NO_COLOUR_ON_ITS_WAY)
        found += [f"{theme}: {violation}" for violation in page.evaluate(LOOK, rules)]
    return found


def test_axe_finds_nothing_serious(page: Page, place: Installation, axe: str) -> None:
    found = {}
    for name in chain(before(page), road(page), beside(page, place)):
        if name != "simulator":
            found[name] = violations(page, axe)
    assert len(found) > 50  # the walk went to its end
    assert {name: problems for name, problems in found.items() if problems} == {}


# --- English ---

#: What is Romanian by itself: names of places and of languages, and what ANAF's own pages and answers say.
QUOTED = re.compile("“[^”]*”")  # what ANAF says in Romanian alone
NAMES = re.compile(r"Română|Fântânelor|București|Sunteți deja conectat la ANAF|Renunțare Oauth|ANAF: “.*?”")
READ = r"""() => {
    const spoken = [...document.querySelectorAll("[aria-label], [placeholder], [data-busy]")]
        .flatMap(one => ["aria-label", "placeholder", "data-busy"].map(name => one.getAttribute(name) || ""));
    document.querySelectorAll("option, [lang=ro]").forEach(one => one.remove());
    return [document.title, document.body.innerText, ...spoken].join("\n");
}"""

#: Pages of a person with a firm that the walk above has asked axe about: the words alone are another here.
WALKED = (
    "/",
    "/venituri/",
    "/venituri/recurente/",
    "/venituri/chitante/",
    "/venituri/serii/",
    "/venituri/mailuri/",
    "/venituri/verificare/",
    "/cheltuieli/",
    "/cheltuieli/furnizori/",
    "/clienti/",
    "/produse/nou/",
    "/setari/pe-facturi/",
    "/date/",
    "/date/import/",
    "/date/jurnal/",
    "/integrari/ghid/",
    "/integrari/certificat/",
    "/integrari/certificate/",
    "/integrari/jurnal/",
    "/integrari/doctor/",
    "/setari/",
    "/setari/abonament/",
    "/ajutor/",
    "/ajutor/intrebari/",
    "/ajutor/suport/",
    "/ajutor/suport/nou/",
    "/cont/password/change/",
    "/cont/email/",
    "/nu-exista/",
)
#: Those that it did not come by, at least not as they are for somebody who is not connected.
ALONE = (
    "/venituri/factura/noua/",
    "/clienti/nou/",
    "/integrari/",
    "/ajutor/ghid/conectarea/",
    "/ajutor/ghid/dupa-conectare/",
    "/ajutor/ghid/accesibilitate/",
    "/firme/noua/",
    "/cont/logout/",
)


def test_in_english_no_page_speaks_romanian(page: Page, axe: str) -> None:
    """The switch is pressed at the door and holds through sign-up, the new firm and what follows, into the account."""
    problems: dict[str, list[str]] = {}

    def read(name: str, *, walked: bool = False) -> None:
        found = [] if walked else violations(page, axe)
        text = QUOTED.sub("", NAMES.sub("", page.evaluate(READ)))
        found += [line for line in text.splitlines() if re.search("[ăâîșțĂÂÎȘȚ]", line)]
        problems[name] = found

    page.goto("/cont/login/")
    page.get_by_role("button", name="English").press("Enter")
    page.get_by_role("heading", name="Sign in").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("button", name="Sign in").click()
    read("sign-in refused")
    page.get_by_role("link", name="Make one").click()
    page.get_by_label("E-mail address").fill("jane@weir.example")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Make the account").click()
    read("sign-up refused")
    page.get_by_label("Password", exact=True).fill("a footbridge of limestone")
    page.get_by_role("button", name="Make the account").click()
    page.get_by_label("CUI").fill("41287650")
    page.get_by_role("button", name="Search at ANAF").click()
    read("wrong CUI")
    page.get_by_label("CUI").fill("41287658")
    page.get_by_role("button", name="Search at ANAF").click()
    page.get_by_label("IBAN").fill("RO49")
    page.get_by_role("button", name="Use this company").click()
    read("firm")
    page.get_by_label("IBAN").fill("RO49AAAA1B31007593840000")
    page.get_by_role("button", name="Use this company").click()
    for path in (*WALKED, *ALONE):
        page.goto(path)
        read(path, walked=path in WALKED)
    page.goto("/cont/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    read("signed out")
    page.goto("/cont/password/reset/")
    read("password")
    assert {name: lines for name, lines in problems.items() if lines} == {}

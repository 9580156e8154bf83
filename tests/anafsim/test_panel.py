"""The page with switches: what it shows and does, by keyboard, with and without JavaScript, and for nobody else."""

import re
from typing import Any

import httpx2
import pytest

from punte.anafsim import Simulator
from punte.anafsim.scenarios import scenarios

from .conftest import Visitor, invoice

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_the_page_warns_in_words_and_has_a_switch_for_every_scenario(sim: Simulator) -> None:
    page = httpx2.get(f"{sim.control}/").text
    assert "SIMULATOR. Acesta NU este ANAF." in page
    assert re.findall(r'role="switch" aria-checked="false" name="on" value="([^"]+)"', page) == list(scenarios())
    for scenario in scenarios().values():
        assert scenario.label in page
        assert f"<code>{scenario.name}</code>" in page


def test_nothing_on_the_page_comes_from_elsewhere(sim: Simulator) -> None:
    answer = httpx2.get(f"{sim.control}/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert re.findall(r'(?:src|href)="([^#"][^"]*)"', answer.text) == [
        "data:,", "/simulator.css", "/panel.css", "/panel.js"
    ]  # fmt: skip
    for path in ("/simulator.css", "/panel.css", "/panel.js"):
        assert httpx2.get(sim.control + path).status_code == 200


@pytest.mark.parametrize(
    ("path", "method", "headers", "body"),
    [
        ("/panou", "POST", FORM | {"Origin": "https://evil.example"}, "on=outage"),
        ("/panou", "POST", FORM | {"Origin": "http://127.0.0.1:1"}, "on=outage"),  # a page of another program here
        ("/panou", "POST", FORM | {"Origin": "null"}, "on=outage"),  # a sandboxed frame
        ("/panou", "POST", FORM, "on=outage"),  # no browser: programs use /scenarios
        (
            "/scenarios",
            "POST",
            {"Content-Type": "application/json", "Origin": "https://evil.example"},
            '{"name": "slow"}',
        ),
        ("/reset", "POST", {"Content-Type": "application/json", "Origin": "https://evil.example"}, "{}"),
        ("/scenarios", "DELETE", {"Origin": "https://evil.example"}, ""),
        ("/faults", "DELETE", {"Origin": "https://evil.example"}, ""),
    ],
)
def test_another_page_cannot_command(
    sim: Simulator, path: str, method: str, headers: dict[str, str], body: str
) -> None:
    httpx2.post(f"{sim.control}/scenarios", json={"name": "lost-reply"})
    answer = httpx2.request(method, sim.control + path, content=body, headers=headers)
    assert answer.status_code == 403
    assert httpx2.get(f"{sim.control}/world").json()["scenarios"] == ["lost-reply"]


@pytest.mark.parametrize("body", ["", "on=nimic", "advance=nan", "advance=1e12", "advance=x"])
def test_a_command_that_makes_no_sense_is_told(sim: Simulator, body: str) -> None:
    answer = httpx2.post(f"{sim.control}/panou", content=body, headers=FORM | {"Origin": sim.control})
    assert answer.status_code == 400
    assert "Comanda nu a fost înțeleasă" in answer.text


def test_what_a_caller_wrote_is_shown_as_text(ilinca: Visitor) -> None:
    ilinca.upload(invoice(number="&lt;script>alert(1)&lt;/script>"))
    page = httpx2.get(f"{ilinca.sim.control}/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_is_worked_by_keyboard(ilinca: Visitor, chromium: Any, width: int, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page, problems = context.new_page(), []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{ilinca.sim.control}/")
    switch = page.get_by_role("switch", name="Răspuns pierdut după preluare")
    switch.focus()
    page.keyboard.press("Space")
    page.wait_for_selector("#b-lost-reply[aria-checked=true]")
    assert page.evaluate("document.activeElement.id") == "b-lost-reply"  # the part was replaced, the place kept
    assert page.locator("#said").inner_text() == "„Răspuns pierdut după preluare” este pornit."
    with pytest.raises(httpx2.TransportError):
        ilinca.upload(invoice(number="EX-77"))
    page.wait_for_selector("#filed :text('EX-77')")  # by itself, and the spent scenario has gone off
    call = page.locator("#calls tbody tr").first.inner_text()
    for words in ("upload", "fără răspuns", "depus cu indexul 5000000000", "Scenariu: Răspuns pierdut după preluare"):
        assert words in call
    assert switch.get_attribute("aria-checked") == "false"
    page.locator("#a-day").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#offset:text('Cu o zi înaintea orei adevărate.')")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert problems == []
    context.close()


@pytest.mark.browser
def test_it_works_without_javascript(sim: Simulator, chromium: Any) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{sim.control}/")
    page.get_by_role("switch", name="Răspuns pierdut după preluare").click()
    assert page.url == f"{sim.control}/#s-lost-reply"
    assert page.get_by_role("switch", name="Răspuns pierdut după preluare").get_attribute("aria-checked") == "true"
    page.get_by_role("button", name="+1 oră").click()
    assert "Cu o oră înaintea orei adevărate." in page.locator("#offset").inner_text()
    page.get_by_role("button", name="Oprește tot").click()
    assert httpx2.get(f"{sim.control}/world").json()["scenarios"] == []
    context.close()

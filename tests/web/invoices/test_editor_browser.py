"""The first invoice by keyboard alone, from an empty firm: the client by CUI, rows, a row deleted and brought back."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from e2e.test_access import AXE, LOOK, RULES
from punte.web.invoices.models import Client, Invoice, Stage

from .test_browser import page  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_first_invoice_takes_less_than_a_minute_of_typing(page, firm, anaf):  # noqa: F811
    page.goto("/venituri/factura/noua/")
    began = time.monotonic()
    page.keyboard.type("33451201", delay=20)  # the field has the focus
    option = page.get_by_role("option", name="Căutați 33451201 la ANAF")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#id_client-city")).to_have_value("SECTOR3")
    page.locator("#id_rand-0-name").focus()
    page.keyboard.type("Fotografie de produs", delay=5)
    page.locator("#id_rand-0-quantity").fill("8")
    page.locator("#id_rand-0-price").fill("100")
    page.keyboard.press("Enter")
    expect(page.locator("#id_rand-1-name")).to_be_focused()
    page.keyboard.type("Etichete", delay=5)
    page.locator("#id_rand-1-price").fill("220,30")

    page.keyboard.press("Control+Backspace")  # the row goes, and comes back
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.get_by_text("Rândul a fost șters.")).to_be_visible()
    page.get_by_role("button", name="Anulează").click()
    expect(page.locator("#id_rand-1-name")).to_have_value("Etichete")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#id_rand-0-name")).to_have_value("Etichete")
    expect(page.locator("#id_rand-0-name")).to_be_focused()

    expect(page.locator("#suma")).to_contain_text("1.234,56")  # 220,30 + 800 = 1.020,30 and 21 %, 214,26
    expect(page.locator("#verdict")).to_contain_text("ANAF ar valida factura")
    expect(page.locator("#salvat")).to_contain_text("Salvat acum")
    draft = Invoice.objects.get()  # kept by itself, once, at an address of its own
    assert page.url.endswith(f"/venituri/{draft.pk}/editare/")
    assert Client.objects.count() == 1
    look_closely(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/venituri/{draft.pk}/")
    assert time.monotonic() - began < 60
    sent = Invoice.objects.get()
    assert (sent.stage, sent.label, [row.name for row in sent.lines.all()]) == (
        Stage.QUEUED,
        "AS 0001",
        ["Etichete", "Fotografie de produs"],
    )


def look_closely(page) -> None:  # noqa: F811
    """axe on the editor as it stands after use: the combobox dressed, a row moved."""
    if not AXE.exists():
        assert os.environ.get("CI") != "true", "axe-core is not installed: `make strangers`"
        return
    page.evaluate(Path(AXE).read_text("utf-8"))
    assert page.evaluate(LOOK, RULES) == []


def test_the_editor_by_keyboard_zoomed_and_without_colours(page, firm, bakery, anaf):  # noqa: F811
    """What axe cannot see; docs/ghid/accesibilitate.md says what was looked at besides."""
    page.goto("/venituri/factura/noua/")
    name = page.locator("#id_client-name")

    # the combobox: closed, opened by typing, walked by arrows, left by Escape with what was typed
    expect(name).to_be_focused()
    page.keyboard.type("brut", delay=20)
    expect(name).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    active = name.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    assert covers(page, ".pick-list", "#cauta-la-anaf") is False
    page.keyboard.press("Escape")
    expect(name).to_have_attribute("aria-expanded", "false")
    expect(name).to_have_value("brut")
    assert name.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")  # and opened again without typing
    expect(name).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#id_client-city")).to_have_value("SECTOR3")
    expect(name).to_be_focused()

    # asking ANAF keeps the focus where it was
    page.locator("#id_client-cui").fill("33451201")
    page.locator("#cauta-la-anaf").focus()
    page.keyboard.press("Enter")
    expect(name).not_to_have_value("Brutăria Trei Spice SRL")
    expect(page.locator("#cauta-la-anaf")).to_be_focused()

    # from the button on, Tab goes through everything in the order it is read, and nothing keeps it
    met = [page.evaluate(AT)]
    for _ in range(60):
        page.keyboard.press("Tab")
        met.append(page.evaluate(AT))
        if met[-1] == "trimite":
            break
    assert met[-1] == "trimite"
    wanted = ["cauta-la-anaf", "id_client-street", "id_factura-series", "id_rand-0-name", "id_rand-0-price", "rand-nou"]
    assert [one for one in met if one in wanted] == wanted
    assert page.evaluate(ORDER, [one for one in met if one]) == []

    # a row added has the focus; removed, it is said and can be had back
    page.locator("#rand-nou").focus()
    page.locator("#id_rand-0-name").fill("Etichete")
    page.locator("#rand-nou").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_rand-1-name")).to_be_focused()
    page.locator("#rand-1 [data-delete]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_rand-0-name")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Rândul a fost șters.")).to_be_visible()

    # a mistake: the summary has the focus, its link leads to the field, which names its problem
    page.locator("#id_rand-0-price").fill("x")
    page.get_by_role("button", name="Salvați ciorna").press("Enter")
    expect(page.locator("#probleme")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    price = page.locator("#id_rand-0-price")
    expect(price).to_be_focused()
    expect(price).to_have_attribute("aria-invalid", "true")
    said = price.get_attribute("aria-describedby")
    assert said
    assert "nu este un număr" in page.locator(f"#{said.split()[0]}").inner_text()

    # 1280 pixels at 400 %: 320 by 256, everything in one column, and nothing over the field one is in
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for field in ("id_client-name", "id_rand-0-price", "id_factura-due_date"):
        page.locator(f"#{field}").focus()
        page.wait_for_timeout(100)
        assert page.evaluate(SEEN, field), f"{field} is covered"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(forced_colors="active")
    name.focus()
    page.keyboard.type(" ")
    expect(name).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(".pick-list [aria-selected=true]")
    expect(chosen).to_be_visible()
    assert chosen.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"


#: The id of what has the focus.
AT = "document.activeElement.id"
#: Neighbours among `ids` that stand the other way round on the page.
ORDER = """ids => ids.map(id => document.getElementById(id)).filter((one, n, all) => n
    && one.closest("form") === all[n - 1].closest("form")
    && all[n - 1].compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING).map(one => one.id)"""
#: Whether the middle of a field is what one would touch there.
SEEN = """id => { const one = document.getElementById(id), box = one.getBoundingClientRect();
    const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return met === one || one.contains(met); }"""


def covers(page, over: str, under: str) -> bool:  # noqa: F811
    """Whether the one stands over the other anywhere."""
    a, b = (page.locator(one).first.bounding_box() for one in (over, under))
    assert a
    assert b
    across = a["x"] < b["x"] + b["width"] and b["x"] < a["x"] + a["width"]
    return across and a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"]

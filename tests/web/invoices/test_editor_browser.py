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

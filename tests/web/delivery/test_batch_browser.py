"""Two hundred at once in a browser, against the simulator: three are refused, the bar can be left and come back to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import Browser, expect

from punte.web.delivery import batches, worker
from punte.web.invoices.models import Invoice, Stage

from ..invoices.conftest import buyer, draft_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


def test_two_hundred_leave_and_three_stay(
    chromium: Browser, live_server, people, spv, connected, firm, bakery, settings
):
    settings.BASE_URL = live_server.url
    settings.DELIVERY_PACE = 0
    broken = buyer(firm, name="Fără Sector SRL", cui="", city="București", private=True)
    for client, count in ((bakery, 197), (broken, 3)):
        for _ in range(count):
            draft_of(client)
    context = chromium.new_context(base_url=live_server.url, locale="ro-RO")
    cookie = people["ana"].cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto("/venituri/?filtru=ciorne")
    page.get_by_label("Alegeți tot ce se vede pe pagină").check()
    expect(page.locator("[data-picked]")).to_have_text("20 alese")
    page.get_by_label("toate cele 200 filtrate").check()
    page.locator("button[value=send]").click()
    page.get_by_role("button", name="Trimite", exact=True).click()
    batches.advance(timezone.now())
    expect(page.get_by_text("10 din 200")).to_be_visible()
    page.goto("/venituri/")  # left, and come back to
    while batches.advance(timezone.now()):
        pass
    page.goto("/venituri/")
    page.get_by_role("link", name="Vedeți rezultatul").click()
    expect(page.get_by_text("200 din 200")).to_be_visible()
    expect(page.get_by_role("heading", name="3 documente au rămas cum erau")).to_be_visible()
    expect(page.get_by_text("ANAF ar refuza-o").first).to_be_visible()
    context.close()
    while submission := worker.claim(timezone.now() + timedelta(hours=1)):  # all that waits is due
        worker.advance(submission)
    stages = list(Invoice.objects.values_list("stage", flat=True))
    assert (stages.count(Stage.ACCEPTED), stages.count(Stage.DRAFT)) == (197, 3)
    assert sorted(one["state"] for one in spv.simulator.filed) == ["ok"] * 197

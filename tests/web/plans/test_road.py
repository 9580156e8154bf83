"""In a browser: the trial is over, „Trimite” is refused with its reason, the operator activates, „Trimite” works."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from punte.cli.plan import plan
from punte.web.invoices.models import Invoice, Stage
from punte.web.plans.models import Order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium: Browser, live_server, people: dict[str, Client]) -> Iterator[Page]:
    """Ana's, at the product."""
    context = chromium.new_context(base_url=live_server.url, locale="ro-RO")
    cookie = people["ana"].cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    yield context.new_page()
    context.close()


def operator(*words: str) -> str:
    """`punte plan …`, in this process."""
    done = CliRunner().invoke(plan, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_from_a_refused_trimite_to_one_that_leaves(page, trial_over, draft):
    page.goto(f"/venituri/{draft.pk}/")
    page.get_by_role("button", name="Trimite").click()
    expect(page.get_by_role("alert")).to_contain_text("Perioada de probă a firmei Arcada Studio SRL s-a încheiat")
    expect(page.get_by_role("alert")).to_contain_text("Factura a rămas ciornă")
    assert Invoice.objects.get(pk=draft.pk).stage == Stage.DRAFT

    page.get_by_role("alert").get_by_role("link", name="Mergeți la Abonament").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Abonament")
    page.get_by_label("Aleg Basic").check()
    page.get_by_label("o lună").check()
    page.get_by_role("button", name="Emiteți proforma").click()
    order = Order.objects.get()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Proforma {order.label}")
    expect(page.locator("main")).to_contain_text("29,04")  # 24 lei and 21 % of it, 5,04

    assert order.label in operator("orders")
    operator("paid", order.label)
    page.reload()
    expect(page.get_by_text("Plata a venit")).to_be_visible()

    page.goto(f"/venituri/{draft.pk}/")
    page.get_by_role("button", name="Trimite").click()
    expect(page.locator("h1 + .state")).to_have_text("În așteptare")
    assert Invoice.objects.get(pk=draft.pk).stage == Stage.QUEUED


def test_by_hand_the_operator_gives_a_plan_until_a_day(trial_over):
    until = timezone.localdate() + timedelta(days=90)
    operator("activate", "RO19283749", "pro", "--until", until.isoformat())
    told = operator("show", "19283749")
    assert f"pro, {timezone.localdate()} to {until}, active" in told
    assert told.count("until") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("activate", "19283749", "aur", "--until", "2027-12-31"), "there are: basic, pro, premium"),
        (("activate", "99", "pro", "--until", "2027-12-31"), "no firm '99'"),
        (("activate", "19283749", "pro", "--until", "mâine"), "'mâine' does not match"),
        (("paid", "PF 0099"), "no proforma 'PF 0099'"),
    ],
)
def test_what_the_operator_mistypes_is_named_and_changes_nothing(trial_over, words, said):
    done = CliRunner().invoke(plan, words)
    assert done.exit_code != 0
    assert said in done.output
    assert not trial_over.subscriptions.exists()


def test_a_company_kept_in_two_accounts_is_named_by_its_number(trial_over, carmens_firm):
    type(carmens_firm).objects.filter(pk=carmens_firm.pk).update(cui=trial_over.cui)
    done = CliRunner().invoke(plan, ["activate", trial_over.cui, "pro", "--until", "2027-12-31"])
    assert f"'#{trial_over.pk}'" in done.output
    assert f"'#{carmens_firm.pk}'" in done.output
    operator("activate", f"#{trial_over.pk}", "pro", "--until", "2027-12-31")
    assert trial_over.subscriptions.count() == 1
    assert not carmens_firm.subscriptions.exists()


def test_nothing_scrolls_sideways_on_a_phone(page, trial_over):
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 800})
        for address in ("/setari/abonament/", "/ajutor/", "/ajutor/intrebari/", "/ajutor/ghid/prima-factura/"):
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") == width, (address, width)

"""The design in a browser: narrow screens, no JavaScript, and the few things that JavaScript adds."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(settings, live_server) -> str:
    settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["*"]
    return f"{live_server.url}/design/"


def open_page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def test_nothing_scrolls_sideways(chromium: Browser, address: str) -> None:
    with chromium.new_context(locale="ro-RO") as context:
        page = open_page(context, address)
        for width in (320, 390, 700, 1000, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") == width


def test_on_a_phone_what_is_pressed_is_large_enough(chromium: Browser, address: str) -> None:
    with chromium.new_context(locale="ro-RO", viewport={"width": 390, "height": 844}) as context:
        page = open_page(context, address)
        small = page.evaluate(
            """[...document.querySelectorAll("button, .btn, summary, .bottom a, .tabs a, .pager a, .choice")]
                .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"""
        )
        assert small == []


def test_menus_open_without_javascript(chromium: Browser, address: str) -> None:
    with chromium.new_context(
        locale="ro-RO", viewport={"width": 390, "height": 844}, java_script_enabled=False
    ) as context:
        page = open_page(context, address)
        page.locator(".bottom summary").click()
        assert page.locator(".bottom .drop-list a", has_text="Integrări").is_visible()


def test_menus_close_with_escape_and_give_the_focus_back(chromium: Browser, address: str) -> None:
    with chromium.new_context(locale="ro-RO") as context:
        page = open_page(context, address)
        page.locator("summary.firm").click()
        assert page.locator(".drop-list", has_text="Brutăria").is_visible()
        page.keyboard.press("Escape")
        assert not page.locator(".drop-list", has_text="Brutăria").is_visible()
        assert page.evaluate("document.activeElement.className") == "firm"


def test_problems_take_the_focus(chromium: Browser, address: str) -> None:
    with chromium.new_context(locale="ro-RO") as context:
        page = open_page(context, address)
        assert page.evaluate("document.activeElement.id") == "probleme"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.name") == "wrong"


def test_a_dialog_opens_closes_and_gives_the_focus_back(chromium: Browser, address: str) -> None:
    with chromium.new_context(locale="ro-RO") as context:
        page = open_page(context, address)
        page.locator("[data-dialog]").click()
        assert page.locator("dialog").is_visible()
        page.keyboard.press("Escape")
        assert not page.locator("dialog").is_visible()
        assert page.evaluate("document.activeElement.dataset.dialog") == "deconectare"


def test_a_form_is_sent_once_however_often_it_is_pressed(chromium: Browser, live_server, address: str) -> None:
    with chromium.new_context(locale="ro-RO") as context:
        page = open_page(context, f"{live_server.url}/cont/login/")
        page.fill("[name=login]", "ana@exemplu.ro")
        page.fill("[name=password]", "oarecare")
        told = page.evaluate(
            """() => {
                const button = document.querySelector("main button"), width = button.offsetWidth, stopped = [];
                addEventListener("submit", (e) => { stopped.push(e.defaultPrevented); e.preventDefault(); });
                button.click(); button.click(); button.form.requestSubmit();
                return {stopped, word: button.textContent, busy: button.ariaBusy, wider: button.offsetWidth - width};
            }"""
        )
        assert told == {"stopped": [False, True, True], "word": "Se verifică…", "busy": "true", "wider": 0}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system_and_paper_is_white(chromium: Browser, address: str, scheme: str) -> None:
    lightness = """(() => { const c = document.createElement("canvas").getContext("2d", {colorSpace: "srgb"});
        c.fillStyle = getComputedStyle(document.body).backgroundColor; c.fillRect(0, 0, 1, 1);
        return c.getImageData(0, 0, 1, 1).data[0]; })()"""
    with chromium.new_context(locale="ro-RO", color_scheme=scheme) as context:
        page = open_page(context, address)
        assert (page.evaluate(lightness) > 128) is (scheme == "light")
        page.emulate_media(media="print")
        assert page.evaluate(lightness) == 255
        assert not page.locator("header.top").is_visible()


def test_states_stay_readable_in_forced_colours(chromium: Browser, address: str) -> None:
    with chromium.new_context(locale="ro-RO", forced_colors="active") as context:
        page = open_page(context, address)
        fill = page.locator(".bridge-s[data-state=respinsa] .br-built").first.evaluate("e => getComputedStyle(e).fill")
        text = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
        assert fill == text

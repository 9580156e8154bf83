"""The first load of the main pages, from the server as it is installed: how much travels, and that nothing jumps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState

from e2e.shots import SIZES, road
from installation import installation

LIGHT = 120_000  # bytes over the wire: headers and bodies as compressed
STILL = 0.01  # cumulative layout shift; 0.1 counts as good, https://web.dev/articles/cls

#: Layout shifts since the page began, also those before this was asked; those that follow a person's press count too.
SHIFTS = """new Promise(resolve => {
    const found = [];
    new PerformanceObserver(list => list.getEntries().forEach(one => found.push(one)))
        .observe({type: "layout-shift", buffered: true});
    setTimeout(() => resolve([found.reduce((sum, one) => sum + one.value, 0),
        found.flatMap(one => one.sources.map(source => {
            const element = source.node?.nodeType === 1 ? source.node : source.node?.parentElement;
            return element ? `${element.tagName}#${element.id}.${element.className}` : "?";
        }))]), 700);
})"""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def visited(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Browser, str, StorageState, dict[str, str]]]:
    """An installation with an invoice that ANAF validated: its address, who is signed in, and the pages."""
    with installation(tmp_path_factory.mktemp("load"), door=True, processing=3.0) as place:
        context = chromium.new_context(base_url=place.base, locale="ro-RO")
        page = context.new_page()
        for name in road(page):
            if name == "factura-validata":
                break
        invoice = page.url.partition("?")[0]
        paths = {"sign-in": "/cont/login/", "Acasă": "/", "Venituri": "/venituri/", "invoice": invoice}
        paths |= {"editor": "/venituri/factura/noua/"}
        yield chromium, place.base, context.storage_state(), paths
        context.close()


@pytest.mark.parametrize("name", ["sign-in", "Acasă", "Venituri", "editor", "invoice"])
def test_the_first_load_is_light_and_nothing_jumps(visited, name: str) -> None:
    chromium, base, signed_in, paths = visited
    found: dict[str, object] = {}
    for width, height in SIZES.items():
        context = chromium.new_context(
            base_url=base,
            locale="ro-RO",
            viewport={"width": width, "height": height},
            storage_state=None if name == "sign-in" else signed_in,
        )
        page = context.new_page()
        weighed = weigh(page)
        page.goto(paths[name])
        page.wait_for_load_state("networkidle")
        shift, moved = page.evaluate(SHIFTS)
        if sum(weighed.values()) >= LIGHT:
            found[f"{width}: {sum(weighed.values())} bytes"] = weighed
        if shift >= STILL:
            found[f"{width}: moved by {shift:.3f}"] = moved
        context.close()
    assert found == {}


def weigh(page: Page) -> dict[str, int]:
    """What each address took over the wire, in bytes; fills while the page loads with an empty cache."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    addresses: dict[str, str] = {}
    weighed: dict[str, int] = {}
    devtools.on("Network.requestWillBeSent", lambda sent: addresses.update({sent["requestId"]: sent["request"]["url"]}))
    devtools.on(
        "Network.loadingFinished",
        lambda ended: weighed.update({addresses[ended["requestId"]]: int(ended["encodedDataLength"])}),
    )
    return weighed

"""A real browser for the tests that look at pages, and who runs what when several run them."""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each file of journeys at the head of a share: it has an installation of its own, and who steals takes the end."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    journeys: dict[str, list[pytest.Item]] = defaultdict(list)
    others = []
    for item in items:
        if "/e2e/" in item.path.as_posix():
            journeys[item.path.name].append(item)
        else:
            others.append(item)
    heads: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for number, journey in enumerate(journeys.values()):
        heads[number % workers] += journey
    left, ordered = len(items), []
    for number, head in enumerate(heads):
        share = left // (workers - number)  # as xdist's `worksteal` deals them
        ordered += head + others[: max(0, share - len(head))]
        del others[: max(0, share - len(head))]
        left -= share
    items[:] = ordered + others


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing: install it, these tests look at pages in a browser")
        pytest.skip("Chromium is missing")
    # Playwright's synchronous API keeps an event loop in this thread; Django would take that for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]

"""axe finds nothing serious on the pages of the main road, light and dark."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from e2e.shots import road
from installation import installation

AXE = Path(__file__).parents[1] / "strangers" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """async tags => (await axe.run({runOnly: tags})).violations
    .filter(found => ["serious", "critical"].includes(found.impact))
    .map(found => `${found.id}: ${found.nodes.map(node => node.target.join(" ")).slice(0, 5).join(" | ")}`)"""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("axe-core is not installed: `make strangers`")
    return AXE.read_text("utf-8")


def test_axe_finds_nothing_serious(chromium: Browser, tmp_path: Path, axe: str) -> None:
    found = []
    with installation(tmp_path, door=True, processing=5.0) as place:
        page = chromium.new_context(
            base_url=place.base, locale="ro-RO", bypass_csp=True, reduced_motion="reduce"
        ).new_page()
        for name in road(page):
            if name == "simulator":
                continue
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                page.wait_for_timeout(250)  # no colour is on its way
                page.evaluate(axe)
                found += [f"{name}, {theme}: {violation}" for violation in page.evaluate(LOOK, RULES)]
    assert not found, "\n".join(found)

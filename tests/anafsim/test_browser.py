"""A real browser at the simulator: its own certificate over TLS, and the page for those who have none in it."""

from typing import Any
from urllib.parse import urlencode

import pytest

from punte.anafsim import Simulator

pytestmark = pytest.mark.browser
CALLBACK = "http://127.0.0.1:5/anaf/callback"


@pytest.mark.parametrize(("name", "outcome"), [("ilinca", "code="), ("neinrolat", "error=access_denied")])
def test_the_browsers_own_certificate_decides(sim: Simulator, chromium: Any, name: str, outcome: str) -> None:
    one = sim.certificate(name)
    offered = {"origin": sim.login, "pfxPath": str(one.p12), "passphrase": one.password}
    context = chromium.new_context(ignore_https_errors=True, client_certificates=[offered])
    assert outcome in _callback(context, authorize(sim, sim.login))
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_walked_by_keyboard_and_fits(sim: Simulator, chromium: Any, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800})

    def walk(page: Any) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.get_by_label("PIN de probă").fill("9999")
        page.keyboard.press("Enter")
        assert page.get_by_role("alert").inner_text() == "PIN greșit. Mai aveți 2 încercări."
        page.get_by_label("PIN de probă").fill("1234")
        page.keyboard.press("Enter")

    assert "code=" in _callback(context, authorize(sim, sim.door), walk)
    context.close()


def test_one_browser_may_use_both_doors(sim: Simulator, chromium: Any) -> None:
    """It takes them for one host, and would not let the plain one replace the other's secure cookie."""
    context = chromium.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.goto(authorize(sim, sim.login))
    assert page.get_by_role("heading", name="Alegeți certificatul").is_visible()
    assert "code=" in _callback(
        context, authorize(sim, sim.door), lambda page: page.get_by_label("PIN de probă").press("Enter")
    )
    context.close()


def authorize(sim: Simulator, door: str) -> str:
    with sim.world.lock:
        sim.world.desk.register(CALLBACK)
    query = {
        "response_type": "code",
        "client_id": sim.client_id,
        "redirect_uri": CALLBACK,
        "token_content_type": "jwt",
        "state": "s",
    }
    return f"{door}/anaf-oauth2/v1/authorize?{urlencode(query)}"


def _callback(context: Any, address: str, walk: Any = None) -> str:
    """The address at which the browser arrives; nobody listens there, the address is what counts."""
    page, seen = context.new_page(), []
    page.on("request", lambda request: seen.append(request.url))
    try:
        page.goto(address)
        if walk:
            walk(page)
            page.wait_for_event("requestfailed", timeout=5000)
    except Exception as error:  # the browser refuses the callback's port, which is the end of the walk
        if CALLBACK not in str(error) and not any(url.startswith(CALLBACK) for url in seen):
            raise
    return str(next(url for url in seen if url.startswith(CALLBACK)))

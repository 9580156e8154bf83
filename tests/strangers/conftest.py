"""What a stranger's client needs: node, the packages of the lock, a simulator, a person who agrees."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from urllib.parse import parse_qs, urlsplit

import pytest

from punte.anafsim import Simulator
from punte.cli.browser import Browser

HERE = Path(__file__).parent
CALLBACK = "https://localhost/anaf/callback"


def _absent(what: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def node() -> str:
    program = shutil.which("node")
    if not program:
        _absent("node is missing (Debian: apt install nodejs npm): public clients of ANAF cannot be run")
    if not (HERE / "node_modules" / "efactura-sdk").is_dir():
        _absent("the public clients of ANAF are not installed: run `make strangers`")
    return program


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """Judges by the rules and at once; what is judged is listed at once."""
    directory = tmp_path_factory.mktemp("anafsim")
    with Simulator(directory, processing=0, listing_lag=0, callbacks=[CALLBACK]) as running:
        yield running


@pytest.fixture(scope="module")
def code(sim: Simulator, api: str) -> str:
    """Nothing is filed yet; Ilinca agrees, with her certificate, by TLS."""
    with sim.world.lock:
        sim.world.begin_anew()
    ilinca = sim.certificate("ilinca")
    with Browser(str(sim.ca_file), ilinca.p12, ilinca.password) as browser:
        page = browser.open(
            f"{sim.login}/anaf-oauth2/v1/authorize?response_type=code&client_id={sim.client_id}"
            f"&redirect_uri={CALLBACK}&token_content_type=jwt&state=s",
            until=CALLBACK,
        )
    return parse_qs(urlsplit(page.url).query)["code"][0]

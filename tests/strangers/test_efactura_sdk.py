"""The npm package `efactura-sdk`, as its author published it, against the simulator: the whole road, twice.

Once over HTTPS, trusting the simulator's authority; once over plain HTTP through a proxy, which its `basePath` allows.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from punte.anafsim import Simulator

from .conftest import CALLBACK, HERE
from .relay import Relay

PFA, STRANGER = "41287658", "21990350"
GOOD = (HERE.parent / "data" / "ubl" / "between-simulated-companies.xml").read_bytes()
BAD = GOOD.replace(b"EX-0001", b"EX-0002").replace(b">RO-CJ<", b">CJ<")


@pytest.fixture(scope="module", params=["https", "http"])
def api(request: pytest.FixtureRequest, sim: Simulator) -> Iterator[str]:
    if request.param == "https":
        yield sim.api
        return
    with Relay(sim.api, sim.ca_file) as relay:
        yield relay.address


@pytest.fixture(scope="module")
def visit(sim: Simulator, node: str, api: str, code: str) -> dict[str, Any]:
    """What each step of `efactura_sdk.mjs` gave: `value`, or `error` and `message`."""
    given = {
        "login": sim.login,
        "base_path": f"{api}/test/FCTEL/rest",
        "register": f"{sim.public}/api/PlatitorTvaRest/v9/tva",
        "client_id": sim.client_id,
        "client_secret": sim.client_secret,
        "redirect_uri": CALLBACK,
        "code": code,
        "cif": PFA,
        "strange_cif": STRANGER,
        "good": GOOD.decode(),
        "bad": BAD.decode(),
    }
    ended = subprocess.run(
        [node, "efactura_sdk.mjs"],
        cwd=HERE,
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(sim.ca_file)},
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return dict(json.loads(ended.stdout)["steps"])


def value(visit: dict[str, Any], step: str) -> Any:
    assert "value" in visit[step], visit[step]
    return visit[step]["value"]


def test_it_signs_in_and_its_pair_is_rotated(visit: dict[str, Any]) -> None:
    assert value(visit, "refresh") == {"changed": True, "expires_in": 7_776_000, "token_type": "Bearer"}


def test_it_uploads_and_what_was_filed_is_what_it_was_given(visit: dict[str, Any], sim: Simulator) -> None:
    sent, bad = value(visit, "upload"), value(visit, "upload_bad")
    assert (sent["executionStatus"], bad["executionStatus"]) == (0, 0)
    assert [(one["upload_index"], one["sha256"]) for one in sim.filed] == [
        (sent["indexIncarcare"], hashlib.sha256(GOOD).hexdigest()),
        (bad["indexIncarcare"], hashlib.sha256(BAD).hexdigest()),
    ]


def test_it_reads_the_state_and_downloads_the_sealed_zip(visit: dict[str, Any]) -> None:
    state, zipped = value(visit, "state"), value(visit, "download")
    assert state["stare"] == "ok"
    assert state["idDescarcare"].isdecimal()
    assert zipped == value(visit, "whole")
    assert zipped["bytes"] > len(GOOD) // 4


def test_it_finds_the_rule_in_the_error_file_of_a_rejected_invoice(visit: dict[str, Any]) -> None:
    rejected = value(visit, "whole_bad")
    assert (value(visit, "state_bad")["stare"], rejected["stare"]) == ("nok", "nok")
    assert "codEroare=BR-RO-110;" in rejected["errors"][0]


def test_it_lists_the_messages_simply_filtered_and_by_page(visit: dict[str, Any]) -> None:
    kinds = [message["tip"] for message in value(visit, "list")["mesaje"]]
    assert sorted(kinds) == ["ERORI FACTURA", "FACTURA TRIMISA"]
    assert [message["tip"] for message in value(visit, "list_errors")["mesaje"]] == ["ERORI FACTURA"]
    page = value(visit, "pages")
    assert page["mesaje"] == value(visit, "list")["mesaje"]
    assert (page["numar_total_inregistrari"], page["numar_total_pagini"]) == (2, 1)


def test_it_is_told_in_anafs_words_what_it_may_not(visit: dict[str, Any]) -> None:
    words = f"Nu aveti drept in SPV pentru CIF={STRANGER}"
    assert value(visit, "no_right")["errors"] == [words]
    assert visit["list_no_right"] == {"error": "AnafApiError", "message": words}
    assert visit["no_such_path"]["error"] == "AnafAuthenticationError"


def test_it_looks_up_a_company_in_the_public_register(visit: dict[str, Any]) -> None:
    (company,) = value(visit, "company")["data"]
    assert (company["vatCode"], company["isVatPayer"]) == (PFA, False)
    assert company["address"]["county"] == "CLUJ"


@pytest.mark.parametrize(
    ("step", "gave"),
    [
        # An empty window is a sentence in `eroare` at ANAF (docs/anaf/state-list-download.md, "List").
        ("no_pages", {"error": "AnafApiError", "message": "Nu exista mesaje in intervalul selectat"}),
        # ANAF wants digits (docs/anaf/upload.md, "CIF"); this client strips RO on upload and not on lists.
        ("list_with_ro", {"error": "AnafApiError", "message": f"CIF introdus= RO{PFA} nu este un numar"}),
        # An unknown index is an error without `stare`; this client calls it a rejection.
        ("unknown_state", {"value": {"stare": "nok", "errors": ["Nu exista factura cu id_incarcare= 1"]}}),
        # `found` is there and empty (docs/anaf/registry.md); this client calls it a success.
        ("no_company", {"value": {"success": True, "data": []}}),
    ],
)
def test_where_it_disagrees_with_the_facts_the_simulator_keeps_to_the_facts(
    visit: dict[str, Any], step: str, gave: dict[str, Any]
) -> None:
    assert visit[step] == gave


def test_a_refused_download_is_json_with_status_200_which_it_takes_for_bytes(visit: dict[str, Any]) -> None:
    assert visit["unknown_download"]["error"] == "TypeError"

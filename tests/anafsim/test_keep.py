"""`--keep`: a simulator that was killed goes on where it was."""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from punte.anafsim import Simulator

from .conftest import CALLBACK, PFA, SRL, Visitor, accept_all, invoice, valid

COMMAND = [sys.executable, "-c", "from punte.cli.anafsim import anafsim; anafsim()", "--port", "0", "--json", "--keep"]
Running = tuple["subprocess.Popen[str]", Visitor]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Running]]:
    """Starts the command on the same directory, with a visitor whose browser holds ilinca's certificate."""
    processes: list[subprocess.Popen[str]] = []

    def begin() -> Running:
        options = ["--dir", str(tmp_path / "sim"), "--processing", "3600", "--callback", CALLBACK]
        process = subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, text=True)
        processes.append(process)
        assert process.stdout
        facts: dict[str, Any] = json.loads(process.stdout.readline())
        row = facts["certificates"][0]
        one = SimpleNamespace(p12=Path(row["p12"]), password=row["password"])
        facts["certificate"] = lambda _name: one
        facts["ca_file"] = Path(facts["ca_file"])
        return process, Visitor(SimpleNamespace(**facts), "ilinca", tmp_path / "ilinca.pem")  # type: ignore[arg-type]

    yield begin
    for process in processes:
        process.kill()
        process.wait()


def kill(running: Running) -> None:
    process, visitor = running
    process.send_signal(signal.SIGKILL)
    process.wait()
    visitor.http.close()


def test_a_killed_simulator_goes_on_where_it_was(start: Callable[[], Running]) -> None:
    first = start()
    visitor = first[1]
    tokens = visitor.connect()
    spent = visitor.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"]).json()
    visitor.upload(valid("EX-1"), cif=SRL)
    visitor.upload(valid("EX-2"), cif=SRL)
    visitor.advance(3700)  # both are settled, and listed
    rows = visitor.get("listaMesajeFactura", zile="1", cif=SRL).json()["mesaje"]
    package = visitor.get("descarcare", id=rows[0]["id"]).content
    visitor.upload(valid("EX-3"), cif=SRL)
    visitor.advance(40 * 86400)
    visitor.control("POST", "/rights", {"certificate": "fara-drept", "cifs": [SRL]})
    visitor.control("POST", "/rights", {"certificate": "reinnoit", "cifs": [PFA]})
    visitor.control("POST", "/rights", {"certificate": "ilinca", "cifs": [SRL]})
    visitor.upload(valid("EX-4"), cif=SRL)  # the last call before the end
    world, ledger = (visitor.control("GET", path) for path in ("/world", "/ledger"))
    kill(first)

    second = start()
    visitor.sim, visitor.http = second[1].sim, second[1].http
    again, told = (visitor.control("GET", path) for path in ("/world", "/ledger"))
    assert again["holders"] == world["holders"]
    assert again["clock"][:10] == world["clock"][:10]  # forty days on
    assert told["filed"] == ledger["filed"]
    assert [one["number"] for one in told["filed"]] == ["EX-1", "EX-2", "EX-3", "EX-4"]
    assert told["calls"][: len(ledger["calls"])] == ledger["calls"]
    assert visitor.get("listaMesajeFactura", zile="60", cif=SRL).json()["mesaje"][: len(rows)] == rows
    assert visitor.get("descarcare", id=rows[0]["id"]).content == package
    assert 'index_incarcare="5000000004"' in visitor.upload(valid("EX-1"), cif=SRL).text  # numbers go on
    visitor.advance(3700)
    twice = visitor.control("GET", "/ledger")["filed"][-1]
    assert "index=5000000000" in twice["errors"][0]  # and duplicates are still known
    assert visitor.control("GET", "/ledger")["filed"][3]["state"] == "ok"  # what was in processing went on
    # the spent refresh token is still dead, the newest lives
    old = visitor.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert old.json()["error"] == "invalid_grant"
    assert visitor.token(grant_type="refresh_token", refresh_token=spent["refresh_token"]).status_code == 200
    visitor.http.close()


def test_what_was_answered_is_kept_whenever_it_is_killed(start: Callable[[], Running]) -> None:
    """Three times it dies amidst uploads: every index given is there afterwards, and none is given twice."""
    given: dict[str, str] = {}
    process, visitor = start()
    visitor.connect()
    for life in range(3):
        threading.Timer(0.15 + life / 10, process.kill).start()
        with pytest.raises(httpx2.TransportError):
            _upload_until_it_dies(visitor, life, given)
        kill((process, visitor))
        bearer = visitor.bearer
        process, visitor = start()
        visitor.bearer = bearer
    filed = {one["upload_index"]: one["number"] for one in visitor.control("GET", "/ledger")["filed"]}
    assert given.items() <= filed.items()
    assert len(given) > 20
    assert len(filed) - len(given) <= 3  # taken, and killed before the answer
    visitor.http.close()


def _upload_until_it_dies(visitor: Visitor, life: int, given: dict[str, str]) -> None:
    for n in range(10_000):
        index = visitor.upload(valid(f"L{life}-{n}"), cif=SRL).text.partition('index_incarcare="')[2][:10]
        assert index not in given
        given[index] = f"L{life}-{n}"


def test_the_limits_of_the_day_are_not_forgotten(tmp_path: Path) -> None:
    for left in (2, 1):
        with Simulator(tmp_path, judge=accept_all, callbacks=[CALLBACK], keep=True) as sim:
            visitor = Visitor(sim, "ilinca", tmp_path / "ilinca.pem")
            visitor.connect()
            visitor.control("POST", "/settings", {"limit_list": 2})
            answers = [visitor.get("listaMesajeFactura", zile="1", cif=PFA).text for _ in range(left)]
            visitor.http.close()
    assert "S-au facut deja 2 interogari de lista mesaje" in answers[-1]


def test_a_reset_forgets_on_disk_too(tmp_path: Path) -> None:
    with Simulator(tmp_path, judge=accept_all, callbacks=[CALLBACK], keep=True) as sim:
        visitor = Visitor(sim, "ilinca", tmp_path / "ilinca.pem")
        visitor.connect()
        visitor.upload(invoice())
        visitor.advance(86400)
        visitor.control("POST", "/reset", {})
        visitor.http.close()
    with Simulator(tmp_path, judge=accept_all, callbacks=[CALLBACK], keep=True) as sim:
        assert sim.filed == []
        assert sim.world.clock.offset.total_seconds() == 0


def test_a_bad_day_ends_with_the_run_and_leaves_nothing_behind(start: Callable[[], Running]) -> None:
    running = start()
    before = running[1].control("GET", "/world")
    for name in ("right-withdrawn", "clock-behind", "no-rights"):
        running[1].control("POST", "/scenarios", {"name": name})
    running[1].connect()  # a call, after which everything is kept
    kill(running)
    process, visitor = start()
    assert visitor.control("GET", "/world")["holders"] == before["holders"]
    assert visitor.control("GET", "/world")["clock"][:15] >= before["clock"][:15]
    kill((process, visitor))


def test_two_simulators_do_not_share_a_state(tmp_path: Path) -> None:
    with Simulator(tmp_path, keep=True):
        with pytest.raises(ValueError, match="another simulator keeps its state here"):
            Simulator(tmp_path, keep=True)
        Simulator(tmp_path).stop()  # without a state of its own it may


def test_a_state_of_another_version_is_left_alone(tmp_path: Path) -> None:
    Simulator(tmp_path, keep=True).stop()
    with sqlite3.connect(tmp_path / "state.sqlite3") as base:
        base.execute("PRAGMA user_version=99")
    base.close()
    with pytest.raises(ValueError, match="written by another version"):
        Simulator(tmp_path, keep=True)


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    Simulator(tmp_path, keep=True).stop()
    assert (tmp_path / "state.sqlite3").stat().st_mode & 0o077 == 0

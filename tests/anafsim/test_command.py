"""`punte anafsim` as a process: what it prints, how it ends."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner

from punte.anafsim import Simulator
from punte.cli.anafsim import anafsim

COMMAND = [sys.executable, "-c", "from punte.cli.anafsim import anafsim; anafsim()", "--port", "0"]


@pytest.fixture
def process(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [*COMMAND, "--json", "--dir", str(tmp_path), "--callback", "http://localhost:8000/anaf/callback"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        yield running
        running.kill()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_one_line_when_ready_and_a_clean_end(process: "subprocess.Popen[str]", stop: signal.Signals) -> None:
    assert process.stdout
    facts = json.loads(process.stdout.readline())
    assert set(facts) == {
        "login", "api", "public", "control", "door", "client_id", "client_secret", "ca_file", "certificates",
        "seal_fingerprint",
    }  # fmt: skip
    first = facts["certificates"][0]
    assert set(first) >= {"p12", "password", "cifs"}
    assert Path(first["p12"]).is_file()
    world = httpx2.get(f"{facts['control']}/world").json()
    assert world["callbacks"] == ["http://localhost:8000/anaf/callback"]
    assert "SIMULATOR. Acesta NU este ANAF." in httpx2.get(facts["door"] + "/").text
    process.send_signal(stop)
    assert process.wait(10) == 0
    assert process.stdout.read() == ""


def test_a_taken_port_is_told_with_a_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [*COMMAND[:-1], str(port), "--dir", str(tmp_path)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1
    assert f"Porturile de la {port} la {port + 4} nu sunt toate libere" in ended.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--port", "80"], "--port este 0 sau între"),
        (["--callback", "http://x.ro/"], "a callback is https"),
        (["--scenario", "slowly"], "no scenario is called 'slowly'"),
        (["--scenario", "slow:seconds"], "„seconds” nu este de forma nume=valoare"),
    ],
)
def test_a_wrong_option_is_told(tmp_path: Path, options: list[str], told: str) -> None:
    command = [*COMMAND, "--dir", str(tmp_path), *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert told in ended.stderr


def test_bad_days_are_on_from_the_start_when_asked_for(tmp_path: Path) -> None:
    first = ["--scenario", "maintenance", "--scenario", "slow:seconds=5,minutes=10"]
    with subprocess.Popen([*COMMAND, "--json", "--dir", str(tmp_path), *first], stdout=subprocess.PIPE) as running:
        try:
            assert running.stdout
            world = httpx2.get(f"{json.loads(running.stdout.readline())['control']}/world").json()
        finally:
            running.kill()
    assert world["scenarios"] == ["maintenance", "slow"]
    assert [fault["seconds"] for fault in world["faults"]] == [0, 5]


def test_bad_days_are_switched_while_it_runs(sim: Simulator) -> None:
    def say(*words: str, control: str = sim.control) -> tuple[int, str]:
        ended = CliRunner().invoke(anafsim, ["scenario", "--control", control, *words])
        return ended.exit_code, ended.output

    assert say("on", "slow") == (0, "Pornite: slow\n")
    assert say("on", "technical", "share=0.25", "code=104") == (0, "Pornite: slow, technical\n")
    assert httpx2.get(f"{sim.control}/world").json()["faults"][1]["code"] == "104"
    assert say("off", "slow") == (0, "Pornite: technical\n")
    _, told = say("list")
    assert "  pornit  technical             Eroare tehnică la jumătate din încărcări, S03\n" in told
    assert "          slow                  Încărcări lente, S02\n" in told
    assert [one["name"] for one in json.loads(say("list", "--json")[1]) if one["on"]] == ["technical"]
    assert say("off") == (0, "Niciun scenariu pornit.\n")
    status, told = say("on", "slowly")
    assert (status, "no scenario is called 'slowly'" in told) == (1, True)
    status, told = say("on", "slow", "seconds")
    assert (status, "„seconds” nu este de forma nume=valoare" in told) == (2, True)
    status, told = say("list", control="http://127.0.0.1:9")
    assert (status, "La http://127.0.0.1:9 nu răspunde niciun simulator" in told) == (1, True)

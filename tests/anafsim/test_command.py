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


def test_bad_days_from_the_start_and_switched_while_it_runs(tmp_path: Path) -> None:
    first = ["--scenario", "maintenance", "--scenario", "slow:seconds=5,minutes=10"]
    command = [*COMMAND, "--json", "--dir", str(tmp_path), *first]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            control = json.loads(running.stdout.readline())["control"]
            world = httpx2.get(f"{control}/world").json()
            assert world["scenarios"] == ["maintenance", "slow"]
            assert [fault["seconds"] for fault in world["faults"]] == [0, 5]
            assert say(control, "off", "slow") == (0, "Pornite: maintenance\n", "")
            assert say(control, "on", "technical", "share=0.25", "code=104")[1] == "Pornite: maintenance, technical\n"
            assert httpx2.get(f"{control}/world").json()["faults"][1]["code"] == "104"
            _, told, _ = say(control, "list")
            assert "  pornit  technical             Eroare tehnică la jumătate din încărcări, S03\n" in told
            assert "          slow                  Încărcări lente, S02\n" in told
            described = json.loads(say(control, "list", "--json")[1])
            assert {one["name"] for one in described if one["on"]} == {"maintenance", "technical"}
            assert say(control, "off") == (0, "Niciun scenariu pornit.\n", "")
            status, _, told = say(control, "on", "slowly")
            assert (status, "no scenario is called 'slowly'" in told) == (1, True)
            status, _, told = say(control, "on", "slow", "seconds")
            assert (status, "„seconds” nu este de forma nume=valoare" in told) == (2, True)
        finally:
            running.kill()
    status, _, told = say(control, "list")
    assert (status, f"La {control} nu răspunde niciun simulator" in told) == (1, True)


def say(control: str, *words: str) -> tuple[int, str, str]:
    """`punte anafsim scenario …`: exit status, standard output, standard error."""
    command = [*COMMAND[:3], "scenario", "--control", control, *words]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return ended.returncode, ended.stdout, ended.stderr

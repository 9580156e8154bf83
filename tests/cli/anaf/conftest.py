"""A simulator, and a terminal at which `punte anaf …` is really called, as a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography.fernet import Fernet, MultiFernet

from punte.anafsim import Simulator
from punte.cli.anaf.vault import Vault
from punte.cli.browser import Browser
from warm import Punte

PASTED = "https://localhost/anaf/callback"
PFA, SRL, CLIENT, STRANGER = "41287658", "19283749", "33451201", "21990350"
GOOD = Path(__file__).parents[2] / "data" / "ubl" / "between-simulated-companies.xml"


def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass(frozen=True)
class Said:
    """What a command said. `json`: its lines."""

    status: int | None
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self) -> dict[str, Any]:
        (only,) = self.lines
        return only


@dataclass
class Terminal:
    sim: Simulator
    data: Path
    env: dict[str, str] = field(default_factory=dict)

    def start(self, *words: str, **more: Any) -> subprocess.Popen[str]:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = [sys.executable, "-m", "punte", "anaf", *words]
        return subprocess.Popen(command, env=self.environment, text=True, **(pipes | more))

    def run(self, *words: str, stdin: str = "") -> Said:
        with Punte(["anaf", *words], self.environment) as process:
            out, err = process.communicate(stdin, timeout=60)
            return Said(process.returncode, out, err)

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PUNTE_")}
        given = {
            "PUNTE_DATA_DIR": str(self.data),
            "PUNTE_ANAF": "custom",
            "PUNTE_ANAF_LOGIN": self.sim.login,
            "PUNTE_ANAF_API": self.sim.api,
            "PUNTE_ANAF_PUBLIC": self.sim.public,
            "PUNTE_ANAF_CA_FILE": str(self.sim.ca_file),
            "PUNTE_ANAF_ENVIRONMENT": "test",
            "PUNTE_ANAF_CLIENT_ID": self.sim.client_id,
            "PUNTE_ANAF_CLIENT_SECRET": self.sim.client_secret,
            "PUNTE_ANAF_CLOCK_MARGIN": "0",
            "PUNTE_ANAF_SEALS": self.sim.describe()["seal_fingerprint"],
        }
        return inherited | given | self.env

    def agree(self, address: str, until: str, certificate: str = "ilinca") -> str:
        """A person opens `address` and shows the certificate; where ANAF then sends the browser."""
        one = self.sim.certificate(certificate)
        with Browser(str(self.sim.ca_file), one.p12, one.password) as browser:
            return browser.open(address, until=until).url

    def login(self, certificate: str = "ilinca") -> Said:
        """By pasting."""
        with Punte(["anaf", "login", "--paste", "--redirect-uri", PASTED, "--json"], self.environment) as process:
            first = process.stdout.readline()
            if not first.startswith('{"open"'):
                out, err = process.communicate(timeout=60)
                return Said(process.returncode, first + out, err)
            back = self.agree(json.loads(first)["open"], PASTED, certificate)
            out, err = process.communicate(back + "\n", timeout=60)
            return Said(process.returncode, out, err)

    def control(self, path: str, facts: Any) -> None:
        answer = httpx2.post(self.sim.control + path, json=facts)
        assert answer.status_code == 200, answer.text

    def calls(self, ending: str) -> int:
        """How many calls have reached the simulator whose path ends so."""
        ledger = httpx2.get(f"{self.sim.control}/ledger").json()["calls"]
        return sum(call["path"].endswith(ending) for call in ledger)


def vault_of(terminal: Terminal) -> Vault:
    """What the commands at `terminal` keep, opened from here."""
    owner = "\n".join((terminal.sim.login, terminal.environment["PUNTE_ANAF_API"], terminal.sim.client_id))
    key = Fernet((terminal.data / "fernet_keys.secret").read_text())
    return Vault(terminal.data / "anaf", owner, MultiFernet([key]))


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """Judges by the rules and at once; what is judged is listed at once."""
    directory = tmp_path_factory.mktemp("anafsim")
    with Simulator(directory, processing=0, listing_lag=0, callbacks=[PASTED]) as simulator:
        yield simulator


@pytest.fixture
def terminal(running: Simulator, tmp_path: Path) -> Terminal:
    """Nobody has logged in here."""
    with running.world.lock:
        running.world.begin_anew()
    return Terminal(running, tmp_path / "data")


@pytest.fixture(scope="session")
def keys(running: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory after a login. The simulator's resets spare its access token alone."""
    terminal = Terminal(running, tmp_path_factory.mktemp("keys"))
    assert terminal.login().status == 0
    return terminal.data


@pytest.fixture
def ilinca(terminal: Terminal, keys: Path) -> Terminal:
    """Ilinca has logged in, with rights on the PFA and the SRL."""
    shutil.copytree(keys, terminal.data)
    return terminal


@pytest.fixture
def good() -> str:
    """An invoice that the rules and the simulator's register accept."""
    return str(GOOD)

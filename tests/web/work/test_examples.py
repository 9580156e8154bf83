"""The examples for operators are read without a fault by those who would read them, or by their grammar alone."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from punte.web.work import metrics

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "docs" / "operare" / "exemple"
UNITS = sorted(EXAMPLES.glob("*.service"))


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_our_command_and_gives_it_time_to_stop(path):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path)
    assert set(unit.sections()) == {"Unit", "Service", "Install"}
    service = unit["Service"]
    assert service["ExecStart"].split()[1] in {"serve", "worker"}
    assert int(service["TimeoutStopSec"]) > 10


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_finds_no_fault_in_a_unit(path, tmp_path):
    if not shutil.which("systemd-analyze"):
        message = "systemd-analyze is missing"
        pytest.fail(message) if os.environ.get("CI") == "true" and Path("/run/systemd").exists() else pytest.skip(
            message
        )
    unit = tmp_path / path.name
    program = shutil.which("true")
    unit.write_text(
        re.sub(r"ExecStart=\S+", f"ExecStart={program}", path.read_text()).replace("User=punte\nGroup=punte\n", "")
    )
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert path.name not in said.stderr, said.stderr


def test_compose_reads_the_file():
    """`docker compose config` where there is one: no engine is needed for that."""
    if not shutil.which("docker") or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        pytest.skip("docker compose is missing")
    command = ["docker", "compose", "-f", str(EXAMPLES / "compose.yml"), "config", "--format", "json"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    services = json.loads(said.stdout)["services"]
    assert set(services) == {"database", "prepare", "web", "worker"}
    assert services["worker"]["command"] == ["punte", "worker"]


def test_what_the_containerfile_copies_is_here():
    copied = re.findall(r"^COPY (.+) \S+$", (EXAMPLES / "Containerfile").read_text(), re.MULTILINE)
    assert copied
    for names in copied:
        for name in names.split():
            assert (ROOT / name).exists(), name


def test_every_variable_of_the_examples_is_written_down():
    written = (ROOT / "docs" / "operare" / "configurare.md").read_text()
    for path in (*UNITS, EXAMPLES / "compose.yml", EXAMPLES / "Containerfile"):
        for name in re.findall(r"\b(PUNTE_[A-Z_]+?)(?:_FILE)?\b(?=[:=])", path.read_text()):
            assert name in written, (path.name, name)


@pytest.mark.django_db
def test_alarms_ask_for_measures_that_exist():
    told = metrics.page().decode()
    exist = set(re.findall(r"^# TYPE (\w+) ", told, re.MULTILINE)) | {"punte_anaf_seconds_count"}
    asked = set(re.findall(r"\b(punte_\w+)", (EXAMPLES / "alarme.yml").read_text()))
    assert asked <= exist, asked - exist
    documented = (ROOT / "docs" / "operare" / "supraveghere.md").read_text()
    assert all(name in documented for name in exist - {"punte_info", "punte_deliveries"})

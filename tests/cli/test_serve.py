"""`punte serve` as a process: it listens, starts again what dies, and stops when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from installation import until
from punte.cli import demo


@pytest.fixture
def served(tmp_path):
    port = demo.free_port(0)
    env = os.environ | demo.settings(f"http://localhost:{port}", tmp_path)
    env |= {"DJANGO_SETTINGS_MODULE": "punte.web.config.settings", "PUNTE_ANAF": "test"}
    env.pop("DATABASE_URL", None)
    process = subprocess.Popen([sys.executable, "-m", "punte", "serve"], env=env, stderr=subprocess.PIPE)
    try:
        until(lambda: listens(port), 120)
        yield process, port
    finally:
        process.terminate()  # killed, it would leave its children behind
        process.wait(20)


def listens(port: int) -> bool:
    try:
        return httpx2.get(f"http://localhost:{port}/cont/login/").status_code == 200
    except httpx2.HTTPError:
        return False


def children(pid: int) -> dict[str, int]:
    """`web` and `worker`, by their command lines."""
    pids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = {int(child): Path(f"/proc/{child}/cmdline").read_text() for child in pids}
    return {"web" if "granian" in line else "worker": child for child, line in lines.items()}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.timeout(240)
def test_what_dies_is_started_again_and_sigterm_ends_all_of_it(served):
    process, port = served
    before = children(process.pid)
    assert set(before) == {"web", "worker"}

    os.kill(before["worker"], signal.SIGKILL)
    until(lambda: children(process.pid).get("worker") not in {None, before["worker"]}, 20)
    assert children(process.pid)["web"] == before["web"]

    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert time.monotonic() - began < 11  # the promise is 10 s
    assert not listens(port)


def test_a_wrong_setting_ends_the_start_and_names_itself(tmp_path):
    env = (
        os.environ | demo.settings("localhost:8000", tmp_path) | {"DJANGO_SETTINGS_MODULE": "punte.web.config.settings"}
    )

    ended = subprocess.run(
        [sys.executable, "-m", "punte", "serve"], env=env, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 1
    assert "PUNTE_BASE_URL='localhost:8000'" in ended.stderr
    assert "Traceback" not in ended.stderr

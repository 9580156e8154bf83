"""What dies is started again, at once the first time, then later and later; a SIGTERM reaches all of it."""

from __future__ import annotations

import sys
import time

import pytest

from punte.cli import demo, supervision
from punte.cli.supervision import Supervisor

LISTENS = "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


@pytest.fixture
def port() -> int:
    return demo.free_port(0)


def test_the_pause_grows_with_each_death_and_starts_anew_after_a_good_life(port, monkeypatch):
    monkeypatch.setattr(supervision, "PAUSES", (0.0, 0.4, 0.8))
    commands = {"web": [sys.executable, "-c", LISTENS, str(port)], "dies": [sys.executable, "-c", STUBBORN]}
    with Supervisor(commands, port=port) as supervisor:
        supervisor.commands = commands | {"dies": [sys.executable, "-c", "raise SystemExit(3)"]}
        supervisor.children["dies"].kill()
        starts: list[float] = []
        end = time.monotonic() + 3
        while time.monotonic() < end:
            before = supervisor.started["dies"]
            supervisor._restart_the_dead()
            if supervisor.started["dies"] != before:
                starts.append(supervisor.started["dies"])
            time.sleep(0.01)

        pauses = [later - earlier for earlier, later in zip(starts, starts[1:], strict=False)]
        assert pauses[0] >= 0.4
        assert all(pause >= 0.8 for pause in pauses[1:])

        monkeypatch.setattr(supervision, "LIVED_WELL", 0.0)
        supervisor.children["dies"].wait()
        supervisor.due.clear()
        supervisor._restart_the_dead()
        assert supervisor.deaths["dies"] == 1


def test_who_does_not_listen_to_sigterm_is_ended_in_time(port, monkeypatch):
    monkeypatch.setattr(supervision, "STOP_WITHIN", 0.5)
    commands = {"web": [sys.executable, "-c", LISTENS, str(port)], "deaf": [sys.executable, "-c", STUBBORN]}
    with Supervisor(commands, port=port) as supervisor:
        began = time.monotonic()

    assert time.monotonic() - began < 5
    assert all(child.poll() is not None for child in supervisor.children.values())

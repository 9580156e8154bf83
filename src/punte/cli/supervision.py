"""Keep a few processes alive: start them, restart the one that dies, stop all of them cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from types import FrameType

STOP_WITHIN = 10.0  # seconds between asking and insisting
TOO_QUICK = 2.0  # seconds between two starts of the same process


class Supervisor:
    """Runs `commands` (name: argv) until SIGTERM or SIGINT. A child that dies is started again."""

    def __init__(self, commands: Mapping[str, list[str]], env: Mapping[str, str] | None = None) -> None:
        self.commands = commands
        self.env = {**os.environ, **(env or {})}
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.stopping = False

    def start(self, name: str) -> None:
        # a session of its own: Ctrl+C reaches us alone, and we tell the children in order
        self.children[name] = subprocess.Popen(self.commands[name], env=self.env, start_new_session=True)  # noqa: S603
        self.started[name] = time.monotonic()

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            for name in self.commands:
                self.start(name)
            while not self.stopping:
                time.sleep(0.2)
                self._restart_the_dead()
        finally:
            self.stop()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _restart_the_dead(self) -> None:
        for name, child in self.children.items():
            if child.poll() is None or self.stopping:
                continue
            if time.monotonic() - self.started[name] < TOO_QUICK:
                continue
            print(f"punte: {name} ended with {child.returncode}; starting it again", file=sys.stderr)
            self.start(name)

    def stop(self) -> None:
        alive = [child for child in self.children.values() if child.poll() is None]
        for child in alive:
            child.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        for child in alive:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

"""Keep a few processes alive: start them, restart the one that dies, stop all of them cleanly."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Self

STOP_WITHIN = 10.0  # seconds between asking and insisting
START_WITHIN = 30.0
TOO_QUICK = 2.0  # seconds between two starts of the same process


class Supervisor:
    """Runs `commands` (name: argv), either until SIGTERM or SIGINT (`run`), or as a context manager.

    port   of the web server: it counts as started when somebody listens there
    ready  called once, then
    env    of the children; ours when None
    """

    def __init__(
        self,
        commands: Mapping[str, list[str]],
        *,
        port: int,
        ready: Callable[[], None] = lambda: None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.commands, self.port, self.ready, self.env = commands, port, ready, env
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.stopping = False

    def run(self) -> None:
        """Returns when told to stop and everything has ended. A child that dies is started again."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told)
        with self:
            self.ready()
            while not self.stopping:
                time.sleep(0.2)
                self._restart_the_dead()

    def __enter__(self) -> Self:
        try:
            for name in self.commands:
                self._start(name)
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

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

    def _start(self, name: str) -> None:
        # a session of its own: Ctrl+C reaches us alone, and we tell the children in order
        self.children[name] = subprocess.Popen(self.commands[name], env=self.env, start_new_session=True)  # noqa: S603
        self.started[name] = time.monotonic()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_WITHIN
        while not self.stopping:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                for name, child in self.children.items():
                    if child.poll() is not None:
                        raise RuntimeError(f"{name} ended with {child.returncode} while starting") from None
                if time.monotonic() > deadline:
                    raise RuntimeError(f"nobody listens on port {self.port} after {START_WITHIN:.0f} s") from None
                time.sleep(0.05)

    def _told(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _restart_the_dead(self) -> None:
        for name, child in self.children.items():
            if child.poll() is None or time.monotonic() - self.started[name] < TOO_QUICK:
                continue
            print(f"punte: {name} ended with {child.returncode}; starting it again", file=sys.stderr)
            self._start(name)

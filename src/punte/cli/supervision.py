"""Keep a few processes alive: start them, restart the one that dies, stop all of them cleanly."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Self

import structlog

STOP_WITHIN = 9.0  # seconds between asking and insisting: all of it ends within 10
START_WITHIN = 120.0  # seconds until the web listens, on a small machine with much else to do
#: Seconds before a process that died is started again: more each time, from the first on once it has lived well.
PAUSES = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0)
LIVED_WELL = 60.0

log = structlog.get_logger("punte.supervision")


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
        self.commands, self.port, self.ready, self.env = dict(commands), port, ready, env
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.deaths: dict[str, int] = {}  # in a row
        self.due: dict[str, float] = {}  # when the dead are started again
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
        for child in self.children.values():
            _end_family(child)

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
        now = time.monotonic()
        for name, child in self.children.items():
            if child.poll() is None:
                continue
            if name not in self.due:
                deaths = self.deaths[name] = (
                    1 if now - self.started[name] > LIVED_WELL else self.deaths.get(name, 0) + 1
                )
                pause = PAUSES[min(deaths, len(PAUSES)) - 1]
                self.due[name] = now + pause
                _end_family(child)
                log.error("process ended", process=name, status=child.returncode, again_in=pause)
            if now >= self.due[name]:
                del self.due[name]
                self._start(name)


def _end_family(child: subprocess.Popen[bytes]) -> None:
    """What a dead child leaves behind: a web server killed outright leaves its workers, which would go on listening."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)  # its session is its own, and so is its group

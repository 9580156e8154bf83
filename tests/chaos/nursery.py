"""Workers born quickly: `python -m chaos.nursery` loads the product once, then forks a `punte worker` for each line.

Importing the product costs more processor time than a killed worker lives; a fork shares it. What runs in the child is
the very command, with a process of its own, its own connections, threads and leases, and SIGKILL ends it as any other.
Each line on standard input names a log file; the answer is the child's process id.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path
from subprocess import TimeoutExpired

from punte.cli import product, worker


def main() -> None:
    product.set_up()
    from punte.web.work import loop  # noqa: F401 - the dear part

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave no zombies
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            log = os.open(line.strip(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            os.dup2(log, 1)
            os.dup2(log, 2)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            random.seed()
            worker.worker.main(args=[], prog_name="punte worker")
        print(pid, flush=True)


class Forked:
    """A child of the nursery, with as much of `subprocess.Popen` as is used here."""

    stdin = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        return None if Path(f"/proc/{self.pid}").exists() else -1

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def wait(self, timeout: float = 60) -> int:
        end = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > end:
                raise TimeoutExpired("punte worker", timeout)
            time.sleep(0.005)
        return -1

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return


if __name__ == "__main__":
    main()

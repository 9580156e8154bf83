"""Processes of `punte` that start at once: forked off one that has its modules read already.

What they do is real (a process, its pipes, its exit status); only the imports are shared. Where the start itself is
the point, start `python -m punte` instead.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.reduction import DupFd
from typing import IO, Any, Self

context = get_context("forkserver")
context.set_forkserver_preload(
    ["punte.cli.anaf.login", "punte.cli.anaf.upload", "punte.cli.anaf.lookup", "punte.cli.anaf.validate"]
)


def _become(words: Sequence[str], environment: Mapping[str, str], ends: Sequence[Any]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for number, end in enumerate(ends):
        os.dup2(end.detach(), number)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w", buffering=1), open(2, "w", buffering=1)  # noqa: SIM115
    sys.argv = ["punte", *words]
    from punte.cli import main

    main(prog_name="punte")


class Punte:
    """`punte WORDS` with pipes for its three streams, as `subprocess.Popen` has them; a context manager that kills."""

    stdin: IO[str]
    stdout: IO[str]
    stderr: IO[str]

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        (given, to_give), (heard, said), (heard_too, complained) = os.pipe(), os.pipe(), os.pipe()
        self.stdin, self.stdout, self.stderr = os.fdopen(to_give, "w"), os.fdopen(heard), os.fdopen(heard_too)
        theirs = given, said, complained
        self._process = context.Process(target=_become, args=(list(words), dict(environment), _Ends(theirs)))
        self._process.start()
        for end in theirs:
            os.close(end)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()
        for stream in (self.stdin, self.stdout, self.stderr):
            with contextlib.suppress(BrokenPipeError):
                stream.close()

    def communicate(self, given: str = "", timeout: float | None = None) -> tuple[str, str]:
        """Write `given`, close, read to the end. Raises TimeoutError when it has not ended in `timeout` seconds."""
        said: dict[str, str] = {}
        readers = [
            threading.Thread(target=lambda name=name: said.update({name: getattr(self, name).read()}), daemon=True)
            for name in ("stdout", "stderr")
        ]
        for reader in readers:
            reader.start()
        try:
            self.stdin.write(given)
            self.stdin.close()
        except BrokenPipeError:
            pass
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutError(f"still running after {timeout} s")
        for reader in readers:
            reader.join()
        return said["stdout"], said["stderr"]

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode


class _Ends(Sequence[Any]):
    """File descriptors that travel to the child: made passable only while it is being started."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers

    def __reduce__(self) -> tuple[Any, ...]:
        return list, ([DupFd(number) for number in self._numbers],)

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, index: Any) -> Any:
        return self._numbers[index]

"""A second judge, in a process of its own, for the hours in which many documents wait.

The rules are the dearest part of an upload, and one Python process judges on one core only. While few documents wait
nobody needs him: he is fetched with the first of a queue, and judges ahead what the first will come to.
"""

import json
import os
import struct
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO

from .judge import NotTaken, by_the_rules

QUEUE = 64  # documents in processing from which on he is fetched
HIS_PART = "from punte.anafsim.second_judge import serve; serve()"


class Gone(Exception):
    """His process has ended before it answered."""


class SecondJudge:
    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "anafsim-second-judge")
        self._process: subprocess.Popen[bytes] | None = None

    def ahead(self, xml: bytes) -> Future[list[str]]:
        """His verdict, as that of `by_the_rules`. Who does not want to wait for it may cancel it and judge himself.

        The future raises NotTaken, or Gone.
        """
        return self._thread.submit(self._ask, xml)

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)
        if self._process:
            self._process.communicate()  # closes his input, at which he goes
            self._process = None

    def _ask(self, xml: bytes) -> list[str]:
        self._process = self._process or subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", HIS_PART],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,  # Ctrl+C is for the simulator
        )
        assert self._process.stdin
        assert self._process.stdout
        try:
            _write(self._process.stdin, xml)
            verdict = json.loads(_read(self._process.stdout))
        except (OSError, EOFError) as reason:
            raise Gone from reason
        if "not_taken" in verdict:
            raise NotTaken(verdict["not_taken"])
        faults: list[str] = verdict["faults"]
        return faults


def serve() -> None:
    """His side: documents from standard input, verdicts to standard output, until the input ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            xml = _read(source)
        except EOFError:
            return
        try:
            verdict: dict[str, object] = {"faults": by_the_rules(xml)}
        except NotTaken as reason:
            verdict = {"not_taken": str(reason)}
        _write(sink, json.dumps(verdict).encode())


def _write(stream: IO[bytes], content: bytes) -> None:
    stream.write(struct.pack(">I", len(content)) + content)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes:
    head = stream.read(4)
    if len(head) < 4:
        raise EOFError
    [length] = struct.unpack(">I", head)
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return content

"""How many uploads a second the simulator takes and judges, beside a bare handler of the same server in the same run.

The simulator runs in a process of its own, as a load test has it; its seconds of CPU are read there, so that neither
this client nor a busy neighbour counts.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from punte.en16931 import read_ubl, write_ubl

from .timing import EXAMPLE, Row, row

CONNECTIONS: Final = 8
UPLOADS: Final = 1200

SERVER: Final = """
import asyncio, json, os, sys, tempfile, threading, time
from datetime import UTC, datetime
import uvicorn
from punte.anafsim import Simulator, jwt
from punte.anafsim.server import PeerProtocol, _listen

class Bare:
    async def __call__(self, scope, receive, send):
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"170")]})
        await send({"type": "http.response.body", "body": b"x" * 170})

def cpu():
    seconds = time.process_time()
    tick = os.sysconf("SC_CLK_TCK")
    for task in os.listdir("/proc/self/task"):  # the second judge is a process of its own
        for pid in open(f"/proc/self/task/{task}/children").read().split():
            fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
            seconds += (int(fields[11]) + int(fields[12])) / tick
    return seconds

with tempfile.TemporaryDirectory() as directory, Simulator(directory, processing=0.5, **json.loads(sys.argv[1])) as sim:
    sim.world.settings.limit_minute = 10**9
    [sock] = _listen(0)[:1]
    config = uvicorn.Config(Bare(), http=PeerProtocol, ws="none", lifespan="off", log_config=None,
                            access_log=False, server_header=False)
    config.load()
    config.ssl = sim.world.authority.tls(ask_certificate=False)
    bare = uvicorn.Server(config)
    threading.Thread(target=lambda: asyncio.run(bare.serve([sock])), daemon=True).start()
    token = jwt.issue(sim.certificate("ilinca"), sim.client_id, sim.world.authority, datetime.now(UTC))
    url = f"https://127.0.0.1:{sock.getsockname()[1]}"
    said = {"bare": url, "api": sim.api, "token": token, "ca": str(sim.ca_file)}
    print(json.dumps(said), flush=True)
    for line in sys.stdin:
        if line.strip() == "settled":
            while any(one["state"] == "in prelucrare" for one in sim.filed):
                time.sleep(0.05)
            states = [one["state"] for one in sim.filed]
            print(json.dumps({state: states.count(state) for state in set(states)}), flush=True)
        else:
            print(json.dumps(cpu()), flush=True)
"""


def run() -> list[Row]:
    warm, *rounds = [list(_documents(name, count)) for name, count in (("W", 200), ("A", UPLOADS), ("B", UPLOADS))]
    rows: list[Row] = []
    for how, keep in (("judged", False), ("judged and kept on disk", True)):
        with _server(keep=keep) as ask:
            drive = partial(_round, ask(), cpu=lambda ask=ask: ask("cpu"), until=lambda ask=ask: ask("settled"))
            drive("api", warm)
            taken = [drive("api", documents) for documents in rounds]
            bare = min(drive("bare", documents)[1] for documents in rounds)
            assert ask("settled") == {"ok": 200 + 2 * UPLOADS}, "every document of the benchmark is judged and valid"
        seconds, cpu = min(wall for wall, _ in taken), min(cpu for _, cpu in taken)
        rows.append(row(f"uploads a second, {how}", UPLOADS / seconds, "/s"))
        rows.append(row(f"CPU of an upload, {how}", cpu / UPLOADS * 1000, "ms"))
        rows.append(row(f"CPU / a bare handler's, {how}", cpu / bare, "x"))
    return rows


def _documents(series: str, count: int) -> Iterator[bytes]:
    """Valid small invoices, each with its own number."""
    xml = write_ubl(read_ubl(EXAMPLE.read_bytes()))
    for ours, theirs in ((b"RO12345674", b"RO19283749"), (b"RO23456783", b"RO33451201")):  # companies of the simulator
        xml = xml.replace(ours, theirs)
    [number] = re.findall(rb"<cbc:ID>([^<]+)</cbc:ID>", xml)[:1]
    for n in range(count):
        yield xml.replace(b"<cbc:ID>" + number + b"</cbc:ID>", b"<cbc:ID>%s-%06d</cbc:ID>" % (series.encode(), n), 1)


@contextmanager
def _server(**options: Any) -> Iterator[Callable[..., Any]]:
    command = [sys.executable, "-c", SERVER, json.dumps(options)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout

        def ask(question: str = "") -> Any:
            assert process.stdin
            assert process.stdout
            if question:
                process.stdin.write(question + "\n")
                process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


def _round(
    server: dict[str, Any],
    door: str,
    documents: list[bytes],
    *,
    cpu: Callable[[], float],
    until: Callable[[], object],
) -> tuple[float, float]:
    """All documents over several kept connections: seconds of the wall, seconds of the server's CPU."""
    context = ssl.create_default_context(cafile=server["ca"])
    shares = [documents[n::CONNECTIONS] for n in range(CONNECTIONS)]
    threads = [
        threading.Thread(target=_upload_all, args=(context, server[door], server["token"], share)) for share in shares
    ]
    began, spent = time.perf_counter(), cpu()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until()
    return time.perf_counter() - began, cpu() - spent


def _upload_all(context: ssl.SSLContext, base: str, token: str, documents: list[bytes]) -> None:
    """One kept connection, one upload after the other, with as little of a client as will do."""
    host, port = urlsplit(base).hostname or "", urlsplit(base).port or 443
    with context.wrap_socket(socket.create_connection((host, port)), server_hostname=host) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for xml in documents:
            head = (
                f"POST /prod/FCTEL/rest/upload?standard=UBL&cif=19283749 HTTP/1.1\r\nHost: {host}:{port}\r\n"
                f"Authorization: Bearer {token}\r\nContent-Type: text/plain\r\nContent-Length: {len(xml)}\r\n\r\n"
            )
            wire.sendall(head.encode() + xml)
            answer = wire.recv(65536)
            while b"\r\n\r\n" not in answer or not _whole(answer):
                answer += wire.recv(65536)
            assert b'ExecutionStatus="0"' in answer or b"xxxxx" in answer, answer


def _whole(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    [length] = re.findall(rb"content-length: (\d+)", head)
    return len(body) >= int(length)

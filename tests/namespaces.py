"""Network namespaces for tests: hosts of their own, as far as the network goes, joined to ours by one wire each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

RELAY = Path(__file__).with_name("relay.py")


def missing() -> str:
    """Why there are none here; "" when there are."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not shutil.which("ip"):
        return "network namespaces need iproute2 (Debian: apt install iproute2)"
    probe = f"punte-probe-{os.getpid()}"
    if subprocess.run(["ip", "netns", "add", probe], capture_output=True, check=False).returncode:
        return "this kernel or container allows no network namespaces"
    subprocess.run(["ip", "netns", "delete", probe], check=True)
    return ""


class Hosts:
    """`count` namespaces. Ours is `gateway` to each; `inside(n)` begins a command line that runs in the n-th."""

    def __init__(self, count: int) -> None:
        tag = os.getpid() % 10_000
        self.net = f"10.{77 + tag % 100}"
        self.names = [f"punte{tag}-{number}" for number in range(count)]
        self._relays: list[subprocess.Popen[bytes]] = []

    def gateway(self, number: int) -> str:
        return f"{self.net}.{number}.1"

    @property
    def gateways(self) -> list[str]:
        return [self.gateway(number) for number in range(len(self.names))]

    def inside(self, number: int) -> list[str]:
        return ["ip", "netns", "exec", self.names[number]]

    def build(self) -> None:
        for number, name in enumerate(self.names):
            wire = f"pw{name.removeprefix('punte')}"
            for line in (
                f"netns add {name}",
                f"link add {wire} type veth peer name eth0 netns {name}",
                f"addr add {self.gateway(number)}/24 dev {wire}",
                f"link set {wire} up",
                f"-n {name} addr add {self.net}.{number}.2/24 dev eth0",
                f"-n {name} link set eth0 up",
                f"-n {name} link set lo up",
            ):
                subprocess.run(["ip", *line.split()], check=True)

    def bring(self, *urls: str) -> None:
        """Make addresses of our loopback answer on theirs."""
        for port in {urlsplit(url).port for url in urls}:
            for number in range(len(self.names)):
                far = f"{self.gateway(number)}:{port}"
                self._relay([], far, f"127.0.0.1:{port}")
                self._relay(self.inside(number), f"127.0.0.1:{port}", far)

    def _relay(self, before: list[str], here: str, there: str) -> None:
        command = [*before, sys.executable, str(RELAY), here, there]
        relay = subprocess.Popen(command, stdout=subprocess.PIPE)
        self._relays.append(relay)
        assert relay.stdout
        assert relay.stdout.readline() == b"ready\n"

    def tear_down(self) -> None:
        for relay in self._relays:
            relay.kill()
            relay.wait()
        for name in self.names:  # the wires go with them
            with suppress(subprocess.CalledProcessError):
                subprocess.run(["ip", "netns", "delete", name], check=True, capture_output=True)


@contextmanager
def hosts(count: int) -> Iterator[Hosts]:
    made = Hosts(count)
    try:
        made.build()
        yield made
    finally:
        made.tear_down()

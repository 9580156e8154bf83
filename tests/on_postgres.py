"""Run the product's tests on a private PostgreSQL: `python tests/on_postgres.py [pytest arguments]`.

Makes a cluster in a temporary directory, listening on a Unix socket alone, and throws it away afterwards. Without
PostgreSQL it says so and ends well; with CI=true it fails.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def binaries() -> Path | None:
    """The newest installation's bin directory."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


class Server:
    """A PostgreSQL in a directory of its own, on a Unix socket, and on TCP where `listen` names addresses."""

    def __init__(self, bin_: Path, directory: Path, listen: str = "", port: int = 5432) -> None:
        self._bin, self._directory = bin_, directory
        self.port = port
        self._user: dict[str, Any] = {}
        data = directory / "data"
        data.mkdir()
        directory.chmod(0o755)
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(directory, owner.pw_uid, owner.pw_gid)
            os.chown(data, owner.pw_uid, owner.pw_gid)
            self._user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self._run("initdb", "-U", "punte", "-A", "trust", "--no-sync", "-E", "UTF8")
        if listen:
            (data / "pg_hba.conf").write_text("local all all trust\nhost all all samenet trust\n")
        self._options = f"-c listen_addresses='{listen}' -c port={port} -c unix_socket_directories={directory}"
        self._options += " -c fsync=off -c max_connections=100"

    @property
    def url(self) -> str:
        """The DATABASE_URL, by the socket."""
        return f"postgres://punte@{str(self._directory).replace('/', '%2F')}:{self.port}/postgres"

    @property
    def dsn(self) -> str:
        """The same, for psycopg."""
        return f"host={self._directory} port={self.port} user=punte dbname=postgres"

    def at(self, address: str) -> str:
        """The DATABASE_URL by one of the addresses of `listen`."""
        return f"postgres://punte@{address}:{self.port}/postgres"

    def start(self) -> None:
        self._run("pg_ctl", "-w", "-l", f"{self._directory}/log", "-o", self._options, "start")

    def restart(self) -> None:
        """As an administrator does: every connection is cut, what was not committed is gone."""
        self._run("pg_ctl", "-w", "-l", f"{self._directory}/log", "-o", self._options, "-m", "fast", "restart")

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [f"{self._bin}/{program}", "-D", f"{self._directory}/data", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self._directory, **self._user)


@contextmanager
def server(bin_: Path, listen: str = "", port: int = 5432) -> Iterator[Server]:
    """A PostgreSQL that lives in a temporary directory as long as the block."""
    with tempfile.TemporaryDirectory(prefix="punte-pg-") as directory:
        running = Server(bin_, Path(directory), listen, port)
        running.start()
        try:
            yield running
        finally:
            running.stop()


@contextmanager
def cluster(bin_: Path) -> Iterator[str]:
    """The DATABASE_URL of a PostgreSQL that lives in a temporary directory as long as the block."""
    with server(bin_) as running:
        yield running.url


def main() -> int:
    bin_ = binaries()
    if bin_ is None:
        print("PostgreSQL is missing: the product's tests ran on SQLite alone (Debian: apt install postgresql)")
        return 1 if os.environ.get("CI") == "true" else 0
    with cluster(bin_) as url:
        command = [sys.executable, "-m", "pytest", *(sys.argv[1:] or ["tests/web"])]
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

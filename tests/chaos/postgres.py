"""A private PostgreSQL that can be filled up, cut off and started again."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from on_postgres import binaries


class Postgres:
    """Listens on a Unix socket in `directory` alone; `fsync` is off, for it is processes that die here, not the host."""

    def __init__(self, directory: Path) -> None:
        found = binaries()
        if found is None:
            raise SystemExit("chaos on PostgreSQL needs PostgreSQL (Debian: apt install postgresql)")
        self._bin, self._directory, self._data = found, directory, directory / "data"
        self.url = f"postgres://punte@%2F{str(directory).lstrip('/').replace('/', '%2F')}/postgres"
        self._user: dict[str, Any] = {}
        self._data.mkdir(parents=True)
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            owner = pwd.getpwnam("postgres")
            for path in (directory, self._data):
                os.chown(path, owner.pw_uid, owner.pw_gid)
            self._user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self._run("initdb", "-U", "punte", "-A", "trust", "--no-sync", "-E", "UTF8")
        self.start()

    def start(self) -> None:
        options = (
            f"-c listen_addresses='' -c unix_socket_directories={self._directory} -c fsync=off -c max_connections=150"
        )
        self._run("pg_ctl", "-w", "-l", str(self._directory / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")

    def alive(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError as exc:
            return "starting up" in str(exc) or "recovery" in str(exc)
        return True

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self._directory), user="punte", dbname="postgres", autocommit=True)

    def cut(self) -> None:
        """Every connection but ours ends, whatever it is in the middle of."""
        with self.connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )

    def processes(self) -> Iterator[int]:
        """The postmaster and its children."""
        try:
            first = int((self._data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError):
            return
        yield first
        try:
            yield from map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())
        except OSError:
            return

    def _run(self, program: str, *arguments: str) -> None:
        command = [f"{self._bin}/{program}", "-D", str(self._data), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self._directory, **self._user)

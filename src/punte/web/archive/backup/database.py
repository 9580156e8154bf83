"""The database as one file, taken while others write, and put back into an empty one."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

from . import Trouble

PAGES = 2000  # of 4 KiB, between two reports
#: nothing is claimed until the restored submissions are settled: should we die before, no worker sends one twice
HOLD = """UPDATE public.delivery_submission SET leased_until = '9999-01-01'
 WHERE state IN ('queued', 'sending', 'uncertain');"""


def engine() -> str:
    return connection.vendor


def dump(folder: Path, told: Callable[[str], None]) -> str:
    """The database at one instant, in `folder`; the file's name. Raises Trouble."""
    return _dump_sqlite(folder, told) if engine() == "sqlite" else _dump_postgresql(folder)


def _dump_sqlite(folder: Path, told: Callable[[str], None]) -> str:
    """By SQLite's online backup, under one read transaction: writers go on, and none of theirs is half in."""
    name = "database.sqlite3"
    with (
        closing(sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=20)) as source,
        closing(sqlite3.connect(folder / name)) as target,
    ):
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM django_migrations").fetchone()  # the snapshot begins here

        def progress(_status: int, remaining: int, total: int) -> None:
            told(f"database: {100 * (total - remaining) // max(total, 1)} %")

        source.backup(target, pages=PAGES, progress=progress)
        target.execute("PRAGMA journal_mode=DELETE")
        if (said := target.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise Trouble(
                f"the database is damaged: {said}. Keep older backups; see docs/operare/copii-de-siguranta.md"
            )
    return name


def _dump_postgresql(folder: Path) -> str:
    name = "database.pgdump"
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={folder / name}")
    return name


def is_empty() -> bool:
    """Whether nothing of ours (or anybody's) is in the database."""
    if engine() == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return not path.exists() or path.stat().st_size == 0
    return not connection.introspection.table_names()


def load_postgresql(file: Path) -> None:
    """Put the dump back, in one transaction: all of it is there afterwards, or nothing. Raises Trouble."""
    options = ("--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", "--no-psqlrc", "--output=/dev/null")
    reading = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)]
    writing = [_program("psql"), *options, "--file=-"]
    with tempfile.TemporaryFile() as said:
        reader = subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=said)  # noqa: S603
        writer = subprocess.Popen(writing, stdin=subprocess.PIPE, stderr=said, env=_env())  # noqa: S603
        assert reader.stdout
        assert writer.stdin
        with contextlib.suppress(BrokenPipeError):  # psql has ended: it says why
            shutil.copyfileobj(reader.stdout, writer.stdin)
            if reader.wait():
                writer.kill()  # before the end of its input: it would take half a script for a whole one
            else:
                writer.stdin.write(b"\n" + HOLD.encode() + b"\n")
                writer.stdin.close()
        reader.stdout.close()
        if reader.wait() or writer.wait():
            said.seek(0)
            raise Trouble(f"the dump was not put back: {said.read().decode(errors='replace').strip()[-500:]}")


def _run(program: str, *arguments: str) -> None:
    command = [_program(program), *arguments]
    ended = subprocess.run(command, env=_env(), capture_output=True, check=False)  # noqa: S603
    if ended.returncode:
        said = ended.stderr.decode(errors="replace").strip()[-500:]
        raise Trouble(f"{program} ended with {ended.returncode}: {said}")


def _program(name: str) -> str:
    """One of PostgreSQL's programs. Raises Trouble."""
    path = shutil.which(name)
    if path is None:
        raise Trouble(f"{name} is missing: install PostgreSQL's client programs (Debian: postgresql-client)")
    return path


def _env() -> dict[str, str]:
    """The database of the settings, for them; the password goes this way, not by the command line."""
    facts: dict[str, Any] = connection.settings_dict
    said = {"PGHOST": facts["HOST"], "PGPORT": facts["PORT"], "PGUSER": facts["USER"], "PGDATABASE": facts["NAME"]}
    said |= {"PGPASSWORD": facts["PASSWORD"], "PGSSLMODE": facts.get("OPTIONS", {}).get("sslmode", "")}
    return os.environ | {name: str(value) for name, value in said.items() if value}

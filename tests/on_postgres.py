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


@contextmanager
def cluster(bin_: Path) -> Iterator[str]:
    """The DATABASE_URL of a PostgreSQL that lives in a temporary directory as long as the block."""
    with tempfile.TemporaryDirectory(prefix="punte-pg-") as directory:
        os.chmod(directory, 0o755)
        data = Path(directory) / "data"
        data.mkdir()
        user: dict[str, Any] = {}
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(directory, owner.pw_uid, owner.pw_gid)
            os.chown(data, owner.pw_uid, owner.pw_gid)
            user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

        def run(*command: str) -> None:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=directory, **user)

        run(f"{bin_}/initdb", "-D", str(data), "-U", "punte", "-A", "trust", "--no-sync", "-E", "UTF8")
        options = f"-c listen_addresses='' -c unix_socket_directories={directory} -c fsync=off -c max_connections=50"
        run(f"{bin_}/pg_ctl", "-D", str(data), "-w", "-l", f"{directory}/log", "-o", options, "start")
        try:
            yield f"postgres://punte@%2F{directory.lstrip('/').replace('/', '%2F')}/postgres"
        finally:
            run(f"{bin_}/pg_ctl", "-D", str(data), "-m", "immediate", "stop")


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

"""Sixteen at once: every number once, none left out, whatever fails between. On SQLite in a process of its own; where
the tests run on PostgreSQL, there too, in a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, django_db_blocker) -> Iterator[str]:
    """What DATABASE_URL should say; empty: SQLite in the data directory."""
    if request.param == "sqlite":
        yield ""
        return
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        pytest.skip("the tests do not run on PostgreSQL: python tests/on_postgres.py tests/web/invoices")
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS writers")
        cursor.execute("CREATE DATABASE writers")
    yield os.environ["DATABASE_URL"].rpartition("/")[0] + "/writers"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute("DROP DATABASE writers")


def test_sixteen_writers_leave_neither_gap_nor_double(tmp_path: Path, address: str):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {
        "PUNTE_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "punte.web.config.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    } | ({"DATABASE_URL": address} if address else {})
    script = Path(__file__).parent / "writers.py"
    ran = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, timeout=110)
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert said["failures"] == []
    assert said["numbers"] == list(range(1, 16 * 4 + 1))  # of six each, two were rolled back
    assert said["gaps"] == 0

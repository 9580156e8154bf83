"""Two workers, two processes, one authorization, on the database in use: ANAF's ledger says who refreshed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psycopg
import pytest
from cryptography.fernet import Fernet
from django.utils import timezone

from installation import prepare
from punte.anafsim.oauth import Grant
from punte.cli import demo

WORKER = Path(__file__).with_name("refresher.py")


@pytest.fixture
def database(tmp_path) -> Iterator[str]:
    """A database for processes of their own: a file, or one more in the cluster of DATABASE_URL."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    name = f"two_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as cluster:
        cluster.execute(f"CREATE DATABASE {name}")
        yield f"{url.rpartition('/')[0]}/{name}"
        cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def env(anaf, database, tmp_path) -> dict[str, str]:
    env = (
        os.environ | demo.settings("http://localhost:8000", tmp_path) | demo.anaf_settings(anaf.describe(), door=False)
    )
    env |= {"DJANGO_SETTINGS_MODULE": "punte.web.config.settings", "PUNTE_FERNET_KEYS": Fernet.generate_key().decode()}
    env.pop("DATABASE_URL", None)
    env |= {"DATABASE_URL": database} if database else {}
    prepare(env)
    return env


def test_two_processes_refresh_once_and_both_go_on(anaf, env):
    world, now = anaf.world, timezone.now()
    grant = Grant(
        client_id=anaf.client_id,
        redirect_uri="",
        serial=anaf.certificate("ilinca").serial,
        jwt=True,
        authorised=now,
        issued=now,
    )
    facts = json.dumps({"now": now.isoformat(), "refresh_token": world.desk.keep(grant)})
    subprocess.run([sys.executable, WORKER, "found", facts], env=env, check=True)
    slow = {"kind": "slow", "operation": "token", "seconds": 1.5, "times": None}  # so that the second comes meanwhile
    httpx2.post(f"{anaf.control}/faults", json=slow).raise_for_status()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen([sys.executable, WORKER, "renew", facts], env=env, **pipes) for _ in range(2)]
    assert [worker.stdout.readline().strip() for worker in workers] == ["ready", "ready"]
    for worker in workers:
        worker.stdin.write("\n")
        worker.stdin.flush()
    for worker in workers:
        worker.communicate(timeout=30)
        assert worker.returncode == 0
    calls = [call["outcome"] for call in world.ledger.describe(0) if call["path"].endswith("/token")]
    assert calls == ["token by refresh_token"]
    read = subprocess.run([sys.executable, WORKER, "read", facts], env=env, check=True, capture_output=True, text=True)
    kept = json.loads(read.stdout)
    assert kept["refresh_token"] in set(world.desk.refresh) - world.desk.retired  # the pair that ANAF knows
    assert kept["previous"] in world.desk.retired

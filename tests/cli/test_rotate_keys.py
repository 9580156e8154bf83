"""`punte rotate-keys`: everything under the first key; safe to repeat; says what no key opens."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from installation import prepare
from punte.cli import demo

FOUND = """
import django; django.setup()
import json, sys
from django.utils import timezone
from punte.web.accounts.models import User
from punte.web.connection.models import Application, Authorization
from punte.web.firms.models import Firm
now = timezone.now()
if sys.argv[1] == "write":
    user = User.objects.create_user("ana@arcada.example", "peste-punte-2026")
    firm = Firm.objects.create(cui="19283749", name="Arcada Studio SRL")
    firm.applications.create(client_id="id", client_secret="own secret", callback="https://a/", set_at=now)
    held = Authorization.objects.create(user=user, access_token="access", refresh_token="refresh",
        access_expires_at=now, authorized_at=now, renewal_due_at=now)
    held.rights.create(firm=firm, state="granted")
held = Authorization.objects.get()
kept = [held.access_token, held.refresh_token, held.previous_refresh_token, Application.objects.get().client_secret]
events = [event.kind for event in Firm.objects.get().connection_events.all()]
print(json.dumps({"kept": kept, "events": events}))
"""


@pytest.fixture
def installation(tmp_path):
    """`run(keys, …)` in a data directory of its own, on SQLite."""
    env = os.environ | demo.settings("http://localhost:8000", tmp_path) | {"PUNTE_ANAF": "test"}
    env |= {"DJANGO_SETTINGS_MODULE": "punte.web.config.settings"}
    env.pop("DATABASE_URL", None)

    prepare(env)

    def run(keys: list[str], *command: str, code: int = 0) -> str:
        here = env | {"PUNTE_FERNET_KEYS": ",".join(keys)}
        ended = subprocess.run(command, env=here, capture_output=True, text=True, check=False)
        assert ended.returncode == code, ended.stderr
        return ended.stdout + ended.stderr

    return run


def test_all_secrets_move_to_the_first_key_and_the_old_one_can_go(installation):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    rotate = [sys.executable, "-m", "punte", "rotate-keys"]
    installation([old], sys.executable, "-c", FOUND, "write")

    said = installation([new, old], *rotate)
    assert "re-encrypted: 3; with the first key already: 0" in said
    assert "can be dropped" in said
    assert "re-encrypted: 0; with the first key already: 3" in installation([new, old], *rotate)  # safe to repeat

    found = json.loads(installation([new], sys.executable, "-c", FOUND, "read"))  # without the old one
    assert found == {"kept": ["access", "refresh", "", "own secret"], "events": ["rotated"]}

    said = installation([old], *rotate, code=1)  # the wrong way round: nothing is spoiled
    assert "3 secrets cannot be opened" in said
    assert "can be dropped" not in said
    assert json.loads(installation([new], sys.executable, "-c", FOUND, "read")) == found

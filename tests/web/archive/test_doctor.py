"""`punte doctor`: each look says what is, and what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from punte.cli import demo, doctor
from punte.cli.doctor import Outcome
from punte.web.archive.models import Backup, Resumption, Verification
from punte.web.delivery.models import State, Submission
from punte.web.work.models import Worker

pytestmark = pytest.mark.django_db


def lines(look):
    return [(line.name, line.outcome) for line in doctor._looked(look)]


@pytest.fixture(autouse=True)
def _fresh_knock():
    doctor._knocked.cache_clear()


def beat(ago: timedelta = timedelta(0)) -> None:
    at = datetime.now(UTC) - ago
    Worker.objects.create(host="a", pid=1, edition="1", lanes=4, started_at=at, beaten_at=at)


def test_a_sound_installation_has_nothing_wrong(anaf, firm):
    beat()
    for look in doctor.LOOKS:
        assert not [line for line in doctor._looked(look) if line.outcome is Outcome.WRONG]


def test_anaf_that_does_not_answer_is_wrong_and_the_clock_unknown(anaf, settings):
    from punte.web.config.anaf import hosts

    settings.ANAF_LOGIN = "https://127.0.0.1:1"
    hosts.cache_clear()
    assert lines(doctor._anaf) == [("anaf", Outcome.WRONG), ("clock", Outcome.SKIPPED)]


def test_a_clock_that_is_off_is_told_in_seconds(anaf, monkeypatch):
    from punte.anaf.knock import Answer

    monkeypatch.setattr(doctor, "_knocked", lambda: Answer(timedelta(seconds=95)))
    (_, clock) = doctor._looked(doctor._anaf)
    assert (clock.outcome, clock.said) == (Outcome.WRONG, "95 s ahead of ANAF's")
    assert "chrony" in clock.cure


def test_work_that_nobody_takes_is_wrong(queue, firm):
    beat()
    queue("DI 0001")
    assert lines(doctor._worker) == [("worker", Outcome.OK), ("queue", Outcome.OK)]
    Submission.objects.update(state=State.QUEUED, due_at=datetime.now(UTC) - timedelta(hours=3))
    (_, line) = doctor._looked(doctor._worker)
    assert (line.outcome, line.said) == (Outcome.WRONG, "the oldest due delivery has waited for 3 h")
    now = datetime.now(UTC)
    Resumption.objects.create(firm=firm, backup_at=now, restored_at=now, found=[{"label": "DI 9"}])
    assert lines(doctor._worker)[2:] == [("restore", Outcome.NOTE), ("restore", Outcome.NOTE)]


def test_no_worker_is_wrong_though_nothing_is_due(db):
    assert lines(doctor._worker)[0] == ("worker", Outcome.WRONG)
    beat(timedelta(minutes=5))
    assert lines(doctor._worker)[0] == ("worker", Outcome.WRONG)
    beat()  # of two, one fell silent
    (line, _) = doctor._looked(doctor._worker)
    assert (line.outcome, line.said[:16]) == (Outcome.NOTE, "1 beat; 1 fell s")


def test_secrets_that_no_key_opens_are_wrong(firm, settings):
    from cryptography.fernet import Fernet

    now = datetime.now(UTC)
    firm.applications.create(client_id="id", client_secret="own", callback="https://a/", set_at=now)
    assert lines(doctor._keys) == [("keys", Outcome.OK)]
    settings.FERNET_KEYS = [Fernet.generate_key().decode(), *settings.FERNET_KEYS]
    assert lines(doctor._keys) == [("keys", Outcome.NOTE)]
    settings.FERNET_KEYS = settings.FERNET_KEYS[:1]
    assert lines(doctor._keys) == [("keys", Outcome.WRONG)]


def test_the_archive_is_told_with_its_last_verification(firm, disk, file):
    package = file(1)
    assert lines(doctor._archive) == [("archive", Outcome.OK), ("verification", Outcome.NOTE)]
    now = datetime.now(UTC)
    row = Verification.objects.create(started_at=now, ended_at=now, packages=1)
    assert lines(doctor._archive)[1] == ("verification", Outcome.OK)
    Verification.objects.filter(pk=row.pk).update(faults=2)
    assert lines(doctor._archive)[1] == ("verification", Outcome.WRONG)
    (disk.root / disk.name_of(package.sha256)).unlink()
    assert lines(doctor._archive) == [("archive", Outcome.WRONG)]


@pytest.mark.parametrize(
    ("age", "faults", "outcome"),
    [(None, 0, Outcome.NOTE), (1, 0, Outcome.OK), (5, 0, Outcome.NOTE), (1, 3, Outcome.WRONG)],
)
def test_the_age_of_the_last_backup(age, faults, outcome):
    if age:
        at = datetime.now(UTC) - timedelta(days=age)
        Backup.objects.create(started_at=at, ended_at=at, place="/srv", size=1, faults=faults)
    assert lines(doctor._backup) == [("backup", outcome)]


def test_a_look_that_fails_is_a_finding_and_the_others_go_on(monkeypatch):
    def broken():
        raise ValueError("strange")
        yield

    (line,) = doctor._looked(broken)
    assert (line.outcome, "strange" in line.said) == (Outcome.WRONG, True)


def test_the_command_ends_with_1_on_tables_that_are_not_there_yet(tmp_path):
    env = os.environ | demo.settings("http://localhost:8000", tmp_path)
    env |= {"PUNTE_ANAF": "custom", "DJANGO_SETTINGS_MODULE": "punte.web.config.settings"}
    for name in ("LOGIN", "API", "PUBLIC"):
        env[f"PUNTE_ANAF_{name}"] = "https://127.0.0.1:1"
    env.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "punte", "doctor", "--json"]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    said = {line["name"]: line for line in json.loads(ended.stdout)["lines"]}
    assert said["migrations"]["cure"] == "punte prepare"
    assert said["database"]["outcome"] == "ok"
    assert said["disk"]["said"]

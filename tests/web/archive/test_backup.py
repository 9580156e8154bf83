"""A backup is whole or has no name; it is taken beside writers; what is wrong in it or in the archive is said."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import threading

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from punte.web.archive.backup import MANIFEST, Trouble, fingerprint, read_manifest, restoring, taking
from punte.web.archive.backup.taking import take
from punte.web.archive.models import Backup
from punte.web.archive.store import path_of
from punte.web.connection.models import Authorization
from punte.web.connection.secrets import forget_unreadable
from punte.web.firms.models import Firm

sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="looks into SQLite's file")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups" / "one"


def taken(folder, **asked):
    return take(folder, timezone.now, **{"with_keys": False, **asked})


@sqlite_only
@pytest.mark.django_db(transaction=True)
def test_taken_beside_writers_it_holds_whole_transactions_alone(folder, disk):
    stop, written = threading.Event(), [0]

    def write() -> None:
        while not stop.is_set():
            with transaction.atomic():  # two rows or none
                for half in ("a", "b"):
                    Firm.objects.create(cui=f"{written[0]}{half}", name="x" * 200)
            written[0] += 1
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while written[0] < 50:
            pass
        manifest = taken(folder)
        later = written[0]
        while written[0] < later + 5:
            pass
    finally:
        stop.set()
        writer.join()
    copy = sqlite3.connect(folder / manifest.database)
    names = [name for (name,) in copy.execute("SELECT cui FROM firms_firm")]
    copy.close()
    assert len(names) >= 100
    assert len([name for name in names if name.endswith("a")]) == len([name for name in names if name.endswith("b")])
    restoring.check(folder, read_manifest(folder))
    assert Backup.objects.get().place == str(folder)


@pytest.mark.django_db(transaction=True)
def test_the_next_one_shares_the_files_of_the_one_before_but_never_the_archives_own(folder, disk, file):
    package = file(1)
    taken(folder)
    file(2)
    second = folder.with_name("two")
    assert taken(second).packages == 2
    path = f"archive/{path_of(package.sha256)}"
    assert os.path.samefile(folder / path, second / path)
    assert not os.path.samefile(second / path, disk.root / path_of(package.sha256))
    restoring.check(second, read_manifest(second))


@pytest.mark.django_db(transaction=True)
def test_what_is_spoiled_in_the_backup_before_is_copied_anew(folder, disk, file):
    package = file(1)
    taken(folder)
    old = folder / "archive" / path_of(package.sha256)
    old.chmod(0o600)
    old.write_bytes(b"spoiled")
    second = folder.with_name("two")
    assert taken(second).faults == []
    restoring.check(second, read_manifest(second))


@pytest.mark.django_db(transaction=True)
def test_a_package_damaged_in_the_archive_is_named_and_the_rest_is_taken(folder, disk, file):
    package, _ = file(1), file(2)
    path = disk.root / path_of(package.sha256)
    path.chmod(0o600)
    path.write_bytes(b"spoiled")
    manifest = taken(folder)
    assert [sha256 for sha256, _said in manifest.faults] == [package.sha256]
    assert (manifest.packages, Backup.objects.get().faults) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_one_that_is_broken_off_has_no_name(folder, disk, file, monkeypatch):
    file(1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "archive.sha256")

    monkeypatch.setattr(taking, "write_synced", full)
    with pytest.raises(Trouble, match="No space left"):
        taken(folder)
    assert not folder.exists()
    assert list(folder.parent.iterdir()) == []
    assert not Backup.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_place_that_is_taken_is_refused(folder, disk):
    folder.mkdir(parents=True)
    (folder / "something").touch()
    with pytest.raises(Trouble, match="not empty"):
        taken(folder)


@pytest.mark.django_db(transaction=True)
def test_keys_stay_out_unless_asked_for(folder, disk, settings):
    manifest = taken(folder)
    assert manifest.keys == [fingerprint(settings.FERNET_KEYS[0])]
    assert not any(
        settings.FERNET_KEYS[0].encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file()
    )
    second = folder.with_name("two")
    taken(second, with_keys=True)
    key = second / "keys" / "fernet_keys.secret"
    assert key.read_text() == settings.FERNET_KEYS[0]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def flip(path):
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["database", "archive.sha256", "a file of the archive", "a file that is gone"])
def test_a_backup_that_was_changed_is_not_put_back(folder, disk, file, what):
    package = file(1)
    manifest = taken(folder)
    kept = folder / "archive" / path_of(package.sha256)
    if what == "a file that is gone":
        kept.unlink()
    else:
        flip({"database": folder / manifest.database, "archive.sha256": folder / what}.get(what, kept))
    with pytest.raises(Trouble, match="not as it was written"):
        restoring.check(folder, read_manifest(folder))


@pytest.mark.django_db(transaction=True)
def test_what_is_no_backup_or_of_a_newer_version_is_refused(folder, disk, monkeypatch):
    with pytest.raises(Trouble, match="no backup, or one that was broken off"):
        read_manifest(folder)
    taken(folder)
    facts = json.loads((folder / MANIFEST).read_text())
    facts["migrations"]["archive"].append("0099_of_tomorrow")
    (folder / MANIFEST).write_text(json.dumps(facts))
    manifest = read_manifest(folder)
    with pytest.raises(Trouble, match="not empty"):
        restoring.check_place(manifest)
    monkeypatch.setattr("punte.web.archive.backup.database.is_empty", lambda: True)
    with pytest.raises(Trouble, match=r"newer than this one \(it has archive.0099_of_tomorrow\)"):
        restoring.check_place(manifest)
    (folder / MANIFEST).write_text(json.dumps(facts | {"format": 2}))
    with pytest.raises(Trouble, match="another version"):
        read_manifest(folder)


def test_keys_come_back_with_a_backup_that_has_them_and_never_over_others(folder, disk, tmp_path, transactional_db):
    manifest = taken(folder, with_keys=True)
    place = tmp_path / "fresh"
    restoring.put_keys(folder, manifest, place, given=True)
    assert not place.exists()
    restoring.put_keys(folder, manifest, place, given=False)
    assert (place / "fernet_keys.secret").read_text() == (folder / "keys" / "fernet_keys.secret").read_text()
    assert stat.S_IMODE((place / "fernet_keys.secret").stat().st_mode) == 0o600
    (place / "fernet_keys.secret").write_text("of another installation")
    restoring.put_keys(folder, manifest, place, given=False)
    assert (place / "fernet_keys.secret").read_text() == "of another installation"


@pytest.mark.django_db
def test_without_the_keys_every_secret_is_forgotten_and_no_page_stumbles_over_it(firm, ana, people, settings):
    from cryptography.fernet import Fernet

    now = timezone.now()
    facts = {"access_expires_at": now, "authorized_at": now, "renewal_due_at": now}
    held = Authorization.objects.create(user=ana, access_token="access", refresh_token="refresh", **facts)
    held.rights.create(firm=firm, state="granted")
    settings.FERNET_KEYS = [Fernet.generate_key().decode()]
    assert forget_unreadable() == 2
    held.refresh_from_db()
    assert (held.access_token, held.refresh_token) == ("", "")
    assert people["ana"].get("/integrari/").status_code == 200
    assert forget_unreadable() == 0

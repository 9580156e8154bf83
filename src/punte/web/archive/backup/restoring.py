"""Put a backup back on a fresh machine: files first, then the database, which takes its place only when it is ready."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from punte.web.archive.store import Store, path_of, store
from punte.web.archive.store.disk import Disk

from . import Manifest, Trouble, database, digest_of, fingerprint

KEYS = ("fernet_keys.secret", "secret_key.secret")
Told = Callable[[str], None]


def check(folder: Path, manifest: Manifest, told: Told = lambda said: None) -> None:
    """Is every byte of the backup as it was written? Raises Trouble."""
    for name, sha256 in ((manifest.database, manifest.database_sha256), ("archive.sha256", manifest.archive_sha256)):
        if not (folder / name).is_file() or digest_of(folder / name) != sha256:
            raise Trouble(f"{folder / name} is not as it was written: take an older backup")
    for count, sha256 in enumerate(listed(folder), 1):
        path = folder / "archive" / path_of(sha256)
        if not path.is_file() or digest_of(path) != sha256:
            raise Trouble(f"{path} is not as it was written: put it back from another backup, or take an older one")
        if count % 200 == 0:
            told(f"checked: {count} of {manifest.packages}")


def listed(folder: Path) -> list[str]:
    """The SHA-256 of the archive's files."""
    return [line.split()[0] for line in (folder / "archive.sha256").read_text().splitlines()]


def put_keys(folder: Path, manifest: Manifest, data_directory: Path, *, given: bool) -> None:
    """The keys of the backup into the data directory, where it has them and none are `given` or there already."""
    if not manifest.with_keys or given:
        return
    data_directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in KEYS:
        if not (data_directory / name).exists():
            shutil.copyfile(folder / "keys" / name, data_directory / name)
            os.chmod(data_directory / name, 0o600)


def check_place(manifest: Manifest) -> None:
    """Is this the place for it: an empty database of the same kind, a version that knows its tables? Raises Trouble."""
    if database.engine() != manifest.engine:
        raise Trouble(
            f"the backup is of {manifest.engine} and the settings name {database.engine()}: "
            + ("set DATABASE_URL" if manifest.engine == "postgresql" else "leave DATABASE_URL out")
        )
    if not database.is_empty():
        raise Trouble(
            f"{connection.settings_dict['NAME']} is not empty: a backup is put back into an empty place alone. "
            "Name another PUNTE_DATA_DIR or DATABASE_URL, or move what is there aside yourself"
        )
    known = {(app, name) for app, name in MigrationLoader(None).disk_migrations}
    ours = {app for app, _ in known}
    newer = [f"{app}.{name}" for app, names in manifest.migrations.items() for name in names if app in ours]
    newer = [one for one in newer if tuple(one.split(".", 1)) not in known]
    if newer:
        raise Trouble(
            f"the backup is of Punte {manifest.version}, newer than this one (it has {newer[0]}): install that version"
        )


def keys_fit(manifest: Manifest) -> bool:
    """Whether the key that the backup's newest secrets are under is among those set."""
    return not manifest.keys or manifest.keys[0] in {fingerprint(key) for key in settings.FERNET_KEYS}


def put_archive(folder: Path, told: Told = lambda said: None) -> int:
    """The packages into the store; how many. Safe to repeat: what is there already stays."""
    backup, place = Disk(folder / "archive"), _place(folder)
    names = listed(folder)
    for count, sha256 in enumerate(names, 1):
        assert place is not None
        place.put(backup.get(sha256), sha256)
        if count % 200 == 0:
            told(f"archive: {count} of {len(names)}")
    return len(names)


def _place(folder: Path) -> Store | None:
    place = store()
    if place is None and listed(folder):
        raise Trouble("the backup has files of the archive, and PUNTE_ARCHIVE says `database`: name a store for them")
    return place


def put_database(folder: Path, manifest: Manifest, settle: Callable[[], None]) -> None:
    """The database to its place, brought to this version's tables and settled by `settle` before anybody may use it.

    On SQLite all of it happens to a file of another name, which is renamed at the end. On PostgreSQL no submission can
    be claimed until `settle` lets go of them (`database.HOLD`).
    """
    if manifest.engine == "sqlite":
        target = Path(connection.settings_dict["NAME"])
        partial = target.with_name(f"{target.name}.restoring")
        partial.unlink(missing_ok=True)
        shutil.copyfile(folder / manifest.database, partial)
        connection.close()
        connection.settings_dict["NAME"] = str(partial)
        try:
            call_command("migrate", verbosity=0, interactive=False)
            settle()
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
            connection.settings_dict["NAME"] = str(target)
        _sync(partial)
        partial.rename(target)
        _sync(target.parent)
        return
    database.load_postgresql(folder / manifest.database)
    call_command("migrate", verbosity=0, interactive=False)
    settle()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Take a backup beside running processes. It has its name only when it is whole."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import QuerySet

from punte import __version__
from punte.web.archive.models import Backup, SealedPackage
from punte.web.archive.store import Missing, Unreachable, path_of, store
from punte.web.archive.store.disk import Disk

from . import MANIFEST, Manifest, Trouble, database, digest_of, fingerprint, write_synced

AT_ONCE = 500
Told = Callable[[str], None]


def take(folder: Path, clock: Callable[[], datetime], *, with_keys: bool, told: Told = lambda said: None) -> Manifest:
    """Everything into `folder`, which must not be there yet, or be empty.

    The database first, then the files it names: a file is always written before its row, so none can be missing.
    Raises Trouble; nothing has the name `folder` then.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Trouble(f"{folder} is there and not empty: name a new one for each backup")
    started = clock()
    partial = folder.with_name(f".{folder.name}.partial-{os.getpid()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir(mode=0o700)
        manifest = _fill(partial, started, clock, with_keys=with_keys, before=_newest(folder), told=told)
        _sync(partial)
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
        _sync(folder.parent)
    except OSError as exc:
        raise Trouble(f"the backup was given up: {exc.filename or folder}: {exc.strerror}") from exc
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    Backup.objects.create(
        started_at=started,
        ended_at=manifest.ended_at,
        place=str(folder)[:400],
        size=manifest.size,
        faults=len(manifest.faults),
    )
    return manifest


def _fill(
    partial: Path, started: datetime, clock: Callable[[], datetime], *, with_keys: bool, before: Path | None, told: Told
) -> Manifest:
    file = database.dump(partial, told)
    migrations = _migrations()
    sums, faults = _packages(partial, before, told)
    write_synced(partial / "archive.sha256", "".join(f"{one}  archive/{path_of(one)}\n" for one in sums).encode())
    if with_keys:
        (partial / "keys").mkdir(mode=0o700)
        write_synced(partial / "keys" / "fernet_keys.secret", ",".join(settings.FERNET_KEYS).encode())
        write_synced(partial / "keys" / "secret_key.secret", settings.SECRET_KEY.encode())
    manifest = Manifest(
        version=__version__,
        started_at=started,
        ended_at=clock(),
        engine=database.engine(),
        database=file,
        database_sha256=digest_of(partial / file),
        migrations=migrations,
        packages=len(sums),
        archive_sha256=digest_of(partial / "archive.sha256"),
        size=sum(path.stat().st_size for path in partial.rglob("*") if path.is_file()),
        keys=[fingerprint(key) for key in settings.FERNET_KEYS],
        with_keys=with_keys,
        base_url=settings.BASE_URL,
        anaf=settings.ANAF,
        faults=faults,
    )
    manifest.write(partial)
    return manifest


def _packages(partial: Path, before: Path | None, told: Told) -> tuple[list[str], list[list[str]]]:
    """Copy every file that a row names; the SHA-256 of those copied, and what could not be. Read whole, each time:
    what is spoiled in the archive, or in the backup before, is found here and not on the day it is needed.
    """
    place, copy = store(), Disk(partial / "archive")
    sums, faults = [], []
    total = _named().count()
    for count, sha256 in enumerate(_named_in_parts(), 1):
        if before is None or not _linked(before / "archive" / path_of(sha256), copy.root / path_of(sha256), sha256):
            try:
                if place is None:
                    raise Missing("PUNTE_ARCHIVE names no store of files")
                content = place.get(sha256)
            except Missing as exc:
                faults.append([sha256, f"missing: {exc}"])
                continue
            except Unreachable as exc:
                raise Trouble(f"the backup was given up: the archive cannot be read: {exc}") from exc
            if hashlib.sha256(content).hexdigest() != sha256:
                faults.append([sha256, "its bytes are not those that were filed"])
                continue
            copy.put(content, sha256)
        sums.append(sha256)
        if count % 200 == 0:
            told(f"archive: {count} of {total}")
    return sums, faults


def _named() -> QuerySet[SealedPackage, str]:
    """Packages whose bytes are files; the others are in the database's dump."""
    return SealedPackage.objects.filter(held=b"", removed_at=None).values_list("sha256", flat=True).distinct()


def _named_in_parts() -> Iterator[str]:
    last = ""
    while part := list(_named().filter(sha256__gt=last).order_by("sha256")[:AT_ONCE]):
        yield from part
        last = part[-1]


def _linked(old: Path, new: Path, sha256: str) -> bool:
    """One file under both names, where the backup before has it whole, on the same disk. Never the archive's own
    file: what happens to that one must not happen to its copy."""
    with contextlib.suppress(OSError):
        if digest_of(old) == sha256:
            new.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.link(old, new)
            return True
    return False


def _newest(folder: Path) -> Path | None:
    """The latest whole backup beside `folder`."""
    if not folder.parent.is_dir():
        return None
    whole = [one for one in folder.parent.iterdir() if one != folder and (one / MANIFEST).is_file()]
    return max(whole, key=lambda one: (one / MANIFEST).stat().st_mtime, default=None)


def _migrations() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""The store in a folder: `ab/cd/<sha256>`, read-only files."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from . import Found, Missing, Unreachable, path_of

NAME = re.compile(r"[0-9a-f]{64}")


class Disk:
    """A file appears under its name whole or not at all: written aside, synced, then linked, which never replaces."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)

    def put(self, content: bytes, sha256: str) -> None:
        target = self.root / path_of(sha256)
        try:
            if self._holds(target, sha256):
                return
            made = _missing_folders(target.parent)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=target.parent, prefix="new-") as file:
                file.write(content)
                file.flush()
                os.fchmod(file.fileno(), 0o444)
                os.fsync(file.fileno())
                with contextlib.suppress(FileExistsError):  # another writer of the same content was first
                    os.link(file.name, target)
            for folder in (target.parent, *(one.parent for one in made)):
                _sync(folder)  # the name too, or a power cut forgets it
        except OSError as exc:
            raise Unreachable(f"{self.root}: {exc.strerror or exc}") from exc

    def get(self, sha256: str) -> bytes:
        try:
            return (self.root / path_of(sha256)).read_bytes()
        except FileNotFoundError as exc:
            raise Missing(f"{sha256} is not in {self.root}") from exc
        except OSError as exc:
            raise Unreachable(f"{self.root}: {exc.strerror or exc}") from exc

    def everything(self) -> Iterator[Found]:
        for folder, _folders, names in os.walk(self.root):
            for name in names:
                path = Path(folder, name)
                with contextlib.suppress(FileNotFoundError):  # a temporary one, gone meanwhile
                    stat = path.stat()
                    at = datetime.fromtimestamp(stat.st_mtime, UTC)
                    yield Found(
                        str(path.relative_to(self.root)), name if NAME.fullmatch(name) else "", stat.st_size, at
                    )

    def name_of(self, sha256: str) -> str:
        return path_of(sha256)

    def remove(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    def describe(self) -> str:
        return str(self.root)

    def _holds(self, target: Path, sha256: str) -> bool:
        """Whether the content is there and whole. A spoiled file steps aside under a name that `verify` tells of."""
        try:
            there = target.read_bytes()
        except FileNotFoundError:
            return False
        if hashlib.sha256(there).hexdigest() == sha256:
            return True
        with contextlib.suppress(FileNotFoundError):
            target.rename(target.with_name(f"{target.name}.spoiled-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"))
        return False


def _missing_folders(folder: Path) -> list[Path]:
    """`folder` and those above it that are still to be made."""
    return [one for one in (folder, *folder.parents) if not one.exists()]


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

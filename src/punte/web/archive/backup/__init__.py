"""A backup as a folder: the database as one file, the archive's files, and a manifest that is written last.

manifest.json      what, when, of which version; SHA-256 of everything else
database.sqlite3   or database.pgdump
archive.sha256     the archive's files, as `sha256sum -c` reads them from archive/
archive/ab/cd/…    the packages
keys/…             only where they were asked for
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

FORMAT = 1
MANIFEST = "manifest.json"


class Trouble(Exception):
    """It cannot be done; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`started_at`: what happened from then on is not in it, or not surely. `keys`: fingerprints, never the keys.

    migrations  the newest applied, by app;  faults  packages that could not be copied whole: the SHA-256, what is wrong
    """

    version: str
    started_at: datetime
    ended_at: datetime
    engine: str  # sqlite or postgresql
    database: str  # the file's name
    database_sha256: str
    migrations: dict[str, list[str]]
    packages: int
    archive_sha256: str  # of archive.sha256
    size: int  # bytes, all of it
    keys: list[str]
    with_keys: bool
    base_url: str
    anaf: str
    faults: list[list[str]] = field(default_factory=list)
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        facts = asdict(self) | {"started_at": self.started_at.isoformat(), "ended_at": self.ended_at.isoformat()}
        write_synced(folder / MANIFEST, json.dumps(facts, indent=1, ensure_ascii=False).encode())


def read_manifest(folder: Path) -> Manifest:
    """Raises Trouble: no whole backup lies here, or one of a version that we do not know."""
    try:
        facts = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise Trouble(f"{folder} holds no {MANIFEST}: it is no backup, or one that was broken off") from None
    except (OSError, ValueError) as exc:
        raise Trouble(f"{folder / MANIFEST} cannot be read: {exc}") from exc
    if facts.get("format") != FORMAT:
        raise Trouble(f"{folder} was made by another version of Punte (format {facts.get('format')}): use that one")
    facts |= {name: datetime.fromisoformat(facts[name]) for name in ("started_at", "ended_at")}
    return Manifest(**facts)


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_synced(path: Path, content: bytes, mode: int = 0o600) -> None:
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def fingerprint(key: str) -> str:
    """Enough to tell keys apart; nothing to find a random key by."""
    return hashlib.sha256(b"punte key: " + key.strip().encode()).hexdigest()[:16]

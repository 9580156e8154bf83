"""The tokens of one authorisation on disk: encrypted, written whole, one command at a time when they change."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from punte.anaf.efactura import EFactura
from punte.anaf.keeping import Kept, with_living
from punte.anaf.oauth import TokenPair
from punte.web.config import environment

from . import place
from .exits import Exit
from .telling import Stop

#: Seconds a command waits for another one's refresh: as long as ANAF may take, connecting and answering, twice.
PATIENCE = 150.0

Answer = TypeVar("Answer")


class Vault:
    """A `punte.anaf.keeping.Keeper`: one file for one application at one ANAF."""

    def __init__(self, folder: Path, owner: str, keys: MultiFernet) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = hashlib.sha256(owner.encode()).hexdigest()[:16]
        self.path, self._lock, self._keys = folder / f"{name}.token", folder / f"{name}.lock", keys

    @contextmanager
    def alone(self) -> Iterator[None]:
        """SQLite's lock on a file of its own: the one that the standard library has for every system."""
        with closing(sqlite3.connect(self._lock, timeout=PATIENCE, isolation_level=None)) as lock:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                raise Stop(Exit.UNWELL, "O altă comandă reînnoiește de mult timp cheile.") from None
            yield

    def read(self) -> Kept:
        content = self._content()
        return Kept(
            content["access_token"],
            content["refresh_token"],
            datetime.fromisoformat(content["expires_at"]),
            content["previous_refresh_token"] or None,
        )

    def write(self, kept: Kept) -> None:
        self._save(kept, self.authorised_at)

    @property
    def authorised_at(self) -> datetime:
        """When a person last agreed with the certificate."""
        return datetime.fromisoformat(self._content()["authorised_at"])

    def begin(self, pair: TokenPair, now: datetime) -> None:
        """A new authorisation, in place of the one before."""
        with self.alone():
            self._save(Kept.of(pair), now)

    def forget(self) -> bool:
        """False when there was nothing."""
        with self.alone():
            existed = self.path.exists()
            self.path.unlink(missing_ok=True)
        return existed

    def _content(self) -> dict[str, str]:
        try:
            content: dict[str, str] = json.loads(self._keys.decrypt(self.path.read_bytes()))
        except FileNotFoundError:
            raise Stop(Exit.REAUTHORISE, "Nu sunteți conectat la acest ANAF.") from None
        except InvalidToken:
            what = "Cheile păstrate nu pot fi descuiate: PUNTE_FERNET_KEYS (sau fernet_keys.secret) este alta."
            raise Stop(Exit.REAUTHORISE, what) from None
        return content

    def _save(self, kept: Kept, authorised_at: datetime) -> None:
        facts = {name: str(value or "") for name, value in asdict(kept).items()}
        facts |= {"expires_at": kept.expires_at.isoformat(), "authorised_at": authorised_at.isoformat()}
        with tempfile.NamedTemporaryFile(dir=self.path.parent, delete=False) as file:  # 0600 by itself
            file.write(self._keys.encrypt(json.dumps(facts).encode()))
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, self.path)
        with suppress(OSError):  # Windows opens no folder, and needs none
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def vault() -> Vault:
    """That of the environment's application and ANAF: no token goes to another ANAF than the one that gave it."""
    hosts, data = place.hosts(), place.directory()
    owner = "\n".join((hosts.login, hosts.api, place.application().client_id))
    given = place.secret("PUNTE_FERNET_KEYS") or environment.kept_secret(
        "PUNTE_FERNET_KEYS", data, lambda: Fernet.generate_key().decode()
    )
    try:
        keys = MultiFernet([Fernet(key) for key in given.split(",")])
    except ValueError:
        raise click.UsageError("PUNTE_FERNET_KEYS: o cheie Fernet are 32 de octeți, scriși în base64.") from None
    return Vault(data / "anaf", owner, keys)


def asking(call: Callable[[EFactura], Answer]) -> Answer:
    """`call` in the name of whoever logged in: with living tokens, and after a 401 once more with renewed ones."""

    def once(access_token: str) -> Answer:
        with EFactura(place.hosts(), access_token) as efactura:
            return call(efactura)

    return with_living(vault(), place.application().oauth, datetime.now(UTC), once)

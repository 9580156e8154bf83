"""The state on disk, for a simulator that shall stand for weeks: one SQLite file beside the certificates.

What is told to anybody is written first. A process that is killed loses nothing it has answered for; a machine that
loses power may lose the last moments, for each write is handed to the system and not waited for (synchronous=NORMAL).
Kept: documents and what became of them, mailboxes, refresh tokens, callbacks, rights, the clock's offset, the calls
counted today, the ledger. Not kept, for they belong to one run: settings, faults in wait, half-done authorisations,
and what a scenario has laid over rights and clock; tokens that it spoiled stay so.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .clock import Clock
from .document import Document
from .ledger import LONGEST, Entry
from .oauth import Grant
from .spv import Message, State, Upload

if TYPE_CHECKING:
    from .world import World

SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS upload (
    environment TEXT, number INTEGER, facts TEXT NOT NULL, xml BLOB NOT NULL, state TEXT NOT NULL, errors TEXT NOT NULL,
    PRIMARY KEY (environment, number));
CREATE TABLE IF NOT EXISTS message (
    environment TEXT, number INTEGER, upload INTEGER NOT NULL, cif TEXT NOT NULL, kind TEXT NOT NULL, tip TEXT NOT NULL,
    detalii TEXT NOT NULL, created TEXT NOT NULL, PRIMARY KEY (environment, number));
CREATE TABLE IF NOT EXISTS refresh (
    token TEXT PRIMARY KEY, facts TEXT NOT NULL, retired INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS budget (key TEXT PRIMARY KEY, day TEXT NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS call (number INTEGER PRIMARY KEY, entry TEXT NOT NULL);
"""
VERSION = 1
# The document is written once.
UPLOAD = (
    "INSERT INTO upload VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET state=excluded.state, errors=excluded.errors"
)


class Store:
    """Its caller holds the world's lock.

    Raises ValueError when another simulator has the file, or one of another version wrote it.
    """

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600)
        self._base = sqlite3.connect(path, timeout=1, isolation_level=None, check_same_thread=False)
        try:
            # One simulator a file: the lock is taken here, and the system lifts it when the process dies.
            for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=NORMAL"):
                self._base.execute(f"PRAGMA {pragma}")
            self._base.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
        except sqlite3.OperationalError as reason:
            raise ValueError(f"{path}: another simulator keeps its state here ({reason})") from reason
        [version] = self._base.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            raise ValueError(f"{path}: written by another version of the simulator; move it away to begin anew")
        self._base.execute(f"PRAGMA user_version={VERSION}")
        self._facts: dict[str, str] = {}

    def close(self) -> None:
        self._base.close()

    def forget(self) -> None:
        """Nothing is kept any more."""
        tables = ("fact", "upload", "message", "refresh", "budget", "call")
        self._base.executescript("BEGIN;" + "".join(f"DELETE FROM {table};" for table in tables) + "COMMIT;")  # noqa: S608
        self._facts = {}

    def keep(self, world: World, ended: Entry | None = None) -> None:
        """Write what has changed since, and the call that has `ended`, in one transaction."""
        with self._base:
            self._base.execute("BEGIN")
            for environment, spv in world.environments.items():
                for upload in spv.changed.values():
                    self._keep_upload(environment, upload)
            for token in world.desk.changed:
                grant = json.dumps(vars(world.desk.refresh[token]), default=datetime.isoformat)
                self._base.execute("REPLACE INTO refresh VALUES (?,?,?)", (token, grant, token in world.desk.retired))
            budgets = world.budgets
            for key in budgets.changed:
                self._base.execute(
                    "REPLACE INTO budget VALUES (?,?,?)", (json.dumps(key), str(budgets.of_day), budgets.used[key])
                )
            facts = _facts(world)
            for name, value in facts.items():
                if self._facts.get(name) == value:
                    continue
                if name == "of_day":
                    self._base.execute("DELETE FROM budget WHERE day != ?", (str(budgets.of_day),))
                self._base.execute("REPLACE INTO fact VALUES (?,?)", (name, value))
            if ended:
                self._base.execute("REPLACE INTO call VALUES (?,?)", (ended.number, json.dumps(vars(ended))))
                if ended.number % LONGEST == 0:  # the oldest leave, as in memory
                    self._base.execute("DELETE FROM call WHERE number <= ?", (ended.number - LONGEST,))
        self._facts = facts

    def _keep_upload(self, environment: str, upload: Upload) -> None:
        facts = {
            "cif": upload.cif,
            "serial": upload.serial,
            "standard": upload.standard,
            "external": upload.external,
            "self_billed": upload.self_billed,
            "document": vars(upload.document),
            "received": upload.received.isoformat(),
            "due": upload.due.isoformat(),
        }
        row = (environment, upload.index, json.dumps(facts), upload.xml, str(upload.state), json.dumps(upload.errors))
        self._base.execute(UPLOAD, row)
        self._base.executemany(
            "REPLACE INTO message VALUES (?,?,?,?,?,?,?,?)",
            [
                (environment, one.id, upload.index, one.cif, one.kind, one.tip, one.detalii, one.created.isoformat())
                for one in upload.messages
            ],
        )

    def restore(self, world: World) -> None:
        """Bring a world that has just begun to where it was when it was last kept."""
        self._facts = dict(self._base.execute("SELECT name, value FROM fact"))
        facts = {name: json.loads(value) for name, value in self._facts.items()}
        if facts:
            world.clock = Clock(timedelta(seconds=facts["clock_offset"]))
            for serial, cifs in facts["rights"].items():
                if cifs is None:
                    world.rights.pop(serial, None)
                else:
                    world.rights[serial] = set(cifs)
            world.desk.callbacks.update(facts["callbacks"])
            world.wrong_pins.update(facts["wrong_pins"])
        for environment, spv in world.environments.items():
            entries: dict[int, list[tuple[Any, ...]]] = {}
            columns = "upload, number, cif, kind, tip, detalii, created"
            for row in self._base.execute(
                f"SELECT {columns} FROM message WHERE environment=? ORDER BY number",  # noqa: S608
                (environment,),
            ):
                entries.setdefault(row[0], []).append(row[1:])
            for number, text, xml, state, errors in self._base.execute(
                "SELECT number, facts, xml, state, errors FROM upload WHERE environment=? ORDER BY number",
                (environment,),
            ):
                upload = _upload(number, json.loads(text), xml, state, json.loads(errors))
                upload.messages = [_message(upload, *row) for row in entries.get(number, ())]
                spv.restore(upload)
        for token, text, retired in self._base.execute("SELECT token, facts, retired FROM refresh"):
            world.desk.refresh[token] = _grant(json.loads(text))
            if retired:
                world.desk.retired.add(token)
        of_day = facts.get("of_day")
        if of_day:
            world.budgets.of_day = date.fromisoformat(of_day)
            rows = self._base.execute("SELECT key, used FROM budget WHERE day=?", (of_day,))
            world.budgets.used.update({tuple(json.loads(key)): used for key, used in rows})
        calls = self._base.execute("SELECT entry FROM call ORDER BY number DESC LIMIT ?", (LONGEST,)).fetchall()
        world.ledger.restore([Entry(**json.loads(text)) for (text,) in reversed(calls)])


def _facts(world: World) -> dict[str, str]:
    holders = world.authority.certificates
    values: dict[str, Any] = {
        "clock_offset": (world.clock.offset - world.scenarios.clock).total_seconds(),
        # Those of the certificates there are: ones made anew begin with their own.
        "rights": {one.serial: _sorted(world.scenarios.beneath("rights", one.serial)) for one in holders},
        "callbacks": sorted(world.desk.callbacks),
        "wrong_pins": dict(world.wrong_pins),
        "of_day": str(world.budgets.of_day or ""),
    }
    return {name: json.dumps(value) for name, value in values.items()}


def _sorted(cifs: set[str] | None) -> list[str] | None:
    return None if cifs is None else sorted(cifs)  # None: not enrolled


def _upload(number: int, facts: dict[str, Any], xml: bytes, state: str, errors: list[str]) -> Upload:
    facts |= {name: datetime.fromisoformat(facts[name]) for name in ("received", "due")}
    facts["document"] = Document(**facts["document"])
    return Upload(index=number, xml=xml, state=State(state), errors=errors, **facts)


def _message(upload: Upload, number: int, cif: str, kind: str, tip: str, detalii: str, created: str) -> Message:
    moment = datetime.fromisoformat(created)
    return Message(id=number, upload=upload, cif=cif, kind=kind, tip=tip, detalii=detalii, created=moment)


def _grant(facts: dict[str, Any]) -> Grant:
    return Grant(**facts | {name: datetime.fromisoformat(facts[name]) for name in ("authorised", "issued")})

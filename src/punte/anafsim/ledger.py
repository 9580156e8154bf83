"""The ledger: every call that reached ANAF's doors, what came of it, and for whom. Tests read it."""

import hashlib
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from .world import World

LONGEST = 20_000  # calls remembered; older ones leave


@dataclass(kw_only=True)
class Entry:
    number: int
    time: str  #: the simulator's clock, ISO, UTC
    door: str  #: login, api, public
    method: str
    path: str  #: without the query: it may carry a code
    cif: str = ""
    status: int | None = None  #: None: no answer was begun
    sha256: str = ""  #: of the body as far as it was read; empty without one, and on `login`, where bodies are secrets
    outcome: str = ""
    fault: str = ""  #: the kind of the fault that struck
    scenario: str = ""  #: the scenario that the fault belongs to


class Ledger:
    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=LONGEST)
        self._count = 0

    def open(self, **facts: Any) -> Entry:
        self._count += 1
        entry = Entry(number=self._count, **facts)
        self.entries.append(entry)
        return entry

    def restore(self, entries: Iterable[Entry]) -> None:
        """Take back what was kept, oldest first."""
        self.entries.extend(entries)
        self._count = max((entry.number for entry in self.entries), default=0)

    def describe(self, after: int = 0) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self.entries if entry.number > after]


class Recorded:
    """ASGI around one door's application: opens the entry, notes the body's hash and the status, dates the answer."""

    def __init__(self, app: ASGIApp, *, world: "World", door: str) -> None:
        self.app, self.world, self.door = app, world, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        with self.world.lock:
            self.world.scenarios.end_what_is_over()
            time = self.world.clock.now().isoformat(timespec="milliseconds")
            facts = {"time": time, "door": self.door, "method": scope["method"], "path": scope["path"]}
            entry = scope["entry"] = self.world.ledger.open(**facts)
        digest = hashlib.sha256()

        async def heard() -> Message:
            message = await receive()
            if message["type"] == "http.request" and message.get("body") and self.door != "login":
                digest.update(message["body"])
                entry.sha256 = digest.hexdigest()
            return message

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
                date = format_datetime(self.world.clock.now(), usegmt=True)
                message["headers"] = [*message.get("headers", ()), (b"date", date.encode())]
                self.world.keep(entry)  # first, so that nothing is forgotten of which anybody was told
            await send(message)

        await self.app(scope, heard, said)
        if entry.status is None:
            self.world.keep(entry)

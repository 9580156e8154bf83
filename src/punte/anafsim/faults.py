"""Bad days on demand: what shall go wrong, for which calls, how many times or how often."""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from . import firewall, jwt
from .answers import json_of

#: the operations that faults and the ledger speak of; `policy` is the page where the certificate is looked at
OPERATIONS = (
    "authorize",
    "policy",
    "token",
    "hello",
    "upload",
    "uploadb2c",
    "stareMesaj",
    "listaMesajeFactura",
    "listaMesajePaginatieFactura",
    "descarcare",
    "validare",
    "transformare",
    "validate/signature",
    "PlatitorTvaRest",
    "AsynchWebService",
    "registruroefactura",
    "nbrfxrates",
)
#: a fault may name one of these in place of an operation
GROUPS: Mapping[str, tuple[str, ...]] = {
    "*": OPERATIONS,
    "sign-in": ("authorize", "policy"),
    "uploads": ("upload", "uploadb2c"),
    "lists": ("listaMesajeFactura", "listaMesajePaginatieFactura"),
}
MOST_FAULTS = 100
LONGEST_WAIT = 600.0  # seconds


class Kind(StrEnum):
    LOSE_BEFORE = "lose_before"  # the connection dies before anything is read: nothing is registered
    LOSE_REPLY = "lose_reply"  # the call is carried out, then the connection dies without an answer
    SLOW = "slow"  # the call is carried out, the answer waits `seconds`
    STATUS = "status"  # an HTML page with status `code`
    MAINTENANCE = "maintenance"  # ANAF's page of a planned stop
    FIREWALL = "firewall"  # the page of the web application firewall, HTTP 200
    EMPTY = "empty"  # HTTP 200 and nothing else
    TECHNICAL = "technical"  # "A aparut o eroare tehnica. Cod: `code`"
    ERROR = "error"  # `text` as the operation says its errors; `{id}` in it is the call's parameter `id`
    RESET = "reset"  # the connection dies in the middle of the answer
    UNAUTHORIZED = "unauthorized"  # 401; with `before`, for the access tokens given until then
    DENIED = "denied"  # of `sign-in`: access_denied, whichever certificate was shown
    LOOP = "loop"  # of `policy`: sent to `/my.policy` again and again
    TWICE = "twice"  # of `uploads`: another program has just filed the same document
    BROKEN_ZIP = "broken_zip"  # of `descarcare`: a whole answer that holds two thirds of a ZIP
    ALTERED_ZIP = "altered_zip"  # of `descarcare`: the document is not the one that was sealed
    MIXED_ROWS = "mixed_rows"  # of `lists`: rows of another mailbox among them
    NO_ID = "no_id"  # of `lists`: rows without `id`, as reported
    FOREIGN_SEAL = "foreign_seal"  # of `descarcare`: sealed rightly, with a key that nobody has seen before


UNWELL = (
    "<html><head><title>{code} Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>\r\n"
)
# Of this page only the words "Mentenanta sistem" are known, not its status: 503 unless the fault has a code.
MAINTENANCE = "<html><head><title>Mentenanta sistem</title></head><body><h1>Mentenanta sistem</h1></body></html>\r\n"


@dataclass(kw_only=True)
class Fault:
    kind: Kind
    operation: str = "*"  #: one of OPERATIONS or of GROUPS
    times: int | None = 1  #: how many calls it still strikes; None: every one, as `share` says
    share: float = 1.0  #: of the calls it may strike, the share that it does
    code: str = ""  #: of the status or of the technical error
    seconds: float = 0.0
    text: str = ""
    register: bool = False  #: of the kinds that answer in the operation's place: it is carried out all the same
    before: float | None = None  #: epoch seconds: only calls with an access token given until then
    scenario: str = ""  #: the scenario it belongs to

    def covers(self, operation: str) -> bool:
        return operation in GROUPS.get(self.operation, (self.operation,))


def read_fault(value: Any, scenario: str = "") -> Fault:
    """A fault from the control interface's JSON. Raises ValueError with what is accepted."""
    keys = [key for key in Fault.__dataclass_fields__ if key != "scenario"]
    if not isinstance(value, dict) or not set(value) <= set(keys):
        raise ValueError(f"a fault is an object with these keys: {', '.join(keys)}")
    facts: dict[str, Any] = {"code": "", "text": ""} | value
    facts |= {name: str(facts[name]) for name in ("code", "text")}
    try:
        fault = Fault(**{**facts, "kind": Kind(value.get("kind", "")), "scenario": scenario})
    except ValueError:
        raise ValueError(f"kind is one of: {', '.join(Kind)}") from None
    if fault.operation not in (*OPERATIONS, *GROUPS):
        raise ValueError(f"operation is * or one of: {', '.join((*OPERATIONS, *tuple(GROUPS)[1:]))}")
    if "share" in value and "times" not in value:
        fault.times = None
    numbers = (fault.share, fault.seconds, fault.before or 0, 1 if fault.times is None else fault.times)
    if not all(isinstance(number, (int, float)) and not isinstance(number, bool) for number in numbers):
        raise ValueError("share, seconds, before and times are numbers")
    if not (0 < fault.share <= 1 and 0 <= fault.seconds <= LONGEST_WAIT and (fault.times is None or fault.times > 0)):
        raise ValueError(f"share is in (0, 1], seconds in [0, {LONGEST_WAIT:g}], times above zero or null")
    if not isinstance(fault.register, bool):
        raise ValueError("register is true or false")
    _read_code(fault)
    return fault


def _read_code(fault: Fault) -> None:
    number = int(fault.code) if fault.code.isascii() and fault.code.isdigit() else 0
    if fault.kind is Kind.STATUS and not 400 <= number <= 599:
        raise ValueError("a fault of kind status has a code between 400 and 599")
    if fault.kind is Kind.MAINTENANCE and fault.code and not 200 <= number <= 599:
        raise ValueError("a fault of kind maintenance has a code between 200 and 599, 503 by default")
    if fault.kind is Kind.ERROR and not fault.text:
        raise ValueError("a fault of kind error has a text")
    defaults = {Kind.MAINTENANCE: "503", Kind.TECHNICAL: "1814"}  # 1814: observed on the test environment, 10.2026
    fault.code = fault.code or defaults.get(fault.kind, "")


@dataclass
class Faults:
    """The faults in wait, in the order they were asked for; the first that strikes is taken."""

    waiting: list[Fault] = field(default_factory=list)
    # The same asks in the same order fail at the same places: a test that found something finds it again.
    chance: random.Random = field(default_factory=lambda: random.Random(20261122))  # noqa: S311

    def add(self, fault: Fault) -> None:
        """Raises ValueError when too many wait already."""
        if len(self.waiting) >= MOST_FAULTS:
            raise ValueError(f"at most {MOST_FAULTS} faults wait at once; DELETE /faults removes them")
        self.waiting.append(fault)

    def strike(self, operation: str, authorization: str = "") -> Fault | None:
        """The fault of this call, which came with that header, if any; one that has struck its last time leaves."""
        for fault in self.waiting:
            if not fault.covers(operation):
                continue
            if fault.before is not None:
                issued = jwt.issued(authorization)
                if issued is None or issued > fault.before:
                    continue
            if fault.share < 1 and self.chance.random() >= fault.share:
                continue
            if fault.times is not None:
                fault.times -= 1
                if not fault.times:
                    self.waiting.remove(fault)
            return fault
        return None

    def drop(self, scenario: str) -> None:
        """Take back the faults of a scenario."""
        self.waiting = [fault for fault in self.waiting if fault.scenario != scenario]

    def describe(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self.waiting]


def in_place(fault: Fault) -> Response | None:
    """What a fault answers in the operation's place, the same for every operation; None when it has no such answer."""
    match fault.kind:
        case Kind.STATUS:
            return HTMLResponse(UNWELL.format(code=fault.code), int(fault.code))
        case Kind.MAINTENANCE:
            return HTMLResponse(MAINTENANCE, int(fault.code))
        case Kind.FIREWALL:
            return firewall.rejected()
        case Kind.EMPTY:
            return Response()
        case Kind.UNAUTHORIZED:
            return json_of({"message": "Unauthorized", "status": "401"}, 401)
        case Kind.LOOP:
            return RedirectResponse("/my.policy", 302, headers={"Server": "BigIP"})
    return None

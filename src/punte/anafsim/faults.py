"""Bad days on demand: what shall go wrong, for which calls, how many times or how often."""

import random
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

#: the operations that faults and the ledger speak of
OPERATIONS = (
    "authorize",
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
)
MOST_FAULTS = 100
LONGEST_WAIT = 600.0  # seconds


class Kind(StrEnum):
    LOSE_BEFORE = "lose_before"  # the connection dies before anything is read: nothing is registered
    LOSE_REPLY = "lose_reply"  # the call is carried out, then the connection dies without an answer
    SLOW = "slow"  # the call is carried out, the answer waits `seconds`
    STATUS = "status"  # an HTML page with status `code`; nothing is carried out
    TECHNICAL = "technical"  # "A aparut o eroare tehnica. Cod: `code`", carried out only when `register`
    RESET = "reset"  # the connection dies in the middle of the answer


@dataclass(kw_only=True)
class Fault:
    kind: Kind
    operation: str = "*"  #: one of OPERATIONS, or any
    times: int | None = 1  #: how many calls it still strikes; None: every one, as `share` says
    share: float = 1.0  #: of the calls it may strike, the share that it does
    code: str = ""  #: of the status or of the technical error
    seconds: float = 0.0
    register: bool = False


def read_fault(value: Any) -> Fault:
    """A fault from the control interface's JSON. Raises ValueError with what is accepted."""
    if not isinstance(value, dict) or not set(value) <= set(Fault.__dataclass_fields__):
        raise ValueError(f"a fault is an object with these keys: {', '.join(Fault.__dataclass_fields__)}")
    try:
        fault = Fault(**{**value, "kind": Kind(value.get("kind", "")), "code": str(value.get("code", ""))})
    except ValueError:
        raise ValueError(f"kind is one of: {', '.join(Kind)}") from None
    if fault.operation != "*" and fault.operation not in OPERATIONS:
        raise ValueError(f"operation is * or one of: {', '.join(OPERATIONS)}")
    if "share" in value and "times" not in value:
        fault.times = None
    numbers = (fault.share, fault.seconds, 1 if fault.times is None else fault.times)
    if not all(isinstance(number, (int, float)) for number in numbers):
        raise ValueError("share, seconds and times are numbers")
    if not (0 < fault.share <= 1 and 0 <= fault.seconds <= LONGEST_WAIT and (fault.times is None or fault.times > 0)):
        raise ValueError(f"share is in (0, 1], seconds in [0, {LONGEST_WAIT:g}], times above zero or null")
    if fault.kind is Kind.STATUS and not (fault.code.isdecimal() and 400 <= int(fault.code) <= 599):
        raise ValueError("a fault of kind status has a code between 400 and 599")
    if fault.kind is Kind.TECHNICAL and not fault.code:
        fault.code = "1814"  # observed in October 2026 on the test environment
    return fault


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

    def strike(self, operation: str) -> Fault | None:
        """The fault of this call, if any; one that has struck its last time leaves."""
        for fault in self.waiting:
            if fault.operation not in ("*", operation) or self.chance.random() >= fault.share:
                continue
            if fault.times is not None:
                fault.times -= 1
                if not fault.times:
                    self.waiting.remove(fault)
            return fault
        return None

    def describe(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self.waiting]

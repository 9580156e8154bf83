"""ANAF in a process of its own: `python -m chaos.anaf DIR FIRMS PROCESSING LAG` says where, then does as it is told.

It judges cheaply: by a word in the document and by what ANAF itself knows (strangers, duplicates), not by the 300
rules; those have tests of their own, and would cost more than everything else here together.
A line `ledger PATH` on standard input writes down all that was filed and every call; the end of the input ends it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter, deque
from dataclasses import replace
from pathlib import Path
from typing import Any

from chaos.plan import NOT_TAKEN, REJECTED, firms
from punte.anafsim import Simulator
from punte.anafsim.control import filed
from punte.anafsim.judge import NotTaken
from punte.anafsim.spv import State

RULE = "BR-RO-100"


def judge(xml: bytes) -> list[str]:
    if NOT_TAKEN.encode() in xml:
        raise NotTaken(NOT_TAKEN)
    return (
        [f"tipAssert=FailedAssert; codEroare={RULE}; textEroare=[{RULE}]-{REJECTED}"]
        if REJECTED.encode() in xml
        else []
    )


def main() -> None:
    directory, count, processing, lag, *callbacks = sys.argv[1:]
    with Simulator(
        Path(directory), processing=float(processing), listing_lag=float(lag), judge=judge, callbacks=callbacks
    ) as simulator:
        people(simulator, int(count))
        simulator.world.settings.limit_minute = 10**9  # that the limit is kept is proved elsewhere: make limit
        simulator.world.ledger.entries = deque()  # all of them
        print(json.dumps(simulator.describe()), flush=True)
        for line in sys.stdin:
            Path(line.removeprefix("ledger ").strip()).write_text(json.dumps(ledger(simulator)))
            print("written", flush=True)


def people(simulator: Simulator, count: int) -> None:
    """The firms exist, and the first certificate has the right on each."""
    world = simulator.world
    model = next(iter(world.companies.values()))
    for number, cui in enumerate(firms(count), 1):
        world.companies[cui] = replace(model, cui=cui, name=f"Firma de probă {number} SRL")
    world.rights[simulator.certificates[0].serial].update(firms(count))


def ledger(simulator: Simulator) -> dict[str, Any]:
    """What was filed, with the hash of the ZIP that ANAF gives out, the uploads that came, and how often what struck."""
    with simulator.world.lock:
        simulator.world.settle()
        rows = filed(simulator.world)
        uploads = [upload for spv in simulator.world.environments.values() for upload in spv.uploads.values()]
        for row, upload in zip(rows, uploads, strict=True):
            spv = simulator.world.environments[row["environment"]]
            sealed = upload.state in (State.OK, State.NOK)
            row["package"] = hashlib.sha256(spv.sealed(upload, simulator.world.authority)).hexdigest() if sealed else ""
            row["downloads"] = [str(message.id) for message in upload.messages]
        calls = [call for call in simulator.world.ledger.entries if call.door == "api"]
    return {
        "filed": rows,
        "uploads": [
            {"sha256": call.sha256, "outcome": call.outcome, "fault": call.fault, "time": call.time}
            for call in calls
            if "upload" in call.path
        ],
        "calls": Counter(call.path.rsplit("/", 1)[-1] for call in calls),
        "faults": Counter(call.fault for call in calls if call.fault),
    }


if __name__ == "__main__":
    main()

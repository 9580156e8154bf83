"""ANAF's ledger against our tables: `python -m chaos.comparison LEDGER` prints what differs, as JSON.

Runs in the product's environment, when everything has come to rest.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chaos.plan import NOT_TAKEN, REJECTED
from punte.cli import product

Rows = list[dict[str, Any]]


def compare(ledger: dict[str, Any]) -> dict[str, Any]:
    """`differences`: one sentence each, empty when both agree; `counts`: how it went."""
    from punte.web.delivery.models import Submission
    from punte.web.invoices.models import Invoice, Kind

    filed: dict[str, Rows] = defaultdict(list)
    for row in ledger["filed"]:
        filed[row["sha256"]].append(row)
    calls = Counter(call["sha256"] for call in ledger["uploads"])
    counts: Counter[str] = Counter()
    differences: list[str] = []
    ours = Submission.objects.defer(None).select_related("package").prefetch_related("attempts", "events")
    for submission in ours.iterator(chunk_size=500):
        for problem in judge(submission, filed.pop(submission.sha256, []), calls[submission.sha256], counts):
            differences.append(f"submission {submission.pk}: {problem}")
    for rows in filed.values():
        differences += [f"filed and not ours: {row['number']} of {row['seller']}" for row in rows]
    numbered = Invoice.objects.filter(kind=Kind.INVOICE, number__isnull=False)
    for invoice in numbered.filter(submissions=None):
        differences.append(f"invoice {invoice.pk} has a number and was forgotten")
    counts["drafts left by a press that failed"] = Invoice.objects.filter(number=None).count()
    return {"differences": differences, "counts": counts}


def judge(submission: Any, filed: Rows, calls: int, counts: Counter[str]) -> Iterator[str]:
    """What is wrong with one submission, given what ANAF filed of these bytes and how many uploads of them it saw."""
    states = [row["state"] for row in filed]
    document = bytes(submission.document).decode()
    expected = "rejected" if REJECTED in document else "refused" if NOT_TAKEN in document else "accepted"
    counts[submission.state] += 1
    if submission.state != expected:
        yield f"is {submission.state}, not {expected}; ANAF has {states}"
    if submission.due_at is not None or submission.invoice.stage != submission.state:
        yield f"is not closed: due {submission.due_at}, the invoice says {submission.invoice.stage}"
    if states.count("ok") != (expected == "accepted"):
        yield f"was accepted {states.count('ok')} times"
    yield from history(submission, len(filed), calls, counts)
    if expected == "accepted":
        yield from package(submission, filed)


def history(submission: Any, filed: int, calls: int, counts: Counter[str]) -> Iterator[str]:
    """The events are a path of the state machine, each upload has its attempt, each repetition its proof before it."""
    from punte.web.delivery.models import NEXT, State

    events = sorted(submission.events.all(), key=lambda event: event.pk)
    path = [State(event.state) for event in events]
    steps = [(one, two) for one, two in zip(path, path[1:], strict=False) if one != two]
    if not path or path[0] != State.QUEUED or path[-1] != submission.state:
        yield f"its history goes from {path[:1]} to {path[-1:]}"
    if wrong := [f"{one} → {two}" for one, two in steps if two not in NEXT[one]]:
        yield f"its history leaps: {', '.join(wrong)}"
    attempts = [attempt.number for attempt in submission.attempts.all()]
    if attempts != list(range(1, len(attempts) + 1)):
        yield f"its attempts are numbered {attempts}"
    if calls > len(attempts):
        yield f"{calls} uploads reached ANAF, {len(attempts)} attempts are written"
    kinds = Counter(event.kind for event in events)
    if kinds["sending"] != len(attempts):
        yield f"{kinds['sending']} lines of sending for {len(attempts)} attempts"
    for event, following in zip(events, events[1:], strict=False):
        if event.state == State.UNCERTAIN and following.state == State.QUEUED and following.kind != "absent":
            yield f"was queued again by {following.kind}, not proved absent"
    counts["attempts"] += len(attempts)
    counts["uploads that arrived"] += calls
    counts["doubts"] += kinds["uncertain"]
    counts["found in SPV by content"] += kinds["found"]
    counts["proved absent and sent again"] += kinds["absent"]
    counts["adopted by ANAF's duplicate answer"] += kinds["adopted"]
    counts["filed more than once, accepted once"] += filed > 1


def package(submission: Any, filed: Rows) -> Iterator[str]:
    """What is in the archive is what ANAF gives out, byte for byte, of the upload that was accepted."""
    accepted = next((row for row in filed if row["state"] == "ok"), None)
    if submission.package is None:
        yield "has no package"
    elif accepted is None:
        return
    elif submission.upload_index != accepted["upload_index"]:
        yield f"names index {submission.upload_index}, accepted is {accepted['upload_index']}"
    elif hashlib.sha256(bytes(submission.package.content)).hexdigest() != accepted["package"]:
        yield "has another package than ANAF's"
    elif submission.package.seal != "valid":
        yield f"has a package whose seal is {submission.package.seal}"


if __name__ == "__main__":
    product.set_up()
    print(json.dumps(compare(json.loads(Path(sys.argv[1]).read_text()))))

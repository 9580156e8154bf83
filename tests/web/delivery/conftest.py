"""A firm that is connected to the simulator, and a way to put a document on its way."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from punte.anafsim import Simulator
from punte.web.delivery import worker
from punte.web.delivery.models import State, Submission
from punte.web.invoices.models import Client, Invoice, Series, Stage

from ..invoices.conftest import bakery  # noqa: F401 - a fixture

INVOICE = Path(__file__).parents[2] / "data" / "ubl" / "examples" / "minimal-invoice.xml"


class Spv:
    """The simulator, as a test speaks to it."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    def fault(self, kind: str, operation: str, **facts: object) -> None:
        self._post("faults", {"kind": kind, "operation": operation, **facts})

    def rights(self, cifs: list[str]) -> None:
        self._post("rights", {"certificate": "ilinca", "cifs": cifs})

    def filed(self, submission: Submission) -> list[str]:
        """The states of everything that ANAF registered with these bytes."""
        return [one["state"] for one in self.simulator.filed if one["sha256"] == submission.sha256]

    def _post(self, path: str, data: dict[str, object]) -> None:
        httpx2.post(f"{self.simulator.control}/{path}", json=data).raise_for_status()


@pytest.fixture
def spv(anaf: Simulator, settings) -> Spv:
    settings.ANAF_SEALS = [anaf.describe()["seal_fingerprint"]]
    settings.ANAF_CLOCK_MARGIN = 0.5
    settings.DELIVERY_PACE = 0.0005  # an hour in 1.8 s
    return Spv(anaf)


@pytest.fixture
def connected(spv, traveller) -> None:
    """The firm, after Ana has walked to ANAF and back with a certificate that has the right."""
    assert traveller.cross("ilinca") == "/integrari/?conectat"


@pytest.fixture
def queue(firm, ana):
    """`queue("DI 0001")` is a submission of a document with that number, of the firm's own."""
    buyer = Client.objects.create(firm=firm, name="Brutăria din Colț SRL", cui="33451201")
    series = Series.objects.create(firm=firm, prefix="DI")

    def make(number: str, change: tuple[str, str] = ("", "")) -> Submission:
        text = INVOICE.read_text("utf-8").replace("EX 0001", number).replace("RO12345674", f"RO{firm.cui}")
        document = text.replace(*change).encode() if change[0] else text.encode()
        now = datetime.now(UTC)
        invoice = Invoice.objects.create(
            firm=firm,
            client=buyer,
            series=series,
            number=int(number.split()[1]),
            label=number,
            issue_date=now.date(),
            stage=Stage.QUEUED,
            created_by=ana,
        )
        return Submission.objects.create(
            firm=firm,
            invoice=invoice,
            document=document,
            sha256=hashlib.sha256(document).hexdigest(),
            due_at=now,
            created_by=ana,
            created_at=now,
            changed_at=now,
        )

    return make


def run(submission: Submission, *, until: State, steps: int = 60) -> list[str]:
    """Let a worker go on until the state comes and nothing more is due; the states on the way."""
    seen = [submission.state]
    for _ in range(steps):
        if (claimed := worker.claim(datetime.now(UTC))) is not None:
            worker.advance(claimed)
            submission.refresh_from_db()
            seen += [submission.state] if submission.state != seen[-1] else []
            if submission.state == until and submission.due_at is None:
                return seen
        else:
            time.sleep(0.05)
    raise AssertionError(f"{until} did not come in {steps} steps: {seen}, waiting for {submission.waiting_for!r}")

"""A firm that is connected to the simulator, and a way to put a document on its way."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from punte.anaf.oauth import OAuth, authorize_url
from punte.anafsim import Simulator
from punte.cli.browser import Browser
from punte.web.config.anaf import hosts
from punte.web.connection.models import Authorization, Right, RightState
from punte.web.delivery import worker
from punte.web.delivery.models import State, Submission
from punte.web.invoices.models import Client, Invoice, Series, Stage

from ..invoices.conftest import bakery  # noqa: F401 - a fixture

CALLBACK = "http://localhost:8000/integrari/anaf/intoarcere/"
INVOICE = Path(__file__).parents[2] / "data" / "ubl" / "examples" / "minimal-invoice.xml"


@pytest.fixture(scope="session")
def simulator(tmp_path_factory):
    with Simulator(tmp_path_factory.mktemp("anafsim"), processing=0.0, listing_lag=0.0, callbacks=[CALLBACK]) as sim:
        yield sim


class Anaf:
    """The simulator, as a test speaks to it."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    def fault(self, kind: str, operation: str, **facts: object) -> None:
        self._post("faults", {"kind": kind, "operation": operation, **facts})

    def settings(self, **facts: object) -> None:
        self._post("settings", facts)

    def rights(self, cifs: list[str]) -> None:
        self._post("rights", {"certificate": "ilinca", "cifs": cifs})

    def filed(self, submission: Submission) -> list[str]:
        """The states of everything that ANAF registered with these bytes."""
        return [one["state"] for one in self.simulator.filed if one["sha256"] == submission.sha256]

    def _post(self, path: str, data: dict[str, object]) -> None:
        httpx2.post(f"{self.simulator.control}/{path}", json=data).raise_for_status()


@pytest.fixture
def anaf(simulator, settings):
    settings.ANAF = "simulator"
    settings.ANAF_LOGIN, settings.ANAF_API, settings.ANAF_PUBLIC = simulator.login, simulator.api, simulator.public
    settings.ANAF_CA_FILE = str(simulator.ca_file)
    settings.ANAF_SEALS = [simulator.describe()["seal_fingerprint"]]
    settings.ANAF_CLIENT_ID, settings.ANAF_CLIENT_SECRET = simulator.client_id, simulator.client_secret
    settings.ANAF_CLOCK_MARGIN = 0.5
    settings.DELIVERY_PACE = 0.0005  # an hour in 1.8 s
    hosts.cache_clear()
    yield Anaf(simulator)
    httpx2.delete(f"{simulator.control}/faults").raise_for_status()
    hosts.cache_clear()


@pytest.fixture
def connected(anaf, firm, ana):
    """The firm's authorization, obtained from the simulator with Ilinca's certificate, over TLS."""
    certificate = anaf.simulator.certificate("ilinca")
    url = authorize_url(hosts(), client_id=anaf.simulator.client_id, redirect_uri=CALLBACK, state="s")
    with Browser(str(anaf.simulator.ca_file), certificate.p12, certificate.password) as browser:
        back = browser.open(url, until=CALLBACK).url
    oauth = OAuth(hosts(), anaf.simulator.client_id, anaf.simulator.client_secret)
    pair = oauth.exchange(httpx2.URL(back).params["code"], redirect_uri=CALLBACK)
    now = datetime.now(UTC)
    authorization = Authorization.objects.create(
        user=ana,
        serial=pair.claims.serial,
        access_token=pair.access_token,
        refresh_token=pair.refresh_token,
        access_expires_at=pair.expires_at,
        authorized_at=now,
        renewal_due_at=now + timedelta(days=365),
    )
    Right.objects.create(authorization=authorization, firm=firm, state=RightState.GRANTED, checked_at=now)
    return authorization


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

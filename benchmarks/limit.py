"""`make limit`: a backlog is worked off at ANAF's limit, never over it; ours against a naive client in the same run.

20,000 invoices of 500 firms wait (one firm has 5,000, several have one, half of which come while the others are under
way). The product's own turns, worker, budget and tables, 16 lanes, against the simulator with ANAF's real limits, over
TLS; the clock is moved (`moved.py`). Then a backlog of 1,200 invoices, which we and a naive client work off one after
the other, each with 32 lanes. The naive client uploads in the order of the queue, asks for each state every 30 s,
lists, downloads, and waits 5 s after a 429.

    python -m benchmarks.limit [--firms N] [--invoices N] [--beside N] [--lanes N] [--seed N] [--postgres] [--json]
"""

from __future__ import annotations

import argparse
import heapq
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.moved import Town, anaf, wire
from benchmarks.timing import EXAMPLE, Row, row

if TYPE_CHECKING:
    from punte.anaf.hosts import Hosts
    from punte.web.work.turns import Source

MINUTE = timedelta(minutes=1)
PERMITTED = 1000  # calls a minute
BESIDE_LANES = 32  # a naive client with them meets the limit
Call = tuple[datetime, str, int]


def shares(firms: int, invoices: int) -> list[int]:
    """How many invoices each firm has: a quarter the first, one each the last 4 % (at least 3), the rest alike."""
    ones = max(3, firms // 25)
    rest, middle = invoices - invoices // 4 - ones, firms - 1 - ones
    return [invoices // 4, *(rest // middle + (n < rest % middle) for n in range(middle)), *[1] * ones]


def arrivals(sizes: Sequence[int], seed: int) -> list[timedelta]:
    """How late each firm's invoices come: those of every other firm with one, within 20 minutes."""
    chance = random.Random(seed)
    return [timedelta(minutes=20 * chance.random() * (size == 1 and n % 2)) for n, size in enumerate(sizes)]


def document_of(cui: str, number: str) -> bytes:
    return EXAMPLE.read_text("utf-8").replace("EX 0001", number).replace("RO12345674", f"RO{cui}").encode()


# --- ours ---


def fill(sizes: Sequence[int], cuis: Sequence[str], token: str, now: datetime, seed: int) -> None:
    """Firms of one accountant, connected by one certificate, and their invoices waiting to be sent."""
    import hashlib

    from punte.web.accounts.models import User
    from punte.web.connection.models import Authorization, Right, RightState
    from punte.web.delivery.models import Submission
    from punte.web.firms.models import Firm, Membership, Role
    from punte.web.invoices.models import Client, Invoice, Series, Stage

    user = User.objects.create_user("contabil@cifre.example", "peste-punte-2026")
    in_force = {"access_expires_at": now + timedelta(days=89), "renewal_due_at": now + timedelta(days=360)}
    authorization = Authorization.objects.create(user=user, access_token=token, authorized_at=now, **in_force)
    Firm.objects.bulk_create(Firm(cui=cui, name=f"Firma {cui} SRL", city="Cluj-Napoca", county="RO-CJ") for cui in cuis)
    firms = list(Firm.objects.order_by("pk"))
    Membership.objects.bulk_create(Membership(firm=firm, user=user, role=Role.OWNER) for firm in firms)
    Right.objects.bulk_create(
        Right(authorization=authorization, firm=firm, state=RightState.GRANTED, granted_at=now, serving_since=now)
        for firm in firms
    )
    Client.objects.bulk_create(Client(firm=firm, name="Brutăria din Colț SRL", cui="33451201") for firm in firms)
    Series.objects.bulk_create(Series(firm=firm, prefix="DI") for firm in firms)
    clients, series = (dict(kind.objects.values_list("firm_id", "pk")) for kind in (Client, Series))
    invoices, due = [], []
    for firm, size, late in zip(firms, sizes, arrivals(sizes, seed), strict=True):
        for number in range(1, size + 1):
            facts = {"client_id": clients[firm.pk], "series_id": series[firm.pk], "created_by": user}
            label = f"DI {number:05}"
            invoices.append(
                Invoice(firm=firm, number=number, label=label, issue_date=now.date(), stage=Stage.QUEUED, **facts)
            )
            due.append(now + late)
    Invoice.objects.bulk_create(invoices, batch_size=500)
    submissions = []
    for invoice, at in zip(Invoice.objects.order_by("pk").select_related("firm"), due, strict=True):
        xml = document_of(invoice.firm.cui, invoice.label)
        facts = {"created_by": user, "created_at": at, "changed_at": at, "due_at": at}
        sha256 = hashlib.sha256(xml).hexdigest()
        submissions.append(Submission(firm=invoice.firm, invoice=invoice, document=xml, sha256=sha256, **facts))
    Submission.objects.bulk_create(submissions, batch_size=500)
    begin_dossiers(now)


def begin_dossiers(now: datetime) -> None:
    """The first record of each, as `delivery.sending` hangs it."""
    from punte.web.delivery import chaining
    from punte.web.delivery.models import Record, Submission

    content = chaining.link(1, "", {"kind": "queued", "at": now})
    link = {"number": 1, "content": content, "digest": chaining.digest(content)}
    pairs = Submission.objects.values_list("pk", "invoice_id")
    Record.objects.bulk_create(
        (Record(submission_id=pk, invoice_id=invoice, **link) for pk, invoice in pairs), batch_size=500
    )
    Submission.objects.update(record_count=1, record_head=link["digest"])


def deliver(town: Town, lanes: int, sources: Sequence[Source]) -> datetime:
    """Work off what waits, in as many threads; the first moment at which nothing was due."""
    from django.db import connections
    from django.db.models import Min

    from punte.web.delivery.models import Submission
    from punte.web.work.turns import Turns

    turns = Turns(sources)
    idle: list[datetime] = []
    failed: list[BaseException] = []

    def lane() -> None:
        try:
            while not failed:
                if step := turns.next(town()):
                    step(town)
                    continue
                idle.append(town())
                due = Submission.objects.aggregate(at=Min("due_at"))["at"]
                if due is None:
                    break
                town.wait_until(max(due, town() + timedelta(seconds=0.5)))
        except BaseException as error:
            failed.append(error)
            raise
        finally:
            town.leave()
            connections.close_all()

    together([lane] * lanes)
    if failed:
        raise failed[0]
    return min(idle)


def together(work: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@dataclass(frozen=True)
class Waits:
    """Seconds from the moment an invoice was handed in until its document was at ANAF."""

    all: list[float]
    of_ones: list[float]  # firms with one invoice


def waits(ones: set[str]) -> Waits:
    from punte.web.delivery.models import Attempt

    rows = Attempt.objects.values_list("submission__firm__cui", "started_at", "submission__created_at")
    found = [(cui, (began - queued).total_seconds()) for cui, began, queued in rows]
    return Waits([wait for _, wait in found], [wait for cui, wait in found if cui in ones])


# --- the naive client ---


def naive(town: Town, lanes: int, hosts: Hosts, token: str, jobs: Sequence[tuple[str, bytes, datetime]]) -> Waits:
    """Upload, ask the state every 30 s, list, download. A job: the firm, its document, when it comes."""
    from punte.anaf.efactura import EFactura
    from punte.anaf.efactura import State as Told
    from punte.anaf.errors import RateLimited

    lock, left = threading.Lock(), len(jobs)
    heap: list[tuple[datetime, int, str, str]] = [(at, number, "upload", "") for number, (*_, at) in enumerate(jobs)]
    heapq.heapify(heap)
    waited: dict[int, float] = {}

    def once(number: int, stage: str, fact: str) -> tuple[float, str, str] | None:
        """One call; in how many seconds which comes next."""
        cui, xml, came = jobs[number]
        with EFactura(hosts, token) as anaf:
            if stage == "upload":
                receipt = anaf.upload(xml, cif=cui)
                waited[number] = (town() - came).total_seconds()
                return 30, "state", str(receipt.upload_index)
            if stage == "state":
                found = anaf.state(fact)
                return (0, "list", str(found.download_id)) if found.state is Told.OK else (30, "state", fact)
            if stage == "list":
                anaf.messages_page(cui, town() - timedelta(days=1), town() - timedelta(seconds=60))
                return 0, "download", fact
            anaf.download(fact)
            return None

    def lane() -> None:
        nonlocal left
        try:
            while True:
                with lock:
                    if not left:
                        return
                    job = heapq.heappop(heap) if heap and heap[0][0] <= town() else None
                    soon = heap[0][0] if heap else town()
                if job is None:
                    town.wait_until(max(soon, town() + timedelta(seconds=0.2)))
                    continue
                _, number, stage, fact = job
                try:
                    then = once(number, stage, fact)
                except RateLimited:
                    town.wait_until(town() + timedelta(seconds=5))
                    then = 0, stage, fact
                with lock:
                    if then is None:
                        left -= 1
                    else:
                        heapq.heappush(heap, (town() + timedelta(seconds=then[0]), number, then[1], then[2]))
        finally:
            town.leave()

    together([lane] * lanes)
    counted: dict[str, int] = {}
    for cui, *_ in jobs:
        counted[cui] = counted.get(cui, 0) + 1
    return Waits(list(waited.values()), [wait for number, wait in waited.items() if counted[jobs[number][0]] == 1])


# --- what came of it ---


def fullest(calls: Sequence[Call]) -> int:
    """The most calls in any 60 s, as ANAF counts."""
    times, most, first = sorted(at for at, _, _ in calls), 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= MINUTE:
            first += 1
        most = max(most, last - first + 1)
    return most


def share(calls: Sequence[Call], until: datetime) -> float:
    """Of what ANAF permits, in percent, from the first call to `until`."""
    first = min(at for at, _, _ in calls)
    return sum(at <= until for at, _, _ in calls) / ((until - first) / MINUTE) / PERMITTED * 100


def figures(who: str, calls: Sequence[Call], invoices: int, waited: Waits) -> list[Row]:
    kinds = {kind: sum(name == kind for _, name, _ in calls) for kind in sorted({name for _, name, _ in calls})}
    ordered = sorted(waited.all)
    return [
        row(f"{who}: calls per delivered invoice", len(calls) / invoices, ""),
        *(row(f"{who}:   {kind}", count / invoices, "") for kind, count in kinds.items()),
        row(f"{who}: most calls in any 60 s", fullest(calls), ""),
        row(f"{who}: answers 429", sum(status == 429 for _, _, status in calls), ""),
        row(f"{who}: waited until sent, p50", ordered[len(ordered) // 2], "s"),
        row(f"{who}: waited until sent, p95", ordered[int(len(ordered) * 0.95)], "s"),
        row(f"{who}: waited until sent, worst", ordered[-1], "s"),
        row(f"{who}: waited until sent, worst of firms with one", max(waited.of_ones), "s"),
    ]


def measure(asked: argparse.Namespace) -> list[Row]:
    """In a process of its own: Django reads its database once."""
    import django
    import structlog

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from punte.web.config.anaf import hosts
    from punte.web.limits import budget

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    call_command("migrate", verbosity=0)
    now = datetime.now(UTC)
    sizes = shares(asked.firms, asked.invoices)
    cuis = [str(20_000_000 + number) for number in range(asked.firms)]
    ones = {cui for cui, size in zip(cuis, sizes, strict=True) if size == 1}
    with anaf(cuis, now, asked.seed) as there:
        facts = there.facts
        settings.ANAF_LOGIN, settings.ANAF_API, settings.ANAF_PUBLIC = facts["login"], facts["api"], facts["public"]
        settings.ANAF_CA_FILE, settings.ANAF_ENVIRONMENT = facts["ca_file"], "prod"
        settings.ANAF_IN_FLIGHT = max(settings.ANAF_IN_FLIGHT, asked.lanes)
        settings.ANAF_CLIENT_ID, settings.ANAF_SEALS = facts["client_id"], [facts["seal_fingerprint"]]
        fill(sizes, cuis, facts["token"], now, asked.seed)
        from punte.web.work.loop import SOURCES

        started = time.monotonic()
        town = Town(now, asked.lanes, there.move)
        with wire(town, asked.seed) as calls:
            until = deliver(town, asked.lanes, SOURCES)
        took = time.monotonic() - started
        rows = [row("ours: share of the 1,000 a minute while work was due", share(calls, until), "%")]
        rows += figures("ours", calls, asked.invoices, waits(ones))
        # two rounds; in a round each firm has one step of each kind that it has due
        bound = 2 * asked.firms * 2 * 60 / budget.pace(now)
        rows += [
            row("bound for a firm with one invoice (two rounds, two kinds of steps)", bound, "s"),
            row("ours: worked off in, by the moved clock", (town() - now) / MINUTE, "min"),
            row("ours: the same, by the clock on the wall", took / 60, "min"),
        ]
        rows.append(row("ours: delivered", delivered(), "invoices"))
        if asked.naive:
            there.move(timedelta(minutes=2))
            town = Town(there.now, asked.lanes, there.move)
            jobs = [
                (cui, document_of(cui, f"NV {number:05}"), town() + late)
                for cui, size, late in zip(cuis, sizes, arrivals(sizes, asked.seed), strict=True)
                for number in range(size)
            ]
            began = town()
            with wire(town, asked.seed) as calls:
                waited = naive(town, asked.lanes, hosts(), facts["token"], jobs)
            rows += figures("naive", calls, len(jobs), waited)
            rows.append(row("naive: worked off in, by the moved clock", (town() - began) / MINUTE, "min"))
    return rows


def delivered() -> int:
    from punte.web.delivery.models import State, Submission

    return Submission.objects.filter(state=State.ACCEPTED, package__isnull=False, attempts__number=1).count()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=500)
    parser.add_argument("--invoices", type=int, default=20_000)
    parser.add_argument("--beside", type=int, default=1_200, help="of both clients, one after the other; 0: without")
    parser.add_argument("--lanes", type=int, default=16)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)  # in the process that measures
    parser.add_argument("--naive", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps(measure(asked)))
        return
    tables = {f"{asked.invoices} invoices of {asked.firms} firms": run(asked)}
    if asked.beside:
        asked.firms, asked.invoices, asked.lanes, asked.naive = asked.beside // 20, asked.beside, BESIDE_LANES, True
        tables[f"{asked.invoices} of {asked.firms}, {asked.lanes} lanes, ours and the naive client's"] = run(asked)
    if asked.json:
        print(json.dumps([entry for rows in tables.values() for entry in rows]))
        return
    for title, rows in tables.items():
        print(title)
        for entry in rows:
            print(f"  {entry['what']:<66} {entry['value']:>10.2f} {entry['unit']}".rstrip())


def run(asked: argparse.Namespace) -> list[Row]:
    """`measure`, in a process and with a database of its own."""
    from tests.on_postgres import binaries, cluster

    programs = binaries() if asked.postgres else None
    if asked.postgres and programs is None:
        sys.exit("PostgreSQL is missing (Debian: apt install postgresql)")
    # in memory: the clock is moved, and what a disk takes has no part in the figures
    memory = Path("/dev/shm")
    parent = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=parent) as folder, cluster(programs) if programs else nullcontext("") as url:
        (Path(folder) / "static").mkdir()
        env = os.environ | {"PUNTE_DATA_DIR": folder, "PUNTE_ANAF": "custom", "PUNTE_BASE_URL": "http://localhost"}
        env |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "punte.web.config.settings"}
        numbers = {"firms": asked.firms, "invoices": asked.invoices, "lanes": asked.lanes, "seed": asked.seed}
        command = [sys.executable, "-m", "benchmarks.limit", "--here", *(f"--{n}={v}" for n, v in numbers.items())]
        command += ["--naive"] if asked.naive else []
        said = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
    found: list[Row] = json.loads(said.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()

"""The installation in Prometheus' words. All of it out of the database, so any web server answers for all hosts.

What each measure means and which alarms to set: docs/operare/supraveghere.md.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum
from django.db.models.functions import Length
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from punte import __version__
from punte.web.archive.models import SealedPackage
from punte.web.connection.models import Authorization, Right
from punte.web.delivery.models import Submission
from punte.web.limits import table
from punte.web.limits.budget import pace as budget_of_the_minute
from punte.web.limits.clock import now as clock
from punte.web.limits.models import DayUse, Pace

from . import health
from .models import Tally
from .tallies import WITHIN

SOON = timedelta(days=14)  # a consent or certificate that ends
LEASE_LOST = "another worker took over"  # the line of `delivery.worker`
SELDOM = 60.0  # seconds for which what reads whole tables is kept


def page() -> bytes:
    """The text format, version 0.0.4."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Installation())
    return generate_latest(registry)


class Installation(Collector):
    def collect(self) -> Iterator[Metric]:
        now = clock()
        found = health.measure()
        yield _gauge("punte_info", "Edition that answers", [((__version__,), 1)], ["edition"])
        yield GaugeMetricFamily("punte_workers", "Workers that beat", found.workers)
        yield GaugeMetricFamily("punte_workers_silent", "Workers that fell silent within the hour", found.silent)
        yield GaugeMetricFamily("punte_queue_oldest_seconds", "Age of the oldest due delivery", found.due_seconds or 0)
        yield _gauge("punte_deliveries_open", "Deliveries under way", under_way(), ["state", "waiting_for"])
        yield _gauge("punte_deliveries", "Deliveries by state", seldom(by_state), ["state"])
        packages, here, size = seldom(archive)[0]
        yield GaugeMetricFamily("punte_archive_packages", "Sealed packages kept", packages)
        yield GaugeMetricFamily("punte_archive_packages_in_database", "Of them, those whose bytes a row holds", here)
        yield GaugeMetricFamily("punte_archive_bytes_in_database", "Bytes of those rows", size)
        yield _gauge("punte_connections", "Living authorisations by problem", connections(), ["problem"])
        yield GaugeMetricFamily("punte_connections_ending", "Consents that end within 14 days", ending(now))
        yield _gauge("punte_rights", "Rights on firms in SPV", rights(), ["state"])
        yield from budget(now)
        yield from calls()
        yield from lines()


Rows = list[tuple[tuple[str, ...], float]]


def under_way() -> Rows:
    rows = Submission.objects.exclude(due_at=None).values_list("state", "waiting_for").annotate(n=Count("pk"))
    return [((state, waiting_for), n) for state, waiting_for, n in rows.order_by()]


def by_state() -> Rows:
    return [((state,), n) for state, n in Submission.objects.order_by().values_list("state").annotate(n=Count("pk"))]


def archive() -> list[tuple[int, int, int]]:
    """Packages kept; those of them whose bytes the database holds, and how many. What lies in a folder or in S3 is not
    weighed: that takes a listing of the whole store, and the disk and the bucket have measures of their own."""
    kept = SealedPackage.objects.filter(removed_at=None)
    found = kept.aggregate(packages=Count("pk"), here=Count("pk", filter=~Q(held=b"")), size=Sum(Length("held")))
    return [(found["packages"], found["here"], found["size"] or 0)]


def connections() -> Rows:
    rows = Authorization.objects.live().order_by().values_list("problem").annotate(n=Count("pk"))
    return [((problem or "none",), n) for problem, n in rows]


def ending(now: datetime) -> int:
    soon = Q(renewal_due_at__lte=now + SOON) | Q(certificate_until__lte=(now + SOON).date())
    return Authorization.objects.live().filter(soon).count()


def rights() -> Rows:
    rows = Right.objects.filter(authorization__ended_at=None).order_by().values_list("state").annotate(n=Count("pk"))
    return [((state,), n) for state, n in rows]


def budget(now: datetime) -> Iterator[Metric]:
    """How much of ANAF's minute each application has given out ahead of time, and the days that ANAF has closed."""
    pace = budget_of_the_minute(now)
    yield GaugeMetricFamily("punte_budget_calls_a_minute", "Calls in a minute that we allow ourselves", pace)
    waits = []
    for row in Pace.objects.order_by("application"):
        name = hashlib.sha256(row.application.encode()).hexdigest()[:8]  # told apart, not told
        waits.append(((name,), max(0.0, row.free_at / 1_000_000 - now.timestamp())))
    yield _gauge("punte_budget_wait_seconds", "Wait for the next free slot", waits, ["application"])
    stopped = DayUse.objects.filter(day=table.day_of(now), stopped=True).count()
    yield GaugeMetricFamily("punte_budget_days_stopped", "Subjects closed by ANAF until midnight", stopped)


def calls() -> Iterator[Metric]:
    """ANAF's answers: latency by operation and outcome, as a histogram whose counts only grow."""
    family = HistogramMetricFamily(
        "punte_anaf_seconds", "Calls to ANAF by operation and outcome", labels=["operation", "outcome"]
    )
    found: dict[tuple[str, str], dict[float, Tally]] = defaultdict(dict)
    for tally in Tally.objects.filter(of="anaf"):
        found[tally.name, tally.outcome][tally.within] = tally
    for labels, tallies in sorted(found.items()):
        so_far, buckets = 0, []
        for bound in WITHIN:
            so_far += tallies[bound].times if bound in tallies else 0
            buckets.append((str(bound), float(so_far)))
        buckets.append(("+Inf", float(so_far)))
        family.add_metric(list(labels), buckets, sum(tally.seconds for tally in tallies.values()))
    yield family


def lines() -> Iterator[Metric]:
    """Log lines from warning up, and of these the lost leases by themselves."""
    family = CounterMetricFamily("punte_log_lines", "Log lines from warning up", labels=["event", "level"])
    lost = 0
    for tally in Tally.objects.filter(of="log").order_by("name", "outcome"):
        family.add_metric([tally.name, tally.outcome], tally.times)
        lost += tally.times if tally.name == LEASE_LOST else 0
    yield family
    yield CounterMetricFamily("punte_leases_lost", "Steps whose worker was overtaken by another", lost)


def _gauge(name: str, says: str, rows: Iterable[tuple[tuple[str, ...], float]], labels: list[str]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=labels)
    for values, number in rows:
        family.add_metric(list(values), number)
    return family


_kept: dict[Callable[[], list], tuple[float, list]] = {}  # type: ignore[type-arg]


def seldom(read: Callable[[], list]) -> list:  # type: ignore[type-arg]
    at, rows = _kept.get(read, (float("-inf"), []))
    if time.monotonic() - at > SELDOM:
        rows = read()
        _kept[read] = (time.monotonic(), rows)
    return rows

"""10,000 firms, hourly listings, downloads of what came: what of ANAF's 1,000 calls a minute is left for uploads.

A simulation by events with a moved clock. The product's own functions decide: `spv.listing.next_due` when a firm is
listed again, `limits.budget.reserve` (on SQLite) when a call may leave. Modelled are ANAF's answering times,
the lanes of the workers and the arrival of documents; no call is made. It begins as after an outage: every firm is due
at once. `benchmarks.limit` has the product's real calls over sockets, at fewer firms.

    python -m benchmarks.firms [--firms N] [--hours H] [--lanes N] [--a-month N] [--seed N] [--json]
"""

from __future__ import annotations

import argparse
import heapq
import json
import os
import random
import tempfile
from collections import deque
from datetime import UTC, datetime, timedelta
from itertools import repeat

from benchmarks.timing import Row, row

APPLICATION = "client id"
PERMITTED = 1000  # calls a minute
LISTING, DOWNLOAD = "listing", "download"
SECONDS = {LISTING: (0.2, 1.0), DOWNLOAD: (0.2, 1.5)}  # ANAF's answering time, least and most
OFFICE_HOURS = 8  # of a day: suppliers file then, so an hour may bring three times the day's mean


def simulate(asked: argparse.Namespace) -> list[Row]:
    from punte.anaf.errors import RateLimited
    from punte.web.limits import budget
    from punte.web.spv import listing

    chance = random.Random(asked.seed)
    random.seed(asked.seed)  # the product's own jitter
    start = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    end = start + timedelta(hours=asked.hours)
    an_hour = asked.a_month / 22 / OFFICE_HOURS  # documents that a firm receives in an office hour
    due: list[tuple[datetime, int, str, int]] = [(start, number, LISTING, number) for number in range(asked.firms)]
    order = asked.firms
    lanes = [start] * asked.lanes
    listed = dict.fromkeys(range(asked.firms), start)
    gaps: list[float] = []
    waits: list[float] = []
    calls: dict[str, list[datetime]] = {LISTING: [], DOWNLOAD: []}
    while due and due[0][0] < end:
        at, _, kind, firm = heapq.heappop(due)
        now = max(at, heapq.heappop(lanes))
        try:
            slot = budget.reserve(APPLICATION, repeat(now).__next__)
        except RateLimited as limited:
            heapq.heappush(lanes, now)
            order += 1
            heapq.heappush(due, (limited.until, order, kind, firm))
            continue
        calls[kind].append(slot)
        ended = slot + timedelta(seconds=chance.uniform(*SECONDS[kind]))
        heapq.heappush(lanes, ended)
        order += 1
        if kind == DOWNLOAD:
            waits.append((ended - listed[firm]).total_seconds())
            continue
        hours = (ended - listed[firm]) / timedelta(hours=1)
        if listed[firm] != start:
            gaps.append(hours * 60)
        listed[firm] = ended
        heapq.heappush(due, (listing.next_due(firm, ended), order, LISTING, firm))
        for _ in range(poisson(chance, an_hour * hours)):
            order += 1
            heapq.heappush(due, (ended, order, DOWNLOAD, firm))
    return told(asked, start, end, calls, gaps, waits)


def poisson(chance: random.Random, mean: float) -> int:
    """How many come where `mean` are expected (Knuth)."""
    number, left = 0, chance.expovariate(1.0)
    while left < mean:
        number, left = number + 1, left + chance.expovariate(1.0)
    return number


def told(
    asked: argparse.Namespace,
    start: datetime,
    end: datetime,
    calls: dict[str, list[datetime]],
    gaps: list[float],
    waits: list[float],
) -> list[Row]:
    minutes = asked.hours * 60
    settled = [at for kind in calls.values() for at in kind if at >= start + timedelta(hours=1)]
    share = {kind: len(made) / minutes / PERMITTED * 100 for kind, made in calls.items()}
    return [
        row("firms", asked.firms, ""),
        row("hours", asked.hours, ""),
        row("share of 1,000 a minute: listings", share[LISTING], "%"),
        row("share of 1,000 a minute: downloads", share[DOWNLOAD], "%"),
        row("left for uploads, watching and the rest", 100 - sum(share.values()), "%"),
        row("  as uploads an hour, at 2 calls a delivered invoice", (100 - sum(share.values())) / 100 * 60_000 / 2, ""),
        row("most calls in any 60 s", fullest([at for kind in calls.values() for at in kind]), ""),
        row("  the same from the second hour on", fullest(settled), ""),
        row("all firms listed once after the outage, in", after(calls[LISTING], asked.firms, start), "min"),
        row("between two listings of a firm: median", sorted(gaps)[len(gaps) // 2], "min"),
        row("between two listings of a firm: worst", max(gaps), "min"),
        row("from listing to download: worst", max(waits, default=0.0) / 60, "min"),
    ]


def fullest(times: list[datetime]) -> int:
    """The most calls in any 60 s, as ANAF counts."""
    window: deque[datetime] = deque()
    most = 0
    for at in sorted(times):
        window.append(at)
        while at - window[0] >= timedelta(minutes=1):
            window.popleft()
        most = max(most, len(window))
    return most


def after(listings: list[datetime], firms: int, start: datetime) -> float:
    return (sorted(listings)[firms - 1] - start) / timedelta(minutes=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=10_000)
    parser.add_argument("--hours", type=int, default=4)
    parser.add_argument("--lanes", type=int, default=24, help="of all workers together: PUNTE_ANAF_IN_FLIGHT less one")
    parser.add_argument("--a-month", type=int, default=60, help="documents that a firm receives in a month")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PUNTE_DATA_DIR": folder, "PUNTE_ANAF": "test", "DATABASE_URL": "sqlite://:memory:"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "punte.web.config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        rows = simulate(asked)
    if asked.json:
        print(json.dumps(rows, indent=1))
        return
    for entry in rows:
        print(f"  {entry['what']:<56} {entry['value']:>10.2f} {entry['unit']}".rstrip())


if __name__ == "__main__":
    main()

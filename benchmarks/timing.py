"""Times of calls side by side, facts about a fresh process, and documents to measure with."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from punte.en16931 import read_ubl, write_ubl
from punte.en16931.totals import compute

EXAMPLE: Final = Path(__file__).parents[1] / "tests" / "data" / "ubl" / "examples" / "minimal-invoice.xml"

Row = dict[str, Any]


def row(what: str, value: float, unit: str) -> Row:
    return {"what": what, "value": value, "unit": unit}


def skipped(what: str, why: str) -> Row:
    return {"what": f"{what}: skipped, {why}", "value": None, "unit": ""}


def median_ms(call: Callable[[], object], runs: int = 15, least: float = 0.02) -> float:
    """Milliseconds of one call: the median of `runs` samples, each as many calls as fill `least` seconds."""
    return side_by_side(call, runs=runs, least=least)[0]


def side_by_side(*calls: Callable[[], object], runs: int = 15, least: float = 0.02) -> list[float]:
    """Milliseconds of each call. The samples take turns, so that a noisy moment of the machine falls on all."""
    for call in calls:
        call()
    repeats = [max(1, int(least / max(_seconds(call, 1), 1e-7))) for call in calls]
    samples: list[list[float]] = [[] for _ in calls]
    for _ in range(runs):
        for call, repeat, sample in zip(calls, repeats, samples, strict=True):
            sample.append(_seconds(call, repeat) / repeat)
    return [statistics.median(sample) * 1000 for sample in samples]


def _seconds(call: Callable[[], object], repeat: int) -> float:
    began = time.perf_counter()
    for _ in range(repeat):
        call()
    return time.perf_counter() - began


def fresh(script: str, *arguments: str, runs: int = 3) -> tuple[float, Any]:
    """A script in a process of its own: seconds from start to end, the median of `runs`, and the JSON it printed last.

    Raises CalledProcessError: it failed; its words are in `stderr`.
    """
    seconds, said = [], ""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(runs):  # the first may compile, as an installation does
        began = time.perf_counter()
        said = subprocess.run(
            [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True, env=environment
        ).stdout
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), json.loads(said.splitlines()[-1])


#: for scripts of `fresh`: what this process holds, in MB. The kernel's own peak would include the parent's.
RESIDENT: Final = """
def resident():
    import re
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
"""


@cache
def invoice_of(lines: int) -> bytes:
    """A valid invoice with so many lines, no two alike; its totals are theirs."""
    invoice = read_ubl(EXAMPLE.read_bytes())
    first = invoice.lines[0]
    rows = tuple(
        replace(
            first,
            identifier=str(n),
            quantity=first.quantity * n,
            net_amount=first.net_amount * n,
            item=replace(first.item, name=f"{first.item.name} {n}"),
        )
        for n in range(1, lines + 1)
    )
    totals, breakdown = compute(rows)
    return write_ubl(replace(invoice, lines=rows, totals=totals, vat_breakdown=breakdown))

"""The median time of a call, and documents to time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "tests" / "data" / "ubl" / "examples" / "minimal-invoice.xml"


def median_ms(call: Callable[[], object], runs: int = 15, least: float = 0.02) -> float:
    """Milliseconds of one call: the median of `runs` samples, each as many calls as fill `least` seconds."""
    call()
    began = time.perf_counter()
    call()
    repeat = max(1, int(least / max(time.perf_counter() - began, 1e-7)))
    samples = []
    for _ in range(runs):
        began = time.perf_counter()
        for _ in range(repeat):
            call()
        samples.append((time.perf_counter() - began) / repeat)
    return statistics.median(samples) * 1000


def invoice_of(lines: int) -> bytes:
    """A valid invoice with so many equal lines; its totals are theirs."""
    from dataclasses import replace

    from punte.en16931 import read_ubl, write_ubl
    from punte.en16931.totals import compute

    invoice = read_ubl(EXAMPLE.read_bytes())
    rows = tuple(replace(invoice.lines[0], identifier=str(n)) for n in range(1, lines + 1))
    totals, breakdown = compute(rows)
    return write_ubl(replace(invoice, lines=rows, totals=totals, vat_breakdown=breakdown))

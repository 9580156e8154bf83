"""Many documents: memory while 10,000 are checked, and documents per second with one process per core."""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from punte.romania import check

from .timing import RESIDENT, Row, fresh, invoice_of, row

#: peak memory after the 1,000th and the 10,000th document; no two are alike
MEMORY = f"""{RESIDENT}
import json, sys
from punte.romania import check
xml = open(sys.argv[1], "rb").read()
peaks = []
for n in range(1, 10_001):
    report = check(xml.replace(b"Produs", b"Produs %d" % n).replace(b"Client", b"Client %d" % n))
    assert not report.fatal and not report.structure
    if n in (1_000, 10_000):
        peaks.append(resident())
print(json.dumps(peaks))
"""


def run() -> list[Row]:
    with TemporaryDirectory() as folder:
        example = Path(folder) / "10.xml"
        example.write_bytes(invoice_of(10))
        _, (early, late) = fresh(MEMORY, str(example), runs=1)
        paths = []
        for n in range(2000):
            paths.append(str(Path(folder) / f"{n}.xml"))
            Path(paths[-1]).write_bytes(invoice_of(10).replace(b"Client", b"Client %d" % n))
        cores = len(os.sched_getaffinity(0))
        alone, together = _per_second(paths, 1), _per_second(paths, cores)
    return [
        row("peak memory after 1,000 documents", early, "MB"),
        row("peak memory after 10,000 documents", late, "MB"),
        row("directory of 10-line documents, 1 process", alone, "/s"),
        row(f"directory of 10-line documents, {cores} processes", together, "/s"),
        row(f"scaling over {cores} cores", together / alone, "x"),
    ]


def _accepts(path: str) -> bool:
    report = check(Path(path).read_bytes())
    return not report.fatal and not report.structure


def _per_second(paths: list[str], processes: int) -> float:
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(_accepts, paths[: 20 * processes]))  # each has started and knows the rules
        began = time.perf_counter()
        assert all(pool.map(_accepts, paths, chunksize=50))
        return len(paths) / (time.perf_counter() - began)

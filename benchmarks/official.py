"""`check` beside the official rules as XSLT, run by Saxon: warm, and from a fresh process.

The official stylesheet is not ours to distribute: its path is in PUNTE_OFFICIAL_XSLT. Saxon is the package saxonche;
`PYTHONPATH` may lead to it.
"""

from __future__ import annotations

import os
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from punte.romania import check

from .timing import RESIDENT, Row, fresh, invoice_of, median_ms, row, skipped

LINES = (10, 100, 1000)

OURS = f"""{RESIDENT}
import json, sys
from punte.romania import check
assert not check(open(sys.argv[1], "rb").read()).fatal
print(json.dumps(resident()))
"""

#: judges the documents named after the stylesheet, each so often that the median is steady
OFFICIAL = f"""{RESIDENT}
import json, statistics, sys, time
from saxonche import PySaxonProcessor
processor = PySaxonProcessor(license=False)
rules = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=sys.argv[1])
def judge(xml):
    verdict = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml))
    assert "schematron-output" in verdict and 'flag="fatal"' not in verdict
warm = []
for path in sys.argv[3:]:
    xml, times = open(path, encoding="utf-8").read(), []
    for _ in range(int(sys.argv[2])):
        began = time.perf_counter()
        judge(xml)
        times.append((time.perf_counter() - began) * 1000)
    warm.append(statistics.median(times[len(times) // 2 :]))
print(json.dumps([resident(), warm]))
"""


def run() -> list[Row]:
    with TemporaryDirectory() as folder:
        paths = []
        for lines in LINES:
            path = Path(folder) / f"{lines}.xml"
            path.write_bytes(invoice_of(lines))
            paths.append(str(path))
        first, held = fresh(OURS, paths[0])
        rows = [row("first verdict, fresh process", first * 1000, "ms"), row("memory after it", held, "MB")]
        stylesheet = os.environ.get("PUNTE_OFFICIAL_XSLT")
        if not stylesheet:
            return [*rows, skipped("official rules", "PUNTE_OFFICIAL_XSLT names no stylesheet")]
        if find_spec("saxonche") is None:
            return [*rows, skipped("official rules", "saxonche is not installed")]
        theirs, they_hold = fresh(OFFICIAL, stylesheet, "1", paths[0])
        rows += [
            row("official rules by Saxon: first verdict", theirs * 1000, "ms"),
            row("official rules by Saxon: memory after it", they_hold[0], "MB"),
            row("first verdict, ours / official", first / theirs, "x"),
        ]
        # the two take turns, so that a noisy moment of the machine falls on both
        turns: dict[int, list[tuple[float, float]]] = {lines: [] for lines in LINES}
        for _ in range(5):
            _, (_, warm) = fresh(OFFICIAL, stylesheet, "20", *paths, runs=1)
            for lines, official in zip(LINES, warm, strict=True):
                turns[lines].append((official, median_ms(partial(check, invoice_of(lines)))))
        for lines, pairs in turns.items():
            saxon = median(official for official, _ in pairs)
            rows.append(row(f"official rules by Saxon, warm, {lines} lines", saxon, "ms"))
            ratio = median(official / ours for official, ours in pairs)
            rows.append(row(f"warm, official / ours, {lines} lines", ratio, "x"))
        return rows

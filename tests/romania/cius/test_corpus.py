"""Our verdicts beside the official ones, on invented invoices with one to three faults each.

`ciusro-train`: documents with the ids that the official rules of edition 1.0.9 report, as run by a Schematron
processor. `ciusro-abort`: documents on which that processor stops with an error.
"""

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from punte.romania import check

CORPUS = Path(__file__).parents[2] / "data" / "corpus"

#: documents whose fatal and warning ids equal the official ones, of 3000; may only go up
AGREEING = 3000


def documents(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(CORPUS / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def test_verdicts_agree_with_the_official_ones(capsys):
    total = agreeing = 0
    missed, invented = Counter[str](), Counter[str]()
    for document in documents("ciusro-train"):
        report = check(document["xml"].encode(), ruleset="1.0.9")
        ours = {finding.rule for finding in report.fatal}, {finding.rule for finding in report.warnings}
        official = set(document["fatal"]), set(document["warning"])
        total += 1
        agreeing += ours == official
        missed.update((official[0] | official[1]) - (ours[0] | ours[1]))
        invented.update((ours[0] | ours[1]) - (official[0] | official[1]))
    lines = [f"corpus: {agreeing} of {total} documents agree ({agreeing / total:.2%})"]
    for what, ids in (("missed", missed), ("invented", invented)):
        lines += [f"  {what}: {rule} in {count} documents" for rule, count in ids.most_common(20)]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert agreeing >= AGREEING


def test_where_the_official_processor_stops_we_refuse_and_say_why():
    for document in documents("ciusro-abort"):
        report = check(document["xml"].encode())
        kind = {"FORG0001": "PUNTE-ABORT-VALUE", "XPTY0004": "PUNTE-ABORT-SEVERAL"}[document["error"]]
        reasons = {finding.rule for finding in report.fatal if finding.rule.startswith("PUNTE-ABORT-")}
        assert reasons, document["id"]
        # a document may stop for both reasons; the official one is among ours
        assert kind in reasons, document["id"]

"""What was learned of earlier documents makes the judge faster, and changes nothing of what it says."""

import gzip
import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from fuzz.hostile import mutated
from punte.en16931 import read_ubl, write_ubl
from punte.en16931.rules.parts import PartNode
from punte.en16931.rules.values import NoVerdict
from punte.en16931.ubl.document import NotUbl, parse
from punte.romania.cius.rulesets import ruleset_named

DATA = Path(__file__).parents[2] / "data"
MINIMAL = DATA / "ubl" / "examples" / "minimal-invoice.xml"


@pytest.fixture(scope="module")
def edition():
    return ruleset_named("1.0.9")


@pytest.fixture(scope="module")
def documents():
    with gzip.open(DATA / "corpus" / "ciusro-train.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["xml"].encode() for line in islice(lines, 0, None, 15)]


def by_walk_and_by_parts(edition, xml):
    root = parse(xml)
    return edition.findings_and_faults(root), edition.findings_and_faults(root, xml)


def lines_of(edition, xml):
    view = edition._judge._places.view(parse(xml), xml)
    return view.document.root.select("cac:InvoiceLine")


def test_documents_of_known_parts_are_judged_as_unknown_ones(edition, documents):
    for _ in range(2):  # the second time, the sound parts are known
        for xml in documents:
            walk, parts = by_walk_and_by_parts(edition, xml)
            assert walk == parts, xml.decode()


def test_mutants_are_judged_the_same(edition):
    judged = 0
    for n in range(300):
        try:
            walk, parts = by_walk_and_by_parts(edition, xml := mutated(f"parts:{n}"))
        except NotUbl:
            continue
        judged += 1
        assert walk == parts, xml.decode(errors="replace")
    assert judged > 70


def test_lines_with_a_known_skeleton_are_not_walked(edition):
    xml = MINIMAL.read_bytes()
    for _ in range(2):
        assert not edition.findings_and_faults(parse(xml), xml)[0]
    other = xml.replace(b">Consultan", b">Alt fel de consultan")
    assert all(isinstance(line, PartNode) for line in lines_of(edition, other))


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        (b'unitCode="H87">1<', b'unitCode="H87">1,5<', "UBL-TYPE"),
        (b'<cbc:PriceAmount currencyID="RON">', b'<cbc:PriceAmount currencyID="RON">-', "BR-27"),
        (b"<cbc:ID>S</cbc:ID>", b"<cbc:ID>X</cbc:ID>", "BR-CL-18"),
    ],
)
def test_a_word_that_does_not_pass_is_told_with_its_line(edition, before, after, rule):
    invoice = read_ubl(MINIMAL.read_bytes())
    xml = write_ubl(invoice)
    for _ in range(2):
        edition.findings_and_faults(parse(xml), xml)
    where = xml.index(before, xml.index(b"<cac:InvoiceLine>")) if before in xml else pytest.fail("not in the document")
    broken = xml[:where] + after + xml[where + len(before) :]
    findings, faults = edition.findings_and_faults(parse(broken), broken)
    found = next(finding for finding in (*findings, *faults) if finding.rule == rule)
    assert found.line == broken[:where].count(b"\n") + 1
    assert "/cac:InvoiceLine" in found.location


def test_a_rule_that_asks_of_a_text_alone_says_what_it_says_of_the_element(edition, documents):
    asked = 0
    for xml in documents[::2]:
        view = edition._judge._places.view(parse(xml))
        for node, build in view.asked:
            for rule in build.settle(node, view.document) if build.rules is None else build.rules:
                found = node.select(*rule.field) if rule.field else [node]
                if rule.text is None or len(found) != 1:
                    continue
                asked += 1
                assert verdict(rule.holds, node, view.document) == verdict(rule.text, found[0].text), rule.id
    assert asked > 1000


def verdict(question, *of):
    try:
        return bool(question(*of))
    except NoVerdict as stop:
        return stop.reason


DIGEST = """
import hashlib, sys
from fuzz.hostile import mutated
from punte.en16931 import NotUbl
from punte.romania import check
said = hashlib.sha256()
for n in range(25):
    try:
        report = check(mutated(f"order:{n}"))
    except NotUbl:
        continue
    said.update(repr((report.findings, report.structure)).encode())
print(said.hexdigest())
"""


def test_findings_stand_in_one_order_whatever_the_hash_seed():
    digests = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        run = subprocess.run(
            [sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True, env=environment
        )
        digests.add(run.stdout)
    assert len(digests) == 1

"""Explanations of what the corpus breaks: filled, short, and about the place."""

import gzip
import json
import re
from pathlib import Path

import pytest

from punte.en16931.rules.rule import Finding
from punte.romania import check
from punte.romania.explain import explain

CORPUS = Path(__file__).parents[2] / "data" / "corpus"
LONGEST = 220  # characters of a sentence


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    """Of every seventh document, and of all that stop the official processor."""
    found = []
    for name, step in (("ciusro-train", 7), ("ciusro-abort", 1)):
        with gzip.open(CORPUS / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in list(lines)[::step]:
                report = check(json.loads(line)["xml"].encode())
                found += [*report.findings, *report.structure]
    return found


@pytest.mark.parametrize("language", ["ro", "en"])
def test_every_finding_of_the_corpus_is_explained(findings, language):
    assert len({finding.rule for finding in findings}) > 600
    for finding in findings:
        told = explain(finding, language=language)
        for text in (told.what, told.why, told.now, told.field):
            assert text
            assert not re.search(r"[{}]|None|\bc[ab]c:|  ", text), (finding, text)
            assert text[0].isupper() or not text[0].isalpha(), (finding, text)
            for sentence in re.split(r"(?<=[.!?]) (?=[A-ZȘȚÎ])", text):
                assert len(sentence) <= LONGEST, (finding, sentence)


def test_a_line_is_named_where_there_is_one(findings):
    on_lines = [finding for finding in findings if re.search(r"Line\[\d+\]/.*cbc:Percent", finding.location)]
    assert on_lines
    for finding in on_lines:
        line = re.search(r"Line\[(\d+)\]", finding.location)
        assert re.search(rf"rândul {line[1]}\b", explain(finding).what, re.IGNORECASE), finding

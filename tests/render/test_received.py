"""Any received invoice: the documents of the corpus, none of which we wrote, each as page and in the terminal."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from punte.en16931 import NotUbl, read_ubl
from punte.en16931.model import Invoice
from punte.render import pdf
from punte.render.sheet import sheet
from punte.render.terminal import show
from punte.render.wording import Wording, wording

CORPUS = Path(__file__).parents[1] / "data" / "corpus"

# What a person does not need on the copy, or reads in words instead of the code that stands there.
NOT_SHOWN = {
    "specification", "business_process", "subject_code", "electronic_address", "scheme", "scheme_version",
    "mime_code", "content", "identifier:Line",                      # lines are counted on the page
}  # fmt: skip
IN_WORDS = {
    "kind", "type_code", "vat_accounting_currency", "vat_point_date_code", "means_code", "means_text", "unit",
    "base_quantity_unit", "vat_category", "category", "country", "subdivision", "country_of_origin", "city",
    "reason_code", "exemption_reason_code", "vat_rate", "rate",
}  # fmt: skip
# Amounts that another row repeats; a person reads them there.
REPEATED = {"allowances:Totals", "charges:Totals", "line_net_amount:Totals", "vat:Totals"}


@cache
def documents(every: int) -> list[tuple[str, bytes, Invoice]]:
    """Each so-manieth document of the corpus that can be read."""
    found = []
    for name in ("ciusro-train", "ciusro-abort"):
        with gzip.open(CORPUS / f"{name}.jsonl.gz", "rt", encoding="utf-8") as rows:
            for index, row in enumerate(rows):
                if index % every:
                    continue
                document = json.loads(row)
                xml = document["xml"].encode()
                try:
                    found.append((document["id"], xml, read_ubl(xml)))
                except NotUbl:
                    continue
    return found


def values(part: Any) -> Iterator[tuple[str, Any]]:
    """Each value of a document with the name of its field."""
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name in NOT_SHOWN or f"{field.name}:{type(part).__name__}" in NOT_SHOWN | REPEATED:
            continue
        for one in value if isinstance(value, tuple) else (value,):
            if is_dataclass(one):
                yield from values(one)
            elif one is not None and field.name not in IN_WORDS:
                yield field.name, one


def forms(value: Any, words: Wording) -> set[str]:
    """How `value` may be written on the page, without white space."""
    if isinstance(value, date):
        return {words.date(value).replace(" ", ""), f"{value.day}–"}  # `1–30 noiembrie 2026`
    if isinstance(value, Decimal):
        size = abs(value)
        return {"".join(words.amount(size).split()), words.number(size, "#,##0")}
    text = "".join(value.split())
    return {text, text.removeprefix("RO")}


@pytest.mark.parametrize("language", ["ro", "en"])
def test_every_value_a_person_needs_is_shown(language: str) -> None:
    words = wording(language)
    sample = documents(20)
    assert len(sample) > 140
    for name, _, invoice in sample:
        page = "".join(json.dumps(sheet(invoice, words, with_xml=False), ensure_ascii=False).split())
        page = page.replace("\\n", "").replace('\\"', '"').replace("\\\\", "\\")
        for field, value in values(invoice):
            if value in (0, 1, "0000000000000"):  # no rounding, per one piece, a consumer's thirteen zeros
                continue
            assert any(form in page for form in forms(value, words)), (name, field, value)


@pytest.mark.parametrize("language", ["ro", "ro-en"])
def test_a_sample_becomes_pages(language: str) -> None:
    for name, xml, invoice in documents(120):
        assert pdf(invoice, xml=xml, language=language).startswith(b"%PDF-"), name


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_sample_stays_within_the_terminal(width: int) -> None:
    for name, _, invoice in documents(100):
        assert max(map(len, show(invoice, width=width).splitlines())) <= width, name

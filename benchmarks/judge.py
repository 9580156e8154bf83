"""What `check` costs beside bare parsing of the same bytes, and how it grows with the lines."""

from __future__ import annotations

from typing import Any

from lxml import etree

from punte.en16931 import read_ubl, write_ubl
from punte.romania import check

from .timing import invoice_of, median_ms


def run() -> list[dict[str, Any]]:
    rows, times = [], {}
    for lines in (10, 100, 1000):
        xml = invoice_of(lines)
        assert not check(xml).findings, "the document of the benchmark is valid"
        times[lines] = median_ms(lambda xml=xml: check(xml))
        parse = median_ms(lambda xml=xml: etree.fromstring(xml))
        rows.append({"what": f"check, {lines} lines", "value": times[lines], "unit": "ms"})
        rows.append({"what": f"check / lxml parse, {lines} lines", "value": times[lines] / parse, "unit": "x"})
    rows.append({"what": "check, 1000 lines / 100 lines", "value": times[1000] / times[100], "unit": "x"})
    xml = invoice_of(10)
    invoice = read_ubl(xml)
    rows.append(
        {"what": "read_ubl / check, 10 lines", "value": median_ms(lambda: read_ubl(xml)) / times[10], "unit": "x"}
    )
    rows.append(
        {"what": "write_ubl / check, 10 lines", "value": median_ms(lambda: write_ubl(invoice)) / times[10], "unit": "x"}
    )
    return rows

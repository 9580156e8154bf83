"""What `check` costs beside bare parsing of the same bytes, and how it grows with the lines."""

from __future__ import annotations

from functools import partial

from lxml import etree

from punte.romania import check

from .timing import Row, invoice_of, row, side_by_side


def run() -> list[Row]:
    rows, times = [], {}
    for lines in (10, 100, 1000):
        xml = invoice_of(lines)
        assert not check(xml).findings, "the document of the benchmark is valid"
        parse, times[lines] = side_by_side(partial(etree.fromstring, xml), partial(check, xml))
        rows.append(row(f"check, {lines} lines", times[lines], "ms"))
        rows.append(row(f"check / lxml parse, {lines} lines", times[lines] / parse, "x"))
    few, many = side_by_side(lambda: check(invoice_of(100)), lambda: check(invoice_of(1000)))
    rows.append(row("check, 1000 lines / 100 lines", many / few, "x"))
    return rows

"""What reading and writing cost, beside bare parsing."""

from __future__ import annotations

from functools import partial

from lxml import etree

from punte.en16931 import read_ubl, write_ubl

from .timing import Row, invoice_of, row, side_by_side


def run() -> list[Row]:
    rows = []
    for lines in (10, 1000):
        xml = invoice_of(lines)
        invoice = read_ubl(xml)
        parse, read, write = side_by_side(
            partial(etree.fromstring, xml),
            partial(read_ubl, xml),
            partial(write_ubl, invoice),
        )
        rows += [
            row(f"read_ubl, {lines} lines", read, "ms"),
            row(f"read_ubl / lxml parse, {lines} lines", read / parse, "x"),
            row(f"write_ubl, {lines} lines", write, "ms"),
            row(f"write_ubl / lxml parse, {lines} lines", write / parse, "x"),
        ]
    return rows

"""What the human copy costs: in a fresh process, warm, by lines; beside WeasyPrint where it is installed."""

from __future__ import annotations

from functools import partial
from html import escape
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from punte.en16931 import read_ubl
from punte.render import pdf

from .timing import RESIDENT, Row, fresh, invoice_of, median_ms, row, skipped

COLD = f"""{RESIDENT}
import json, sys
from punte.en16931 import read_ubl
from punte.render import pdf
xml = open(sys.argv[1], "rb").read()
pdf(read_ubl(xml), xml=xml)
print(json.dumps(resident()))
"""

COLD_WEASYPRINT = """
import json, sys, weasyprint
weasyprint.HTML(filename=sys.argv[1]).write_pdf()
print(json.dumps(0))
"""


def run() -> list[Row]:
    times = {}
    for lines in (10, 100):
        xml = invoice_of(lines)
        invoice = read_ubl(xml)
        times[lines] = median_ms(partial(pdf, invoice, xml=xml), runs=5)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "10.xml"
        path.write_bytes(invoice_of(10))
        cold, held = fresh(COLD, str(path))
    rows = [
        row("PDF, 10 lines, fresh process", cold * 1000, "ms"),
        row("memory after it", held, "MB"),
        row("PDF, 10 lines, warm", times[10], "ms"),
        row("PDF, 100 lines / 10 lines", times[100] / times[10], "x"),
    ]
    if find_spec("weasyprint") is None:
        return [*rows, skipped("WeasyPrint", "it is not installed")]
    weasyprint = import_module("weasyprint")
    for lines in (10, 100):
        page = _page(invoice_of(lines))
        theirs = median_ms(lambda page=page: weasyprint.HTML(string=page).write_pdf(), runs=5)  # type: ignore[misc]
        rows.append(row(f"WeasyPrint / ours, {lines} lines, warm", theirs / times[lines], "x"))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "10.html"
        path.write_text(_page(invoice_of(10)), "utf-8")
        theirs, _ = fresh(COLD_WEASYPRINT, str(path))
    return [*rows, row("WeasyPrint / ours, 10 lines, fresh process", theirs / cold, "x")]


def _page(xml: bytes) -> str:
    """The same texts and numbers as a plain page: no design, no attachment, no QR."""
    invoice = read_ubl(xml)
    lines = "".join(
        f"<tr><td>{line.identifier}<td>{escape(line.item.name or '')}<td>{line.quantity}<td>{line.net_amount}"
        for line in invoice.lines
    )
    parties = "".join(f"<p>{escape(party.name or '')}" for party in (invoice.seller, invoice.buyer))
    return f"<h1>{escape(invoice.number)}</h1>{parties}<table>{lines}</table>"

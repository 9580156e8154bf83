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
    theirs = median_ms(lambda: _by_weasyprint(invoice_of(10)), runs=5)
    return [*rows, row("WeasyPrint, 10 lines / ours, warm", theirs / times[10], "x")]


def _by_weasyprint(xml: bytes) -> bytes:
    """The same texts and numbers in a plain page: no seal, no attachment, no QR."""
    weasyprint = import_module("weasyprint")

    invoice = read_ubl(xml)
    lines = "".join(
        f"<tr><td>{line.identifier}<td>{escape(line.item.name or '')}<td>{line.quantity}<td>{line.net_amount}"
        for line in invoice.lines
    )
    parties = "".join(f"<p>{escape(party.name or '')}" for party in (invoice.seller, invoice.buyer))
    page = f"<h1>{escape(invoice.number)}</h1>{parties}<table>{lines}</table>"
    printed: bytes = weasyprint.HTML(string=page).write_pdf()
    return printed

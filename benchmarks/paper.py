"""What the human copy costs, warm, by lines."""

from __future__ import annotations

from typing import Any

from punte.en16931 import read_ubl
from punte.render import pdf

from .timing import invoice_of, median_ms


def run() -> list[dict[str, Any]]:
    times = {}
    for lines in (10, 100):
        xml = invoice_of(lines)
        invoice = read_ubl(xml)
        times[lines] = median_ms(lambda invoice=invoice, xml=xml: pdf(invoice, xml=xml), runs=5)
    return [
        {"what": "PDF, 10 lines", "value": times[10], "unit": "ms"},
        {"what": "PDF, 100 lines / 10 lines", "value": times[100] / times[10], "unit": "x"},
    ]

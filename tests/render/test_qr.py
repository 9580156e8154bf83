"""The code on the page, read by another program (zxing-cpp) from the drawing itself."""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from decimal import Decimal

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from punte.en16931.model import Identifier, Invoice
from punte.render.qr import essentials, svg
from render.invoices import CREDIT_NOTE, EURO, PFA, STORNO, VAT_PAYER
from render.test_pdf import read


@pytest.mark.parametrize(
    ("invoice", "said"),
    [
        (VAT_PAYER, "TIP:380 NUMAR:DI_0188 DATA:2026-11-22 CUI:RO41287658 TOTAL:5950.05 MONEDA:RON"),
        (PFA, "TIP:380 NUMAR:PFA-2026-7 DATA:2026-11-22 CUI:45678900 TOTAL:1500.00 MONEDA:RON"),
        (STORNO, "TIP:380 NUMAR:DI_0189 DATA:2026-11-22 CUI:RO41287658 TOTAL:-363.00 MONEDA:RON"),
        (CREDIT_NOTE, "TIP:381 NUMAR:NC_0003 DATA:2026-11-22 CUI:RO41287658 TOTAL:605.00 MONEDA:RON"),
        (EURO, "TIP:380 NUMAR:DI_0188 DATA:2026-11-22 CUI:RO41287658 TOTAL:1452.00 MONEDA:EUR"),
    ],
)
def test_the_essentials_are_lines_of_key_and_value(invoice: Invoice, said: str) -> None:
    assert essentials(invoice).split("\n") == ["PUNTE:1", *(line.replace("_", " ") for line in said.split())]


def test_white_space_cannot_forge_a_line_and_what_is_missing_has_none() -> None:
    forged = replace(VAT_PAYER, number="1\nTOTAL:0.01", seller=replace(VAT_PAYER.seller, vat_identifier=None))
    forged = replace(forged, totals=replace(forged.totals, with_vat=Decimal("1E+3")))
    lines = essentials(replace(forged, seller=type(forged.seller)())).split("\n")
    assert lines == ["PUNTE:1", "TIP:380", "NUMAR:1 TOTAL:0.01", "DATA:2026-11-22", "TOTAL:1000.00", "MONEDA:RON"]
    by_registration = replace(
        forged, seller=replace(forged.seller, legal_registration_identifier=Identifier("4128 7658"))
    )
    assert "CUI:41287658" in essentials(by_registration).split("\n")


def squares(drawing: str, scale: int = 4) -> memoryview:
    """The drawing as grey pixels, `scale` a module; each dark square is `M<x> <y>h1v1h-1z`."""
    root = ET.fromstring(drawing)
    side = int(root.attrib["viewBox"].split()[-1])
    pixels = [[255] * side * scale for _ in range(side * scale)]
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawing):
        for row in range(int(y) * scale, (int(y) + 1) * scale):
            pixels[row][int(x) * scale : (int(x) + 1) * scale] = [0] * scale
    return memoryview(b"".join(map(bytes, pixels))).cast("B", (side * scale, side * scale))


@pytest.mark.parametrize("invoice", [VAT_PAYER, replace(EURO, number="FĂCȚ-" + "7" * 190)])
def test_a_scanner_reads_what_was_written(invoice: Invoice) -> None:
    try:
        import zxingcpp
    except ImportError:
        if os.environ.get("CI") == "true":
            pytest.fail("zxing-cpp is missing: install it, this test reads the QR code back")
        pytest.skip("zxing-cpp is missing")
    drawing = svg(invoice)
    assert drawing is not None
    (found,) = zxingcpp.read_barcodes(squares(drawing))
    assert found.bytes.decode() == essentials(invoice)


def test_the_page_has_it_and_tells_a_screen_reader_what_it_is() -> None:
    figures = [alt for alt in alternatives(read(VAT_PAYER)) if "scanare" in alt]
    assert len(figures) == 1
    assert "Nu este un cod de plată" in read(VAT_PAYER).pages[0].extract_text()


def test_essentials_too_long_for_print_have_no_code() -> None:
    endless = replace(VAT_PAYER, number="7" * 5000)
    assert svg(endless) is None
    assert not [alt for alt in alternatives(read(endless)) if "scanare" in alt]


def alternatives(reader: PdfReader) -> list[str]:
    """The alternative texts of the figures of a tagged PDF."""
    found: list[str] = []
    waiting: list[object] = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, DictionaryObject):
            if "/Alt" in node:
                found.append(str(node["/Alt"]))
            waiting.append(node.get("/K", []))
    return found

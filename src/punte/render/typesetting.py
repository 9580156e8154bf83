"""The human copy of an invoice as PDF/A-3, set by Typst with our own fonts; the same invoice gives the same bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from functools import cache, reduce
from importlib import resources
from pathlib import Path

import typst

from punte.en16931.model import Invoice

from .bilingual import beside
from .printable import printable
from .qr import svg
from .sheet import sheet
from .wording import wordings

# PDF/A-3a for the archive (and the attachment), PDF/UA-1 for screen readers.
STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]


class LogoNotUsable(ValueError):
    """The logo is neither PNG nor JPEG, or it is damaged."""


def pdf(invoice: Invoice, *, xml: bytes | None = None, logo: bytes | None = None, language: str = "ro") -> bytes:
    """The human copy of `invoice`: A4, PDF/A-3a and PDF/UA-1.

    xml       the document as filed, attached to the PDF byte for byte as `factura.xml` (relationship: source)
    logo      the seller's, PNG or JPEG; set at most 55 × 18 mm
    language  `ro`, `en`, or `ro-en`: Romanian, with English smaller beside it where the words differ
    Any invoice that can be read can be set, a wrong one too. The date inside the PDF is the issue date (BT-2).
    Raises LogoNotUsable, ValueError for a language we do not have.
    """
    if logo is not None and not logo.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise LogoNotUsable("the logo must be a PNG or JPEG image")
    sheets = (sheet(invoice, words, with_xml=xml is not None) for words in wordings(language))
    inputs = {"sheet": json.dumps(printable(reduce(beside, sheets)), ensure_ascii=False)}
    if xml is not None:
        inputs |= _as_input("xml", xml)
    if logo is not None:
        inputs |= _as_input("logo", logo)
    if code := svg(invoice):
        inputs["qr"] = code
    try:
        return typst.compile(
            _template(),
            sys_inputs=inputs,
            font_paths=our_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=STANDARDS,
            timestamp=datetime.combine(invoice.issue_date, time(12), UTC),
        )
    except typst.TypstError as error:
        if logo is not None and "image" in error.message:
            raise LogoNotUsable(f"the logo cannot be read: {error.message}") from error
        raise


def _as_input(name: str, content: bytes) -> dict[str, str]:
    """`content` as an input of the template, without a file on disk: as it is where it is UTF-8, else as octets."""
    try:
        return {name: content.decode("utf-8")}
    except UnicodeDecodeError:
        return {f"{name}-octets": json.dumps(list(content))}


@cache
def _template() -> bytes:
    return resources.files(__package__).joinpath("invoice.typ").read_bytes()


@cache
def our_fonts() -> typst.Fonts:
    """Ours and no other, so that the page does not depend on the machine."""
    folder = Path(str(resources.files(__package__).joinpath("fonts")))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])

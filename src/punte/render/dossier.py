"""The due-diligence file of an invoice on paper: PDF/A, in the look of the invoice. Every text comes ready."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib import resources

import typst

from .printable import harmless, printable
from .typesetting import STANDARDS, our_fonts


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record on paper. `quote`: another's words, set apart; `mark`: the start of its digest."""

    number: str
    at: str
    title: str
    details: tuple[tuple[str, str], ...]
    quote: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A title, sentences, then names with values; what is empty is left out."""

    title: str
    text: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPaper:
    """What stands on it. `labels`: `page`, `of`, `timeline`, `running`, `foot`."""

    language: str
    author: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    summary: str
    entries: tuple[Entry, ...]
    before: tuple[Section, ...]  # the timeline
    after: tuple[Section, ...]
    labels: dict[str, str]
    made_at: datetime
    attachment: bytes | None = None  # the JSON, attached as `dosar.json`


def dossier_pdf(paper: DossierPaper) -> bytes:
    """A4. The same paper, the same bytes."""
    page = asdict(paper)
    made_at, attachment = page.pop("made_at"), page.pop("attachment")
    inputs = {"sheet": json.dumps(printable(harmless(page)), ensure_ascii=False)}
    if attachment is not None:
        inputs["json"] = attachment.decode()
    return typst.compile(
        _template(),
        sys_inputs=inputs,
        font_paths=our_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=STANDARDS,
        timestamp=made_at,
    )


@cache
def _template() -> bytes:
    return resources.files(__package__).joinpath("dossier.typ").read_bytes()

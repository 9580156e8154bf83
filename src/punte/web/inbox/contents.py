"""What a received document says in full: out of its package, byte for byte as ANAF holds it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language

from punte import en16931
from punte.anaf.errors import BadPackage
from punte.anaf.package import open_package
from punte.en16931 import model as en
from punte.render import pdf as render_pdf
from punte.romania import check
from punte.romania.explain import explain

from .models import Document, Reading


@dataclass(frozen=True, slots=True)
class Remarked:
    """One thing that our rules find; information alone, for ANAF has let the document through."""

    field: str
    what: str
    rule: str
    fatal: bool


class Contents:
    """Opened once a page. Every part is None, or empty, where there is nothing to read."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def zip(self) -> bytes | None:
        package = self._document.package
        return bytes(package.content) if package else None

    @cached_property
    def xml(self) -> bytes | None:
        if self.zip is None:
            return None
        try:
            return open_package(self.zip).document
        except BadPackage:
            return None

    @cached_property
    def said(self) -> en.Invoice | None:
        if self.xml is None or self._document.reading != Reading.READ:
            return None
        try:
            return en16931.read_ubl(self.xml)
        except en16931.NotUbl:
            return None

    @cached_property
    def findings(self) -> tuple[Remarked, ...]:
        if self.said is None or self.xml is None:
            return ()
        english = (get_language() or "ro").startswith("en")
        found = []
        for finding in check(self.xml).findings:
            told = explain(finding, language="en" if english else "ro")
            found.append(Remarked(told.field, told.what, finding.rule, finding.severity == "fatal"))
        return tuple(found)

    def pdf(self, language: str = "ro") -> bytes | None:
        """The human copy, by our renderer, with the XML in it."""
        return render_pdf(self.said, xml=self.xml, language=language) if self.said else None


def stem(document: Document) -> str:
    """The name of a file: `33451201-FCT-0042`."""
    label = "".join(c if c.isascii() and c.isalnum() else "-" for c in document.number or document.upload_index)
    return f"{document.seller_cif}-{label}".strip("-")

"""What a rule is, what it finds, and what a judgement of a document says."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import StrEnum

from .nodes import Document, Node, Path


class Severity(StrEnum):
    FATAL = "fatal"  # ANAF refuses the document
    WARNING = "warning"  # the document passes, the element is not part of EN 16931


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence of the norm: `holds` says whether it is true of an element and its document."""

    id: str
    #: the business term it is about, "BT-37" or "BG-23"; None for rules of syntax
    term: str | None
    holds: Callable[[Node, Document], bool]
    severity: Severity = Severity.FATAL
    #: from the context to the field that must be changed, for location and value of the finding
    field: Path = ()
    #: it only limits its field: true of every element without it, and asked only where one stands
    limit: bool = False
    #: nothing but the names of the elements below decides: asked once for all that are built alike
    by_names: bool = False
    #: nothing but the words within the element decides: asked once for all that say the same
    by_words: bool = False
    #: nothing but the names and attributes below decides
    by_markup: bool = False
    #: nothing but what is within the elements at the end of these paths decides
    within: tuple[Path, ...] = ()
    #: nothing but this fact about the document decides: asked once for all documents of which it is the same
    given: Callable[[Document], Hashable] | None = None
    #: where one element stands at the end of `field`, what its text must be, and nothing else decides
    text: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a document breaks, and where."""

    #: the id exactly as in the official set, or one of ours beginning with PUNTE-
    rule: str
    severity: Severity
    term: str | None
    #: path of names with positions, `/Invoice/cac:InvoiceLine[2]/cbc:Note`
    location: str
    #: line of the file, from 1
    line: int | None
    #: the text found there, when there is one
    value: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """The judgement of one document by one rule set. It is accepted when `fatal` and `structure` are empty."""

    #: all findings of the rules, in document order
    findings: tuple[Finding, ...]
    #: faults against the UBL schema, counted apart from the rules
    structure: tuple[Finding, ...]
    #: name of the rule set, "1.0.9"
    ruleset: str

    @property
    def fatal(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.FATAL)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)

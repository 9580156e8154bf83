"""`check`: what ANAF would say of an invoice, before a byte leaves."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from punte.en16931.rules.rule import Report
from punte.en16931.ubl.document import CBC, parse

from .rulesets import ruleset_named, ruleset_of

if TYPE_CHECKING:
    from lxml import etree

    from punte.en16931.rules.ruleset import RuleSet


ISSUE_DATE: Final = f"{{{CBC}}}IssueDate"


def check(xml: bytes, *, ruleset: str | None = None, strict: bool = False) -> Report:
    """Judge a UBL invoice or credit note by the official Romanian rules.

    ruleset  name of an edition ("1.0.9"); by default the one in force on the day the invoice was issued (BT-2)
    strict   ask also what the official rules fail to ask, under ids of ours (PUNTE-…); ANAF takes what breaks these

    Faults against the UBL schema are in `structure`, apart from the findings of the rules.
    Rule ids are the official ones to the letter. Where the official processor stops without a verdict, because a
    value is no number, date or boolean or stands several times, the report has a fatal finding PUNTE-ABORT-VALUE
    or PUNTE-ABORT-SEVERAL.
    Raises NotUbl: the input is no UBL invoice or credit note. ValueError: there is no rule set of that name.
    """
    named = ruleset_named(ruleset) if ruleset else None
    root = parse(xml)
    edition = named or _edition_for(root)
    findings, structure = edition.findings_and_faults(root, xml)
    if strict:
        from .strict import strict_findings  # loaded for those who ask

        ours = strict_findings(root, edition.name, findings)
        findings = tuple(sorted((*findings, *ours), key=lambda each: each.line or 0))
    return Report(findings=findings, structure=structure, ruleset=edition.name)


def _edition_for(root: etree._Element) -> RuleSet:
    issued = next(root.iterchildren(ISSUE_DATE), None)
    try:
        return ruleset_of(date.fromisoformat(issued.text or "" if issued is not None else ""))
    except ValueError:
        return ruleset_of(date.max)

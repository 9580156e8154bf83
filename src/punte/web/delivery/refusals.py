"""Why ANAF did not take an invoice: each reason at its field, and what has been changed since."""

from __future__ import annotations

from dataclasses import dataclass

from punte import en16931
from punte.romania import check
from punte.romania.explain import Explanation, explain
from punte.web.design import formats
from punte.web.invoices import document
from punte.web.invoices.difference import Change, changes
from punte.web.invoices.findings import Verdict, verdict_of
from punte.web.invoices.models import Invoice

from .models import State, Submission


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason of a refusal: ours in plain words where we know the rule, and ANAF's own as it came.

    verdict  at which field of the editor it is put right; None where only ANAF's words are known
    """

    anaf_text: str
    rule: str = ""
    told: Explanation | None = None
    verdict: Verdict | None = None

    @property
    def target(self) -> str:
        return self.verdict.target if self.verdict else ""


def problems(submission: Submission) -> list[Problem]:
    """The findings of a refusal, each explained on the very document that was refused."""
    if not any(finding["rule"] for finding in submission.findings):
        return [Problem(finding["text"]) for finding in submission.findings]
    ours = {finding.rule: finding for finding in check(bytes(submission.document)).findings}
    positions = range(1, 10_000)  # what was sent has no empty rows between
    return [
        Problem(
            finding["text"],
            finding["rule"],
            explain(ours[finding["rule"]], language=formats.language()),
            verdict_of(ours[finding["rule"]], positions),
        )
        if finding["rule"] in ours
        else Problem(finding["text"], finding["rule"] or "")
        for finding in submission.findings
    ]


def changed_since(invoice: Invoice) -> tuple[Change, ...]:
    """What differs between the document that was refused last and what would go, or went, after it."""
    submissions = sorted(invoice.submissions.all(), key=lambda one: one.pk)
    refused = [one for one in submissions if one.state in (State.REJECTED, State.REFUSED)]
    if not refused:
        return ()
    later = [one for one in submissions if one.pk > refused[-1].pk]
    before = en16931.read_ubl(bytes(refused[-1].document))
    after = en16931.read_ubl(bytes(later[-1].document)) if later else document.build(invoice)
    return changes(before, en16931.read_ubl(en16931.write_ubl(after)))

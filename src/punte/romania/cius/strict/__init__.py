"""The strict switch: what the official rules mean and fail to ask, and what they leave to nobody, under ids of ours.

Severity: `fatal` says something false of the invoice (a sum, a fiscal code that nobody has), or breaks what a fatal
official rule means; ANAF takes it all the same. `warning` may be right in a case that the document does not tell.
A value that cannot be read (a word for a number) breaks none of these: the structure, or the official rules, say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from punte.en16931.rules.choices import ABORT_PREFIX
from punte.en16931.rules.ruleset import RuleSet, read_patterns

from ..rulesets import RO_CIUS_1_0_9
from . import completed, law, sums

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

    from punte.en16931.rules.rule import Finding

STRICT_1_0_9: Final = RuleSet(
    name="1.0.9 strict",
    since=RO_CIUS_1_0_9.since,
    patterns=read_patterns(__file__, "strict-1.0.9.tsv"),
    rules={rule_id: rule for part in (completed, sums, law) for rule_id, rule in part.family.rules.items()},
    forbidden=completed.FORBIDDEN,
)

#: by the name of the edition it completes: a new edition mends some faults, and then asks less of us
COMPLETING: Final = {RO_CIUS_1_0_9.name: STRICT_1_0_9}


def strict_findings(root: etree._Element, edition: str, official: Iterable[Finding]) -> tuple[Finding, ...]:
    """What an edition of the official rules lets pass and should not; not what its findings already say."""
    said = {(f"PUNTE-{finding.rule}", finding.location) for finding in official}
    return tuple(
        finding
        for finding in COMPLETING[edition].findings(root)
        if not finding.rule.startswith(ABORT_PREFIX) and (finding.rule, finding.location) not in said
    )

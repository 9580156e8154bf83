"""The editions of the Romanian rules. 1.0.9 = EN 16931 1.3.8 with four rules replaced and 121 added."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from punte.en16931.rules.en16931 import EN16931_1_3_8
from punte.en16931.rules.rule import Rule
from punte.en16931.rules.ruleset import Pattern, RuleSet, read_patterns

from . import addresses, code_lists, dates, decimal_places, document, lengths

FAMILIES: Final = (
    document.family,
    addresses.family,
    dates.family,
    lengths.family,
    decimal_places.family,
    code_lists.family,
)


def _with_contexts(pattern: Pattern, contexts: dict[str, str]) -> Pattern:
    """The pattern with other contexts for some of its ids; a context left without ids goes."""
    changed = []
    for context, ids in pattern:
        for rule_id in ids:
            if rule_id in contexts:
                context = contexts[rule_id]
        changed.append((context, ids))
    return tuple(changed)


def _without(pattern: Pattern, rule_id: str) -> Pattern:
    return tuple((context, tuple(other for other in ids if other != rule_id)) for context, ids in pattern)


def _misspelt(path: str, rule: Rule) -> tuple[str, Rule]:
    """UBL-CR-487 looks for `JurisdiccionRegionAddress`, a name that UBL does not have."""
    return path.replace("Jurisdiction", "Jurisdiccion") if rule.id == "UBL-CR-487" else path, rule


def _ro_cius_1_0_9() -> RuleSet:
    model, syntax, codes = EN16931_1_3_8.patterns
    return replace(
        EN16931_1_3_8,
        name="1.0.9",
        since=date(2024, 6, 5),
        patterns=(
            _without(model, "BR-27"),  # asked of every price instead of the line
            syntax,
            _with_contexts(codes, {"BR-CL-03": "//@currencyID", "BR-CL-23": "//@unitCode"}),  # of every attribute
            *read_patterns(__file__, "ro-cius-1.0.9.tsv"),
        ),
        rules={**EN16931_1_3_8.rules, **{key: rule for family in FAMILIES for key, rule in family.rules.items()}},
        forbidden=tuple(_misspelt(path, rule) for path, rule in EN16931_1_3_8.forbidden),
    )


RO_CIUS_1_0_9: Final = _ro_cius_1_0_9()

#: from the oldest to the newest
EDITIONS: Final = (RO_CIUS_1_0_9,)


def ruleset_named(name: str) -> RuleSet:
    """An edition by its name, "1.0.9". Raises ValueError, with the names that exist."""
    for edition in EDITIONS:
        if edition.name == name:
            return edition
    raise ValueError(f"there is no rule set {name!r}; there are: {', '.join(edition.name for edition in EDITIONS)}")


def ruleset_of(day: date) -> RuleSet:
    """The edition in force on a day; before the oldest one, the oldest."""
    for edition in reversed(EDITIONS):
        if edition.since <= day:
            return edition
    return EDITIONS[0]

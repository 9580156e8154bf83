"""The rules of EN 16931 in UBL, edition 1.3.8, as a rule set."""

from __future__ import annotations

from datetime import date
from typing import Final

from . import (
    arithmetic,
    cardinality,
    code_lists,
    consistency,
    decimal_places,
    forbidden,
    presence,
    vat_categories,
)
from .ruleset import RuleSet, read_patterns

FAMILIES: Final = (
    presence.family,
    consistency.family,
    arithmetic.family,
    vat_categories.family,
    decimal_places.family,
    code_lists.family,
    cardinality.family,
    forbidden.family,
)

EN16931_1_3_8: Final = RuleSet(
    name="EN 16931 1.3.8",
    since=date(2022, 4, 8),
    patterns=read_patterns(__file__, "en16931-1.3.8.tsv"),
    rules={rule_id: rule for family in FAMILIES for rule_id, rule in family.rules.items()},
    forbidden=forbidden.PATHS,
)

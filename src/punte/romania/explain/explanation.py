"""`explain`: a finding as a person can use it, who has never heard of XML.

The sentences stand in `texts/*.toml`, Romanian and English side by side, one section for all rules of a family;
the names of fields in `terms.tsv` (fields of EN 16931) and `elements.tsv` (what else a file may hold).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .fields import field_of
from .parameters import Parameters, place_found
from .texts import section_for
from .values import written
from .words import Language

if TYPE_CHECKING:
    from punte.en16931.rules.rule import Finding

__all__ = ["Explanation", "Language", "explain"]

Part = Literal["what", "missing", "why", "now", "now_known"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a finding means, in one language."""

    #: what is wrong, with the value and the place: „Localitatea vânzătorului este „București”.”
    what: str
    #: why the rule exists
    why: str
    #: what to do now
    now: str
    #: name of the field to change: „Localitatea vânzătorului”
    field: str
    #: its business term, „BT-37”; None where no field of EN 16931 is concerned. More exact than the finding's own:
    #: BR-CO-09 speaks of BT-31, but the place may be the buyer's, BT-48
    term: str | None


def explain(finding: Finding, *, language: Language = "ro") -> Explanation:
    """The finding in Romanian or English. A rule that has no text yet gets a general one; nothing raises.

    >>> from punte.en16931.rules.rule import Finding, Severity
    >>> city = "/Invoice/cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/cbc:CityName"
    >>> print(explain(Finding("BR-RO-100", Severity.FATAL, "BT-37", city, 12, "București")).what)
    Localitatea vânzătorului este „București”.
    """
    section = section_for(finding.rule)
    location = place_found(finding)
    field = field_of(section.field or finding.term, location, exactly=section.field is not None)
    value = written(finding.value, location, language) if location == finding.location else ""
    words = Parameters(finding, field, location, value, language)

    def say(part: Part) -> str:
        return section.text(part, language).format_map(words)

    return Explanation(
        what=say("what" if words.is_shown or not section.says("missing") else "missing"),
        why=say("why"),
        now=say("now_known" if section.says("now_known") and words.suggestion else "now"),
        field=field.label(language),
        term=field.term,
    )

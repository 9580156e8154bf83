"""What the sentences are filled with: the field's name, the value, and what the tables of the rules know."""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING

from punte.en16931.rules import forbidden
from punte.en16931.rules.values import trim
from punte.en16931.tables import rows
from punte.en16931.ubl.schema import schema
from punte.romania.cius import lengths
from punte.romania.counties import city_for_bucharest, county_for
from punte.romania.vat import all_rates, exemptions

from .fields import Field, capital, element_at, field_of, place_of
from .values import counted, percent, quoted
from .words import Language, word

if TYPE_CHECKING:
    from punte.en16931.rules.rule import Finding

_CATEGORY = re.compile(r"(BR-[A-Z]{1,2})-[0-9]{2}")
#: number of a rule on VAT rates, the same in every category -> what has the rate, on the document or on a line
_HOLDERS = {"06": ("BG-20", "BG-27"), "07": ("BG-21", "BG-28")}


class Parameters:
    """The placeholders of one finding, worked out when a sentence asks for them; `{Name}` is `{name}` capitalised."""

    def __init__(self, finding: Finding, field: Field, location: str, value: str, language: Language) -> None:
        self._finding, self._field, self._location, self._language = finding, field, location, language
        self.rule = finding.rule
        self._official = finding.rule.removeprefix("PUNTE-")  # that which it completes, or is
        #: written already
        self.value = value

    def __getitem__(self, placeholder: str) -> str:
        """Raises AttributeError when there is no such placeholder."""
        text: str = getattr(self, placeholder.lower())
        return capital(text) if placeholder[0].isupper() else text

    @property
    def is_shown(self) -> bool:
        """Whether the finding has the value that is wrong; some have none, or point beside it."""
        match self.rule:
            case "UBL-ATTRIBUTE":
                return not _is_required(self._location)
            case "PUNTE-ABORT-VALUE":  # a number that can be read is not what stopped the check
                return self.value == quoted(self._finding.value or "", self._language)
            case rule if rule in _limits():
                return bool(self.length)
        return bool(self.value)

    @property
    def name(self) -> str:
        """The field in a sentence, with its place; for a technical detail the field that has it."""
        if "/@" in self._location and self.rule.startswith("UBL-"):
            return field_of(None, self._location.rpartition("/")[0]).called(self._language)
        return self._field.called(self._language)

    @property
    def field(self) -> str:
        """The same without „ (nr. 2)”: where it is the number that is too many."""
        return self._field.called(self._language, numbered=False)

    @property
    def holder(self) -> str:
        """The line, discount or charge that has a VAT category."""
        on_document, on_line = _HOLDERS.get(self.rule[-2:], ("BG-25", "BG-25"))
        group = on_line if "Line" in self._location.partition("cac:AllowanceCharge")[0] else on_document
        return field_of(group, self._location, exactly=True).called(self._language)

    @property
    def used(self) -> str:
        """The same where the finding names no place: „un rând”."""
        return word(f"used {self.rule[-2:]}", self._language)

    @property
    def where(self) -> str:
        return word(f"where {self.rule[-2:]}", self._language)

    @property
    def element(self) -> str:
        return element_at(self._location, self._language)

    @property
    def named(self) -> str:
        """The sibling that the finding names (UBL-ORDER)."""
        return element_at(f"{self._location.rpartition('/')[0]}/{self._finding.value}", self._language)

    @property
    def place(self) -> str:
        return place_of(self._location, self._language)

    @property
    def limit(self) -> str:
        return str(_limits()[self._official])

    @property
    def length(self) -> str:
        """Characters of the text, with „de” where Romanian wants it; "" when the finding points beside the text."""
        length = len(trim(self._finding.value or ""))
        return counted(length, self._language) if length > _limits().get(self._official, 0) else ""

    @property
    def category(self) -> str:
        return self._category[self._language]

    @property
    def legend(self) -> str:
        """The usual words for the category on a Romanian invoice, with their code."""
        for exemption in exemptions().values():
            if exemption.category == self._category["code"]:
                code = f" ({exemption.code})" if exemption.code else ""
                return word("quote", self._language, text=exemption.legend) + code
        raise AttributeError("legend")

    @property
    def rates(self) -> str:
        return _rates(self._language)

    @property
    def suggestion(self) -> str:
        """What the writer surely meant: the sector of „Sector 3”, the county of „Cluj”; "" when not known."""
        value = self._finding.value or ""
        if value and self._location.endswith("/cbc:CityName"):
            return city_for_bucharest(value) or ""
        if value and self._location.endswith("/cbc:CountrySubentity"):
            county = county_for(value)
            return county.code if county else ""
        return ""

    @cached_property
    def _category(self) -> dict[str, str]:
        found = _CATEGORY.fullmatch(self._official)
        return _categories()[found[1]] if found else {}


def place_found(finding: Finding) -> str:
    """The location; where the rule forbids an attribute of what it finds, that of the attribute."""
    return finding.location + _forbidden_attributes().get(finding.rule, "")


def _is_required(location: str) -> bool:
    """Whether UBL asks for the attribute: a fault is then that it is missing, otherwise that it is there."""
    element, _, attribute = location.rpartition("/@")
    leaf = schema()["elements"].get(element.rpartition("/")[2].partition("[")[0], "")[1:]
    return "required" in schema()["leaf_types"].get(leaf, {"attributes": {}})["attributes"].get(attribute, ())


@cache
def _rates(language: Language) -> str:
    """The rates without an end in the table of law: „21 % sau 11 %”."""
    lasting = sorted({rate.percent for rate in all_rates() if rate.end is None}, reverse=True)
    *others, last = [percent(str(rate), language) for rate in lasting]
    return word("or", language, left=", ".join(others), right=last) if others else last


@cache
def _limits() -> dict[str, int]:
    return {row["rule"]: int(row["limit"]) for row in rows(lengths.__file__, "lengths.tsv")}


@cache
def _categories() -> dict[str, dict[str, str]]:
    return {row["prefix"]: row for row in rows(__file__, "categories.tsv")}


@cache
def _forbidden_attributes() -> dict[str, str]:
    """Rules that find an element and mean an attribute of it, `/@schemeID`."""
    found = {"UBL-DT-18": "/@name", "UBL-CR-665": "/cac:AdditionalDocumentReference/cbc:ID/@schemeID"}
    for row in rows(forbidden.__file__, "forbidden.tsv"):
        attribute = row["path"].rpartition("/")[2]
        if attribute.startswith("@"):
            found[row["rule"]] = f"/{attribute}"
    return found

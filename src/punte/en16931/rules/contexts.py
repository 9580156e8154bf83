"""The contexts of rules: which elements a rule speaks of, written as in the official set (XSLT match patterns).

`cac:InvoiceLine/cac:Item` matches at any depth, `/ubl:Invoice/cbc:Note` from the document element on,
`/*/cac:TaxTotal` below any document element, `//@currencyID` an attribute anywhere. A `[…]` is a condition on the
element before it; the conditions that occur are listed in `CONDITIONS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from .categories import code_of, is_allowance, is_charge, is_vat
from .nodes import Node
from .values import NoVerdict

if TYPE_CHECKING:
    from .places import Place

Condition = Callable[[Node], bool]


def _outside_price_allowance(node: Node) -> bool:
    """No price with an allowance stands above: amounts there may have any number of decimals."""
    return not any(above.name == "cac:Price" and above.has("cac:AllowanceCharge") for above in node.ancestors())


def _text_is(*texts: str, child: str) -> Condition:
    return lambda node: any(kid.text in texts for kid in node.select(child))


def _has_attribute(name: str) -> Condition:
    return lambda node: name in node.attributes


#: condition as written (blanks left out) -> the question asked of the element
CONDITIONS: dict[str, Condition] = {
    "cbc:ChargeIndicator=false()": is_allowance,
    "cbc:ChargeIndicator=true()": is_charge,
    "cac:TaxScheme/normalize-space(upper-case(cbc:ID))='VAT'": is_vat,
    "cbc:PaymentMeansCode='30'orcbc:PaymentMeansCode='58'": _text_is("30", "58", child="cbc:PaymentMeansCode"),
    "cbc:DocumentTypeCode='130'": _text_is("130", child="cbc:DocumentTypeCode"),
    "@schemeID": _has_attribute("schemeID"),
    "@listID": _has_attribute("listID"),
    "@mimeCode": _has_attribute("mimeCode"),
    "@unitCode": _has_attribute("unitCode"),
    "not(ancestor::cac:Price/cac:AllowanceCharge)": _outside_price_allowance,
}
_CATEGORY = re.compile(r"normalize-space\(cbc:ID\)='(\w+)'")
_NAME_ENDS = re.compile(r"ends-with\(name\(\),'(\w+)'\)")
_NAME_DOES_NOT_END = re.compile(r"not\(ends-with\(name\(\),'(\w+)'\)\)")


#: the steps of a path; a condition may hold a path of its own
_PARTS = re.compile(r"(?:[^/\[]|\[[^\]]*\])+")


def _condition(text: str) -> Condition:
    if category := _CATEGORY.fullmatch(text):
        code = category[1]
        return lambda node: code_of(node) == code
    return CONDITIONS[text]


@dataclass(frozen=True, slots=True)
class Step:
    """One name of a context, with its conditions. `name` may be `*`."""

    name: str
    conditions: tuple[Condition, ...] = ()
    endings: tuple[str, ...] = ()
    other_endings: tuple[str, ...] = ()
    #: the code of a VAT category, when the conditions ask for one
    category: str | None = None

    def fits(self, place: Place) -> bool:
        name = place.name
        return (
            self.name in ("*", name)
            and all(name.endswith(ending) for ending in self.endings)
            and not any(name.endswith(ending) for ending in self.other_endings)
        )


@dataclass(frozen=True, slots=True)
class Context:
    """One alternative of a match pattern."""

    steps: tuple[Step, ...]
    #: begins at the document element
    anchored: bool
    #: the attribute matched, for `//@currencyID`
    attribute: str | None = None

    @property
    def category(self) -> str | None:
        """The VAT category that the element itself must have."""
        return self.steps[-1].category

    @property
    def is_local(self) -> bool:
        """Nothing but the element, and what is within, decides whether it is meant: the others have no conditions."""
        return _outside_price_allowance not in self.steps[-1].conditions and not any(
            step.conditions for step in self.steps[:-1]
        )

    @property
    def by_words(self) -> bool:
        """Nothing but the words within the element decides whether it is meant."""
        return self.is_local and self.category is not None

    def fits(self, place: Place) -> bool:
        """The names match; conditions are still to be asked."""
        here: Place | None = place
        for step in reversed(self.steps):
            if here is None or not step.fits(here):
                return False
            here = here.parent
        return not self.anchored or here is None

    def holds(self, node: Node) -> bool:
        """The conditions hold. One that cannot be answered does not hold: match patterns recover from errors."""
        here: Node | None = node
        try:
            for step in reversed(self.steps):
                if here is None:
                    return False
                for condition in step.conditions:
                    if not condition(here):
                        return False
                here = here.parent
        except NoVerdict:
            return False
        return True

    def holds_throughout(self, place: Place) -> bool:
        """The conditions need not be asked of the elements of a place: there are none, or it is away from prices."""
        asked = [condition for step in self.steps for condition in step.conditions]
        return not asked or (asked == [_outside_price_allowance] and not place.is_below("cac:Price"))


def read_contexts(pattern: str) -> tuple[Context, ...]:
    """The alternatives of a match pattern as the official set writes it."""
    return tuple(_read_alternative(alternative) for alternative in re.sub(r"\s+", "", pattern).split("|"))


def _read_alternative(text: str) -> Context:
    anchored = text.startswith("/") and not text.startswith("//")
    steps: list[Step] = []
    for part in _PARTS.findall(text) if "[" in text else filter(None, text.split("/")):
        if part.startswith("@"):
            return Context(tuple(steps), anchored, attribute=part[1:])
        steps.append(_read_step(part))
    return Context(tuple(steps), anchored)


@cache
def _read_step(part: str) -> Step:
    name, *conditions = re.split(r"[\[\]]+", part.removesuffix("]"))
    endings, other_endings, asked = [], [], []
    for text in (clause for condition in conditions for clause in re.split(r"(?<=\))and(?=not)", condition)):
        if ending := _NAME_ENDS.fullmatch(text):
            endings.append(ending[1])
        elif ending := _NAME_DOES_NOT_END.fullmatch(text):
            other_endings.append(ending[1])
        else:
            asked.append(_condition(text))
    category = next((found[1] for text in conditions if (found := _CATEGORY.fullmatch(text))), None)
    return Step(name, tuple(asked), tuple(endings), tuple(other_endings), category)

"""The content models of UBL made ready to be asked of many elements: children, attributes and text of each type.

They answer yes or no; `structure` says what is wrong.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from functools import cache
from typing import Final

from .schema import schema

XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DAY = re.compile(r"-?([0-9]{4}|[1-9][0-9]{4,})(-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_TIME = re.compile(r"([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


class Content:
    """What UBL allows inside the elements of a type."""

    __slots__ = ("_most", "_required", "_required_attributes", "attributes", "base", "holds_any", "limits", "positions")

    def __init__(self, type_name: str) -> None:
        leaf = schema()["leaf_types"][type_name[1:]] if type_name.startswith("@") else None
        #: the XSD type of its text; None for an element of elements
        self.base: str | None = leaf and leaf["base"]
        #: what each attribute may be, as (XSD type, "required" or "optional")
        self.attributes: dict[str, tuple[str, str]] = leaf["attributes"] if leaf else {}
        #: one element of any name, whatever is in it
        self.holds_any = type_name == "ExtensionContentType"
        children = [] if leaf or self.holds_any else schema()["types"][type_name]
        #: its children, each with its place in the binding order
        self.positions: dict[str, int] = {child: place for place, (child, _, _) in enumerate(children)}
        #: how often each may stand: at least, at most
        self.limits: dict[str, tuple[int, int | None]] = {child: (least, most) for child, least, most in children}
        self._required = [child for child, least, _ in children if least]
        self._most = {child: most for child, _, most in children if most is not None}
        self._required_attributes = {name for name, (_, use) in self.attributes.items() if use == "required"}

    def admits(self, names: Sequence[str]) -> bool:
        """Children of these names may stand here, in this order and number."""
        if self.holds_any:
            return len(names) == 1
        furthest = 0
        for name in names:
            position = self.positions.get(name, -1)
            if position < furthest:
                return False
            furthest = position
        counts = Counter(names)
        most = self._most
        return all(name in counts for name in self._required) and all(
            count == 1 or count <= most.get(name, count) for name, count in counts.items()
        )

    def admits_attributes(self, attributes: Iterable[tuple[str, str]]) -> bool:
        """The attributes are allowed, none is missing, and their values are of their types."""
        missing = set(self._required_attributes)
        for name, text in attributes:
            if name.startswith(XSI):
                continue
            if name not in self.attributes or not is_value(self.attributes[name][0], text):
                return False
            missing.discard(name)
        return not missing

    def question_of_text(self) -> Callable[[str], bool] | None:
        """What to ask of the text of an element without children; None when any text will do."""
        if self.base is None:
            return str_is_blank if self.admits(()) else _never
        return VALUE_OF.get(self.base)


@cache
def content_of(type_name: str) -> Content:
    """The content of a type, "@Amount" for the leaf type Amount."""
    return Content(type_name)


def is_value(base: str, text: str) -> bool:
    """The text, blanks around it aside, is a value of the XSD type."""
    return VALUE_OF[base](text) if base in VALUE_OF else True


def str_is_blank(text: str | None) -> bool:
    return not text or text.isspace()


def _never(_: str) -> bool:
    return False


def _trim(text: str) -> str:
    return text.strip(" \t\r\n")


def _is_decimal(text: str) -> bool:
    return _DECIMAL.fullmatch(text) is not None or _DECIMAL.fullmatch(_trim(text)) is not None


def _is_date(text: str) -> bool:
    matched = _DAY.fullmatch(_trim(text))
    try:  # the schema has years beyond 9999, and none 0; leap years come again every 400
        return (
            matched is not None
            and matched[1].strip("0") != ""
            and bool(date.fromisoformat(f"{2000 + int(matched[1][-4:]) % 400}{matched[2]}"))
        )
    except ValueError:
        return False


def _is_time(text: str) -> bool:
    text = _trim(text)
    matched = _TIME.fullmatch(text)
    try:
        return matched is not None and bool(time.fromisoformat(matched[1]))
    except ValueError:
        return text.startswith("24:00:00")


def _is_base64(text: str) -> bool:
    try:
        a2b_base64(re.sub(r"\s", "", _trim(text)), strict_mode=True)
    except ValueError:  # no base64, or letters that are not ASCII
        return False
    return True


VALUE_OF: Final[dict[str, Callable[[str], bool]]] = {
    "decimal": _is_decimal,
    "boolean": lambda text: _trim(text) in {"true", "false", "1", "0"},
    "date": _is_date,
    "time": _is_time,
    "base64Binary": _is_base64,
    "language": lambda text: bool(_LANGUAGE.fullmatch(_trim(text))),
}  # the others (string, normalizedString, anyURI) take any text

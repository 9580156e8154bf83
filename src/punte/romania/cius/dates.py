"""Dates are written YYYY-MM-DD, ten characters, and are days of the calendar (BR-RO-DT)."""

from __future__ import annotations

from punte.en16931.rules.family import Family
from punte.en16931.rules.nodes import Document, Node
from punte.en16931.rules.values import SEVERAL, NoVerdict, is_date

family = Family()


def _is_ten_character_date(text: str) -> bool:
    return len(text) == 10 and is_date(text)


def _is_plain_date(node: Node, _: Document) -> bool:
    """The official test counts the characters of one text node: a comment that cuts the date in two stops it."""
    element = node.element
    if not len(element):
        return _is_ten_character_date(element.text or "")
    if not is_date(node.text):
        return False
    texts = [text for text in (element.text, *(child.tail for child in element)) if text]
    if len(texts) > 1:
        raise NoVerdict(SEVERAL, node.text)
    return sum(map(len, texts)) == 10


for rule_id, term in (
    ("BR-RO-DT001", "BT-2"),
    ("BR-RO-DT002", "BT-7"),
    ("BR-RO-DT003", "BT-9"),
    ("BR-RO-DT003_CN", "BT-9"),
    ("BR-RO-DT004", "BT-72"),
    ("BR-RO-DT005", "BT-73"),
    ("BR-RO-DT006", "BT-74"),
):
    family.add(rule_id, term, _is_plain_date, text=_is_ten_character_date)

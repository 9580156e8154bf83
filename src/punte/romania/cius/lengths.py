"""How long a text may be in Romania (BR-RO-L…): characters after trimming and collapsing blanks."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from punte.en16931.rules.family import Family, steps
from punte.en16931.rules.nodes import Document, Node, Path
from punte.en16931.rules.tables import rows
from punte.en16931.rules.values import SEVERAL, NoVerdict, trim

family = Family()


def _within(way: Path, limit: int) -> Callable[[Node, Document], bool]:
    def holds(node: Node, _: Document) -> bool:
        text = node.text_of(*way) if way else node.text
        return len(text) <= limit or len(trim(text)) <= limit

    return holds


def _attribute_within(way: Path, name: str, limit: int) -> Callable[[Node, Document], bool]:
    def holds(node: Node, _: Document) -> bool:
        values = [found.attributes[name] for found in node.select(*way) if name in found.attributes]
        if len(values) > 1:
            raise NoVerdict(SEVERAL, name)
        return not values or len(trim(values[0])) <= limit

    return holds


for row in rows(files(__package__) / "lengths.tsv"):
    *way, last = steps(row["path"]) or ("",)
    if last.startswith("@"):
        family.add(
            row["rule"],
            row["term"],
            _attribute_within(tuple(way), last[1:], int(row["limit"])),
            "/".join(way),
            limit=True,
        )
    else:
        family.add(row["rule"], row["term"], _within(steps(row["path"]), int(row["limit"])), row["path"], limit=True)

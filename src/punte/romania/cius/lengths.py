"""How long a text may be in Romania (BR-RO-L…): characters after trimming and collapsing blanks."""

from __future__ import annotations

from collections.abc import Callable

from punte.en16931.rules.family import Family, steps
from punte.en16931.rules.nodes import Document, Node, Path
from punte.en16931.rules.values import SEVERAL, NoVerdict, trim
from punte.en16931.tables import rows

family = Family()


def _fits(limit: int) -> Callable[[str], bool]:
    return lambda text: len(text) <= limit or len(trim(text)) <= limit


def _attribute_within(way: Path, name: str, limit: int) -> Callable[[Node, Document], bool]:
    def holds(node: Node, _: Document) -> bool:
        values = [found.attributes[name] for found in node.select(*way) if name in found.attributes]
        if len(values) > 1:
            raise NoVerdict(SEVERAL, name)
        return not values or len(trim(values[0])) <= limit

    return holds


for row in rows(__file__, "lengths.tsv"):
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
        family.fits(row["rule"], row["term"], row["path"], _fits(int(row["limit"])))

"""Tables of rules: TSV, a `#` begins a line of comment, the first other line names the columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources.abc import Traversable


def rows(table: Traversable) -> Iterator[dict[str, str]]:
    """The rows of a table by column name, in its order."""
    with table.open(encoding="utf-8") as lines:
        yield from csv.DictReader(
            (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )

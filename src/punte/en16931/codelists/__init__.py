"""The code lists of EN 16931, one table a list: `codes("eas")` gives the codes, `entries("eas")` the names too."""

from __future__ import annotations

from functools import cache
from itertools import islice

from ..tables import lines, rows


@cache
def entries(name: str) -> dict[str, dict[str, str]]:
    """The entries of a list by code, in the order of the table; the columns are described in the table's head.

    Raises FileNotFoundError for a name without a table.
    """
    return {row["code"]: row for row in rows(__file__, f"{name}.tsv")}


@cache
def codes(name: str) -> frozenset[str]:
    """The codes of a list, read without their names."""
    return frozenset(cells[0] for cells in islice(lines(__file__, f"{name}.tsv"), 1, None))

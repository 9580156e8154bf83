"""The code lists of EN 16931, one table a list: `codes("eas")` gives the codes, `entries("eas")` the names too."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def entries(name: str) -> dict[str, dict[str, str]]:
    """The entries of a list by code, in the order of the table; the columns are described in the table's head.

    Raises FileNotFoundError for a name without a table.
    """
    table = files(__name__) / f"{name}.tsv"
    with table.open(encoding="utf-8") as lines:
        rows = csv.DictReader(
            (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )
        return {row["code"]: row for row in rows}


@cache
def codes(name: str) -> frozenset[str]:
    """The codes of a list."""
    return frozenset(entries(name))

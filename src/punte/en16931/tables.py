"""Tables: TSV without quoting; a `#` begins a line of comment, the first other line names the columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def rows(module: str, table: str) -> Iterator[dict[str, str]]:
    """The rows of a table by column name, in its order; cells missing at the end of a line are empty.

    module  `__file__` of a module that the table lies beside
    Raises FileNotFoundError when there is no such table.
    """
    lines = (
        line
        for line in Path(module).with_name(table).read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    )
    columns = next(lines).split("\t")
    for line in lines:
        cells = line.split("\t")
        yield dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True))

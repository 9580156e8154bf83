"""Tables: TSV without quoting; a `#` begins a line of comment, the first other line names the columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def lines(module: str, table: str) -> Iterator[list[str]]:
    """The cells of each line, the first being the names of the columns.

    module  `__file__` of a module that the table lies beside
    Raises FileNotFoundError when there is no such table.
    """
    for line in Path(module).with_name(table).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def rows(module: str, table: str) -> Iterator[dict[str, str]]:
    """The rows of a table by column name, in its order; cells missing at the end of a line are empty."""
    all_lines = lines(module, table)
    columns = next(all_lines)
    for cells in all_lines:
        if len(cells) < len(columns):
            cells += [""] * (len(columns) - len(cells))
        yield dict(zip(columns, cells, strict=True))

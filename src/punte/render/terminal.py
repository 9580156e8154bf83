"""An invoice readable in a terminal: the same sheet as the page, set in columns of characters."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from rich import box
from rich.align import Align
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from punte.en16931.model import Invoice

from .sheet import sheet
from .wording import wording

QUIET, STRONG = "dim", "bold"
GAP = 2  # characters between columns
NARROWEST_ITEM = 22  # where the name would have less, quantity and price go beneath it


def show(invoice: Invoice, *, width: int = 80, color: bool = False, language: str = "ro") -> str:
    """`invoice` as lines of at most `width` characters (meant for 60 to 120), the last one ended too.

    color     bold and dim by ANSI sequences; without it, plain text for a pipe or a file
    language  `ro` or `en`
    Every group of the document that a person needs is there, no number is cut short; a text too wide is folded.
    Control characters of the document do not reach the terminal. Raises ValueError for another language.
    """
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=False if color else None,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    page = sheet(invoice, wording(language), with_xml=False)
    console.print(Group(*_parts(page, width)))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _parts(page: dict[str, Any], width: int) -> Iterator[RenderableType]:
    label = page["labels"]
    yield Text(page["title"], STRONG) + Text(f"  {page['number']}")
    yield Text()
    yield _facts([*page["facts"], *page["references"]])
    yield Text()
    yield _parties(page["parties"])
    yield Text()
    yield _lines(page, width)
    yield Text()
    yield Align.right(_totals(page))
    for name, body in (
        (label["payment"], _facts(page["payment"]) if page["payment"] else None),
        (label["mentions"], _paragraphs(page["mentions"])),
        (label["documents"], _paragraphs(page["documents"])),
    ):
        if body is not None:
            yield Text(f"\n{name}", STRONG)
            yield body


def _grid(**more: Any) -> Table:
    return Table.grid(padding=(0, GAP, 0, 0), pad_edge=False, **more)


def _facts(rows: Iterable[list[str]]) -> Table:
    table = _grid()
    table.add_column(style=QUIET, overflow="fold")
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(Text(name), Text(value))
    return table


def _parties(parties: list[dict[str, Any]]) -> Table:
    """Two beside each other."""
    table = _grid(expand=True)
    for _ in range(2):
        table.add_column(ratio=1, overflow="fold")
    blocks = [
        Text("\n").join(
            [Text(who["role"], QUIET), *([Text(who["name"], STRONG)] if who["name"] else []), *map(Text, who["lines"])]
        )
        for who in parties
    ]
    for first in range(0, len(blocks), 2):
        table.add_row(*blocks[first : first + 2])
        if first + 2 < len(blocks):
            table.add_row()
    return table


def _lines(page: dict[str, Any], width: int) -> Table:
    label, rows = page["labels"], page["lines"]
    heads = ["line_number", "item", "quantity", "price", *(["vat"] if page["vat_column"] else []), "amount"]
    numbers = [str(index) for index in range(1, len(rows) + 1)]
    figures = [[_price(row) if key == "price" else row[key] for row in rows] for key in heads[2:]]
    widths = [_widest([label[key], *cells]) for key, cells in zip(heads[2:], figures, strict=True)]
    left_for_item = width - _widest([label["line_number"], *numbers]) - sum(widths) - GAP * (len(heads) - 1)
    beneath = left_for_item < NARROWEST_ITEM
    if beneath:  # the amount alone keeps a column
        heads, figures, widths = [*heads[:2], heads[-1]], figures[-1:], widths[-1:]

    # The box itself has one blank between columns.
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, GAP - 1, 0, 0), pad_edge=False, expand=True)
    table.add_column(Text(label["line_number"], QUIET), justify="right", style=QUIET, no_wrap=True)
    table.add_column(Text(label["item"], QUIET), ratio=1, overflow="fold")
    for key, wide in zip(heads[2:], widths, strict=True):
        table.add_column(Text(label[key], QUIET), justify="right", min_width=min(wide, width // 2), overflow="fold")
    for index, row in enumerate(rows):
        said = [Text(row["name"])]
        if beneath:
            said.append(Text(" · ".join(_beneath(row, page))))
        said += [Text(detail, QUIET) for detail in row["details"]]
        table.add_row(numbers[index], Text("\n").join(said), *(Text(cells[index]) for cells in figures))
    return table


def _price(row: dict[str, Any]) -> str:
    return "\n".join(filter(None, (row["price"], row["per"])))


def _beneath(row: dict[str, Any], page: dict[str, Any]) -> Iterator[str]:
    """`6 buc × 150,00`, `TVA 21 %`."""
    yield f"{row['quantity']} × {' '.join(filter(None, (row['price'], row['per'])))}"
    if page["vat_column"]:
        yield f"{page['labels']['vat']} {row['vat']}"


def _totals(page: dict[str, Any]) -> Table:
    table = _grid()
    table.add_column(overflow="fold")
    table.add_column(justify="right", overflow="fold")
    for name, amount in page["totals"]:
        table.add_row(Text(name), Text(amount))
    table.add_row(*(Text(said, STRONG) for said in page["due"]))
    if page["vat_in_accounting_currency"]:
        table.add_row(*map(Text, page["vat_in_accounting_currency"]))
    return table


def _paragraphs(texts: list[str]) -> RenderableType | None:
    return Padding(Text("\n".join(texts), overflow="fold"), 0) if texts else None


def _widest(texts: list[str]) -> int:
    return max((cell_len(line) for text in texts for line in text.split("\n")), default=0)

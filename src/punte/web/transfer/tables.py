"""Tables taken along, as CSV or XLSX; streamed, however long.

CSV as Excel in Romania opens it by itself: UTF-8 with its mark, `;` between, a decimal comma, 22.11.2026. Text that a
spreadsheet would take for a formula gets a ' in front (which the import takes off again); in XLSX text stays text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from .reading import FORMULA

Cell = str | int | Decimal | date | None
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name` on its tab; `rows` as wide as `head`, read once."""

    name: str
    head: list[str]
    rows: Iterable[Sequence[Cell]]


class _Echo:
    """A file that keeps nothing: `write` gives back what it was given."""

    def write(self, text: str) -> str:
        return text


def as_csv(sheet: Sheet) -> Iterator[bytes]:
    writer = csv.writer(_Echo(), delimiter=";")
    yield MARK + bytes(writer.writerow([said(title) for title in sheet.head]), "utf-8")
    for row in sheet.rows:
        yield bytes(writer.writerow([said(cell) for cell in row]), "utf-8")


def said(cell: Cell) -> str:
    match cell:
        case Decimal():
            return f"{cell:f}".replace(".", ",")
        case date():
            return f"{cell:%d.%m.%Y}"
        case str() if cell.lstrip().startswith(FORMULA):
            return f"'{cell}"
        case None:
            return ""
    return str(cell)


def as_xlsx(sheet: Sheet) -> IO[bytes]:
    """A workbook of one sheet, in a temporary file at its beginning."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet.name[:31])
    page.freeze_panes = "B2"
    page.append([_cell(page, title) for title in sheet.head])
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book.save(file)
    file.seek(0)
    return file


def _cell(page: Any, value: Cell) -> Any:
    if isinstance(value, str):
        cell = WriteOnlyCell(page, value=ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type = "s"
        return cell
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, Decimal):
        cell.number_format = "#,##0.00####"
    elif isinstance(value, date) and not isinstance(value, datetime):
        cell.number_format = "dd.mm.yyyy"
    return cell

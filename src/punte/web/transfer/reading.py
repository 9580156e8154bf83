"""A file that somebody brings, as a table of text: CSV of any usual separator and encoding, or XLSX.

What is inside is not believed: sizes, rows, columns and what a ZIP inflates to are limited, and an XLSX that carries
a DTD is refused. An XLSX is turned into our own CSV at once, so that everything after reads one form.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

LARGEST = 10 * 2**20  # bytes of a table
MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST = 5_000  # characters of a cell
MOST_INFLATED = 80 * 2**20  # bytes of an XLSX, inflated
MOST_MEMBERS = 500

ENCODINGS = ("utf-8", "cp1250", "iso8859-16", "iso8859-2", "cp1252", "utf-16")
SEPARATORS = (";", ",", "\t", "|")
NEIGHBOURS = set("éèêëàáäöüóíúçñßåÉÁÄÖÜÓ€„”“’–—°²³ \u00a0§«»")  # in names and addresses here, now and then
CEDILLA = {0x15F: "ș", 0x163: "ț", 0x15E: "Ș", 0x162: "Ț"}  # what code pages wrote before the comma had a place
ROMANIAN = {*"ăâîșț", *"ĂÂÎȘȚ", *map(chr, CEDILLA)}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unreadable(Exception):
    """The file cannot be taken. Its text is for the screen."""


@dataclass(frozen=True, slots=True)
class Table:
    """`head` names the columns; `rows` are (number in the file, cells), empty ones left out, all as wide as `head`."""

    head: list[str]
    rows: list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Source:
    """A table as it is kept: CSV bytes and how to read them."""

    content: bytes
    encoding: str
    separator: str
    decimal: str


def source(content: bytes) -> Source:
    """`content`, as it came, with what can be told of it. Raises Unreadable."""
    if not content.strip():
        raise Unreadable(_("Fișierul este gol. Alegeți un fișier cu un rând de titluri și cel puțin un rând de date."))
    if len(content) > LARGEST:
        raise Unreadable(
            _("Fișierul are peste %(size)d MB. Împărțiți-l în mai multe și aduceți-le pe rând.")
            % {"size": LARGEST // 2**20}
        )
    if content.startswith(b"PK\x03\x04"):
        return Source(as_csv(xlsx_rows(content)), "utf-8", ",", ".")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("Acesta este un fișier Excel vechi (.xls). Deschideți-l și salvați-l ca .xlsx sau CSV."))
    encoding = encoding_of(content)
    text = decoded(content, encoding)
    separator = separator_of(text)
    return Source(content, encoding, separator, decimal_of(text, separator))


def table(content: bytes, encoding: str, separator: str) -> Table:
    """The rows of a CSV. The first that is not empty is the head. Raises Unreadable."""
    text = decoded(content, encoding)
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > MOST_COLUMNS:
                raise Unreadable(_("Tabelul are peste %(count)d coloane.") % {"count": MOST_COLUMNS})
            if any(len(cell) > LONGEST for cell in cells):
                raise Unreadable(
                    _("Pe rândul %(row)d o celulă are peste %(count)d caractere. Poate separatorul nu este cel bun.")
                    % {"row": reader.line_num, "count": LONGEST}
                )
            rows.append((reader.line_num, [_clean(cell) for cell in cells]))
            if len(rows) > MOST_ROWS + 1:
                raise Unreadable(
                    _("Tabelul are peste %(count)d de rânduri. Împărțiți-l în mai multe fișiere.")
                    % {"count": MOST_ROWS}
                )
    except csv.Error as fault:
        raise Unreadable(
            _("Rândul %(row)d nu se poate citi ca tabel: ghilimelele sau separatorul nu sunt cele așteptate.")
            % {"row": reader.line_num}
        ) from fault
    if len(rows) < 2:
        raise Unreadable(_("Fișierul nu are decât un rând. Prima linie trebuie să fie titlurile, apoi datele."))
    head = rows[0][1]
    width = len(head)
    return Table(head, [(number, (cells + [""] * width)[:width]) for number, cells in rows[1:]])


def decoded(content: bytes, encoding: str) -> str:
    """The text, with ș and ț of comma below; a character that the encoding has not becomes �."""
    if encoding not in ENCODINGS:
        encoding = "utf-8"
    return content.decode("utf-8-sig" if encoding == "utf-8" else encoding, "replace").translate(CEDILLA)


def encoding_of(content: bytes) -> str:
    """UTF-8 where it is; else the code page whose letters make most sense in Romanian.

    cp1250, ISO 8859-2 and ISO 8859-16 put ă, ș, ț on the same bytes, so a tie between them reads the same.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        sample = content[:200_000]
        return max(("cp1250", "iso8859-16", "iso8859-2", "cp1252"), key=lambda one: _sense(sample, one))
    return "utf-8"


def _sense(content: bytes, encoding: str) -> int:
    strange = Counter(letter for letter in content.decode(encoding, "replace") if ord(letter) > 127)
    return sum(
        count * (2 if letter in ROMANIAN else 1 if letter in NEIGHBOURS else -2) for letter, count in strange.items()
    )


def separator_of(text: str) -> str:
    """The one that cuts most of the first rows into equally many cells, more than one."""
    sample = "".join(text.splitlines(keepends=True)[:30])

    def fitness(separator: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if row]
        except csv.Error:
            return 0.0, 0
        if not widths or widths[0] < 2:
            return 0.0, 0
        return sum(width == widths[0] for width in widths) / len(widths), widths[0]

    return max(SEPARATORS, key=fitness)


def decimal_of(text: str, separator: str) -> str:
    """The sign before the decimals: what stands before one, two or more than three last figures, or after a 0."""
    found: Counter[str] = Counter()
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            for cell in cells:
                match = re.fullmatch(r"\s*-?[\d.,\u00a0 ]*\d([.,])(?:\d{1,2}|\d{4,6}|(?<=\b0.)\d+)\s*", cell)
                if match and cell.count(match[1]) == 1:  # a day has two
                    found[match[1]] += 1
    except csv.Error:
        return ","
    return "." if found["."] > found[","] else ","


def _clean(cell: str) -> str:
    """Without what spreadsheets add: no-break spaces, and the ' that keeps a formula quiet (`tables`)."""
    cell = cell.replace("\u00a0", " ").replace("\x00", "").strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


# --- XLSX ---


def xlsx_rows(content: bytes) -> Iterable[list[str]]:
    """The rows of the first sheet, values as text: sums with a point, days as 2026-11-22. Raises Unreadable."""
    _weigh(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its own size is not believed
            rows = [
                [_said(value) for value in cells]
                for cells in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)
            ]
        finally:
            book.close()
    except Unreadable:
        raise
    except (InvalidFileException, zipfile.BadZipFile, zlib.error, KeyError, IndexError, ValueError, TypeError,
            AttributeError, EOFError, OSError, SyntaxError, NotImplementedError) as fault:  # fmt: skip
        # openpyxl has no error of its own for a broken part: whatever it stumbles on means the same
        raise Unreadable(
            _("Fișierul nu este un XLSX care se poate citi. Deschideți-l și salvați-l din nou.")
        ) from fault
    if len(rows) > MOST_ROWS + 1:
        raise Unreadable(
            _("Tabelul are peste %(count)d de rânduri. Împărțiți-l în mai multe fișiere.") % {"count": MOST_ROWS}
        )
    width = max((at for row in rows for at, cell in enumerate(row, 1) if cell), default=0)
    return [row[:width] for row in rows]


def _weigh(content: bytes) -> None:
    """Refuse what inflates too far, and XML with a DTD, before any parser sees it.

    zipfile never reads more of a member than its directory says, so the sum of what is said is a true limit.
    """
    heavy = _("Fișierul XLSX este neobișnuit de mare odată dezarhivat. Salvați foaia ca CSV și aduceți-o așa.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_INFLATED:
                raise Unreadable(heavy)
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    inside = archive.read(member)
                    if not inside.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") or b"<!" in _without_comments(inside):
                        raise Unreadable(
                            _("Fișierul XLSX conține declarații nepermise (DTD). Salvați-l din nou din Excel.")
                        )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
        raise Unreadable(
            _("Fișierul nu este un XLSX care se poate citi. Deschideți-l și salvați-l din nou.")
        ) from fault


def _without_comments(inside: bytes) -> bytes:
    return re.sub(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", b"", inside, flags=re.DOTALL) if b"<!" in inside else b""


def _said(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _("da") if value else _("nu")
        case datetime():
            return f"{value:%Y-%m-%d}"
        case date():
            return f"{value:%Y-%m-%d}"
        case float():
            return f"{value:.10f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else repr(value)
    return str(value)


def as_csv(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=",").writerows(rows)
    return text.getvalue().encode()

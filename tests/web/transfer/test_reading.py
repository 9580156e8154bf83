"""A file becomes a table, whatever wrote it; and what is hostile becomes a sentence."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest

from punte.web.transfer import reading, values
from punte.web.transfer.reading import Unreadable

from .conftest import sheet

NAMES = "Denumire;Localitate\nȘtefan Ţepeş şi Fiii SRL;Târgu Mureș\nCafé Țăran SRL;Oraștie\n"


def read(content: bytes) -> reading.Table:
    source = reading.source(content)
    return reading.table(source.content, source.encoding, source.separator)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "iso8859-2", "iso8859-16", "utf-16"])
def test_romanian_letters_come_through_every_usual_encoding(encoding):
    # each code page has one pair of ș and ț only: those of a cedilla, or of a comma below
    text = NAMES.replace("Ț", "Ţ").replace("ș", "ş").replace("ț", "ţ").replace("Ș", "Ş")
    if encoding == "iso8859-16":
        text = NAMES.replace("Ţ", "Ț").replace("ş", "ș")
    assert [cells for _, cells in read(text.encode(encoding)).rows] == [
        ["Ștefan Țepeș și Fiii SRL", "Târgu Mureș"],
        ["Café Țăran SRL", "Oraștie"],
    ]


def test_western_letters_are_read_as_western():
    assert (
        reading.encoding_of("Nume;Oraș".replace("ș", "s").encode() + "\nPeña & Çelik GmbH;Århus\n".encode("cp1252"))
        == "cp1252"
    )


@pytest.mark.parametrize(
    ("separator", "text"),
    [
        (";", 'Nume;Suma\n"Lemn; și piatră";12,50\n'),
        (",", 'Nume,Suma\n"Lemn, și piatră","12,50"\n'),
        ("\t", "Nume\tSuma\nLemn, și; piatră\t12,50\n"),
        ("|", "Nume|Suma\nLemn, și; piatră|12,50\n"),
    ],
)
def test_the_separator_is_found_quotes_respected(separator, text):
    source = reading.source(text.encode())
    assert (source.separator, source.decimal) == (separator, ",")
    assert [len(cells) for _, cells in read(text.encode()).rows] == [2]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a;b\n1;1.234,50\n", ","),
        ("a;b\n1;1,234.50\n", "."),
        ("a;b\n1;7\n", ","),
        ("a;b\n15.03.2026;0,335\n", ","),
        ("a;b\n15.03.2026;0.335\n", "."),
    ],
)
def test_the_sign_of_decimals_is_found(text, sign):
    assert reading.source(text.encode()).decimal == sign


def test_quotes_may_hold_line_breaks_and_rows_keep_their_number_in_the_file():
    table = read(b'Nume;Adresa\n"Unu";"Str. A\nnr. 2"\n\nDoi;Str. B\n')
    assert [(number, cells[0]) for number, cells in table.rows] == [(3, "Unu"), (5, "Doi")]


def test_an_xlsx_is_read_with_days_and_sums_as_they_are():
    table = read(
        sheet(
            [
                ["Data", "Suma", "Nume", "Gol"],
                [datetime(2026, 11, 22), 1234.5, "Ana", None],  # noqa: DTZ001 - XLSX has no zones
                [date(2026, 1, 2), 3, "=1+1", None],
            ]
        )
    )
    assert table.head == ["Data", "Suma", "Nume", "Gol"]
    assert table.rows[0][1] == ["2026-11-22", "1234.5", "Ana", ""]
    assert table.rows[1][1][1] == "3"


def bomb(name: str, content: bytes, times: int = 1) -> bytes:
    """A small ZIP that inflates far."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(times):
            archive.writestr(f"{number}{name}", content)
    return file.getvalue()


def tampered(**members: bytes) -> bytes:
    """A true workbook in which some parts were replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet([["a"], ["b"]]))) as true, zipfile.ZipFile(file, "w") as false:
        for name in true.namelist():
            false.writestr(name, members.get(name.rpartition("/")[2].replace(".xml", ""), true.read(name)))
    return file.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
FAR = (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
       b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c>'
    b'<c r="XFD2"><v>1</v></c></row></sheetData></worksheet>')  # fmt: skip
HOSTILE = {
    "inflates too far": lambda: bomb(".xml", b"<a>" + b" " * 30 * 2**20, times=4),
    "too many parts": lambda: bomb(".xml", b"<a/>", times=600),
    "entities": lambda: tampered(workbook=LAUGHS),
    "entities in UTF-16": lambda: tampered(workbook=LAUGHS.decode().encode("utf-16")),
    "cut off": lambda: sheet([["a"], ["b"]])[:900],
    "a part missing": lambda: bomb("x.xml", b"<a/>"),
    "broken XML": lambda: tampered(sheet1=b"<worksheet><sheetData><row>"),
    "old Excel": lambda: b"\xd0\xcf\x11\xe0" + b"0" * 600,
    "empty": lambda: b" \n",
    "one row": lambda: b"Nume;CUI\n",
    "too large": lambda: b"a;b\n" + b"1;2\n" * (3 * 2**20),
    "too many rows": lambda: b"a;b\n" + b"1;2\n" * 20_001,
    "too many columns": lambda: b";".join([b"a"] * 101) + b"\n" + b";".join([b"1"] * 101),
    "an endless cell": lambda: b'a;b\n"' + b"x" * 200_000,
}


@pytest.mark.parametrize("which", HOSTILE)
def test_what_cannot_be_taken_is_refused_in_a_sentence_and_at_once(which):
    content = HOSTILE[which]()
    began = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert len(str(refused.value)) > 20
    assert time.monotonic() - began < 5


def test_a_sheet_that_claims_sixteen_billion_cells_is_read_by_what_it_holds():
    began = time.monotonic()
    table = read(tampered(sheet1=FAR))
    assert [cells[0] for _, cells in table.rows] == ["2"]
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("typed", "sign", "value"),
    [
        ("1.234,56", ",", "1234.56"),
        ("1,234.56", ".", "1234.56"),
        ("1 234,5 lei", ",", "1234.5"),
        ("1234.5", ",", "1234.5"),  # no thousand ends in one figure
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("0.335", ",", "0.335"),  # nor begins with a 0
        ("-21%", ",", "-21"),
        ("12.345.678,90", ",", "12345678.90"),
    ],
)
def test_amounts_are_read_as_written(typed, sign, value):
    assert values.amount(typed, sign) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "abc", "1,2,3.4.5", "--1", "1e9", "٣", "NaN", "Infinity"])
def test_what_is_no_number_is_said(typed):
    with pytest.raises(values.Wrong):
        values.amount(typed)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("22.11.2026", date(2026, 11, 22)),
        ("2026-11-22 00:00:00", date(2026, 11, 22)),
        ("2/3/26", date(2026, 3, 2)),  # day first, as here
        ("2026-11-22T10:00", date(2026, 11, 22)),
    ],
)
def test_days_are_read_as_written(typed, value):
    assert values.day(typed) == value


@pytest.mark.parametrize("typed", ["", "31.02.2026", "22 noiembrie", "13/13/2026", "1.1.1026"])
def test_what_is_no_day_is_said(typed):
    with pytest.raises(values.Wrong):
        values.day(typed)

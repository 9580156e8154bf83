"""Venituri taken along: what is in the files, and that a table program runs nothing of it."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta

from openpyxl import load_workbook

from punte.web.invoices import exports

from .conftest import TODAY, buyer, draft_of, row, sent


def content_of(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_csv_opens_in_excel_and_runs_nothing(people, firm, bakery, monkeypatch):
    monkeypatch.setattr(exports, "PART", 2)
    for days in range(5):
        sent(draft_of(bakery, row(price="1000"), issued=TODAY - timedelta(days=days)))
    draft_of(buyer(firm, name='=HYPERLINK("http://x";"Ș")', cui=""))
    answer = people["ana"].get("/venituri/export.csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="venituri-19283749-')
    text = content_of(answer)
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 7
    assert len({row[0] for row in rows[1:] if row[0]}) == 5
    total = rows[0].index("Total")
    assert {row[total] for row in rows[1:]} == {"1210,00", "121,00"}
    [draft] = [row for row in rows if not row[0]]
    assert draft[3] == '\'=HYPERLINK("http://x";"Ș")'


def test_a_workbook_holds_numbers_days_and_plain_text(people, firm, bakery):
    sent(draft_of(buyer(firm, name="=1+1", cui=""), row(price="1000")))
    sheet = load_workbook(io.BytesIO(content_of(people["ana"].get("/venituri/export.xlsx")))).active
    head, line = (list(row) for row in sheet.iter_rows(min_row=1, max_row=2))
    by_name = dict(zip((cell.value for cell in head), line, strict=True))
    assert (by_name["Client"].value, by_name["Client"].data_type) == ("=1+1", "s")
    assert (by_name["Total"].value, by_name["Total"].number_format) == (1210, "#,##0.00")
    assert by_name["Data emiterii"].value.date() == TODAY


def test_the_zip_holds_what_was_sent_byte_for_byte_and_no_draft(people, bakery):
    invoices = [sent(draft_of(bakery)) for _ in range(3)]
    draft_of(bakery)
    archive = zipfile.ZipFile(io.BytesIO(content_of(people["ana"].get("/venituri/export.zip"))))
    assert sorted(archive.namelist()) == ["DI-0001.xml", "DI-0002.xml", "DI-0003.xml"]
    assert archive.read("DI-0002.xml") == bytes(invoices[1].submissions.get().document)


def test_only_what_is_filtered_or_ticked_leaves_and_of_ones_own_firm(people, bakery):
    old, new = sent(draft_of(bakery, issued=date(2025, 5, 5))), sent(draft_of(bakery))
    filtered = content_of(people["ana"].get("/venituri/export.csv?de=2025-01-01&pana=2025-12-31")).decode()
    assert (old.label in filtered, new.label in filtered) == (True, False)
    ticked = content_of(people["ana"].post("/venituri/export.csv", {"alese": [new.pk]})).decode()
    assert (old.label in ticked, new.label in ticked) == (False, True)
    theirs = content_of(people["carmen"].post("/venituri/export.csv", {"alese": [new.pk]})).decode()
    assert new.label not in theirs
    assert people["ana"].get("/venituri/export.exe").status_code == 404

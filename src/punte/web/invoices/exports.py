"""Venituri taken along: a table (CSV, XLSX) or the UBL files, of what is filtered or ticked; streamed, however many."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from . import files
from .access import present_firm
from .choosing import chosen, in_parts
from .listing import with_way
from .models import Invoice, Kind

PART = 500  # documents in memory at a time
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a table program would reckon what begins so

Cell = str | Decimal | date | None


@login_required
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """GET /venituri/export.csv|xlsx|zip?…: what the address filters. POST: what is ticked (`choosing.chosen`)."""
    firm, today = present_firm(request), timezone.localdate()
    said = request.GET if request.method == "GET" else request.POST
    found = chosen(firm, said, today)
    name = f"venituri-{firm.cui}-{today}"
    match kind:
        case "csv":
            return _attached(
                StreamingHttpResponse(as_csv(found), content_type="text/csv; charset=utf-8"), f"{name}.csv"
            )
        case "xlsx":
            return FileResponse(as_xlsx(found), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
        case "zip":
            files = StreamingHttpResponse(as_zip(found), content_type="application/zip")
            return _attached(files, f"{name}-ubl.zip")
    raise Http404


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _attached(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- the table ---


def head() -> list[str]:
    return [
        _("Număr"), _("Felul"), _("Starea"), _("Client"), _("CUI"), _("Data emiterii"), _("Scadența"), _("Moneda"),
        _("Fără TVA"), _("TVA"), _("Total"), _("Încasat"), _("Rest"), _("Fără TVA, lei"), _("TVA, lei"),
        _("Index de încărcare SPV"),
    ]  # fmt: skip


def line(invoice: Invoice) -> list[Cell]:
    """One document, in the order of `head`. Amounts in its currency, then in lei."""
    submission = next(iter(invoice.submissions.all()), None)
    return [
        invoice.label,
        f"{invoice.get_kind_display()} {invoice.type_code}"
        if invoice.kind == Kind.INVOICE
        else invoice.get_kind_display(),
        invoice.get_stage_display(),
        invoice.client.name,
        invoice.client.cui or invoice.client.foreign_vat or invoice.client.foreign_identifier,
        invoice.issue_date,
        invoice.due_date,
        invoice.currency,
        invoice.net,
        invoice.vat,
        invoice.payable,
        invoice.paid,
        invoice.payable - invoice.paid,
        invoice.net_lei,
        invoice.vat_lei,
        submission.upload_index if submission else "",
    ]


def lines(invoices: QuerySet[Invoice]) -> Iterator[list[Cell]]:
    for part in in_parts(with_way(invoices), PART):
        for invoice in part:
            yield line(invoice)


class Echo:
    """A file that keeps nothing: `write` gives back what it was given."""

    def write(self, text: str) -> str:
        return text


def as_csv(invoices: QuerySet[Invoice]) -> Iterator[bytes]:
    """As Excel in Romania opens it by itself: UTF-8 with its mark, `;` between, a decimal comma, 22.11.2026."""
    writer = csv.writer(Echo(), delimiter=";")
    yield b"\xef\xbb\xbf" + writer.writerow(head()).encode()
    for row in lines(invoices):
        yield writer.writerow([_plain(cell) for cell in row]).encode()


def _plain(cell: Cell) -> str:
    match cell:
        case Decimal():
            return str(cell).replace(".", ",")
        case date():
            return f"{cell:%d.%m.%Y}"
        case str() if cell.startswith(FORMULA):
            return f"'{cell}"
    return cell or ""


def as_xlsx(invoices: QuerySet[Invoice]) -> IO[bytes]:
    """A workbook of one sheet, in a temporary file at its beginning."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Venituri"))
    sheet.freeze_panes = "B2"
    for column, width in zip("ABCDEFGHIJKLMNOP", (14, 14, 16, 36, 14, 12, 12, 9, *[13] * 7, 20), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.append(head())
    for row in lines(invoices):
        sheet.append([_cell(sheet, value) for value in row])
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


def _cell(sheet: Any, value: Any) -> Any:
    """Text stays text, whatever it begins with; sums and days carry their format."""
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, Decimal):
        cell.number_format = "#,##0.00"
    elif isinstance(value, date):
        cell.number_format = "dd.mm.yyyy"
    return cell


# --- the UBL files ---


class Spout(io.RawIOBase):
    """Where a ZIP is written while it is being sent: what was written since the last `take`."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


def as_zip(invoices: QuerySet[Invoice]) -> Iterator[bytes]:
    """Each numbered invoice as it was sent; as it stands where it was not. Drafts and proformas are left out."""
    spout = Spout()
    issued = invoices.filter(kind=Kind.INVOICE, number__isnull=False)
    found = issued.select_related("client", "series", "firm", "preceding", "bank_account")
    with zipfile.ZipFile(spout, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in in_parts(found, PART):
            for invoice in part:
                archive.writestr(f"{files.stem(invoice)}.xml", files.xml(invoice))
                yield spout.take()
    yield spout.take()

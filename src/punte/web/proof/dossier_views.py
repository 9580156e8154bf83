"""„Dosar”: the page of an invoice's dossier, its files, and many at once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from punte.web.invoices.access import invoice_for, present_firm
from punte.web.invoices.files import stem
from punte.web.invoices.models import Invoice

from . import paper
from .dossier import Dossier
from .period import Period


@login_required
@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/dosar/"""
    dossier = _dossier(request, pk)
    context = {"dossier": dossier, "invoice": dossier.invoice, "summary": paper.summary(dossier)}
    faults = [(fault.number, fault.said(gettext)) for fault in dossier.verdict.faults]
    return render(request, "proof/dossier.html", context | {"facts": paper.facts(dossier), "faults": faults})


@login_required
@require_GET
def as_json(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/dosar.json"""
    dossier = _dossier(request, pk)
    return _file(dossier.as_bytes(), "application/json", f"dosar-{stem(dossier.invoice)}.json")


@login_required
@require_GET
def as_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/dosar.pdf[?limba=en]"""
    dossier = _dossier(request, pk)
    return _file(
        paper.pdf(dossier, _language(request)), "application/pdf", f"dosar-{stem(dossier.invoice)}.pdf", inline=True
    )


@login_required
@require_GET
def many(request: HttpRequest) -> StreamingHttpResponse:
    """GET /venituri/dosare.zip?de_la=…&pana_la=…: JSON and PDF of every invoice sent that was issued in the period."""
    firm, period = present_firm(request), Period.asked(request.GET, timezone.localdate())
    name = f"dosare-{firm.cui}-{period.first}-{period.last}.zip"
    content = _zip(_sent(firm.pk, period.first, period.last), _language(request))
    answer = StreamingHttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _dossier(request: HttpRequest, pk: int) -> Dossier:
    dossier = Dossier(invoice_for(request.user, pk))
    if not dossier.submissions:
        raise Http404
    return dossier


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("limba") or get_language() or "ro"
    return "en" if asked.startswith("en") else "ro"


def _sent(firm: int, first: date, last: date) -> Iterator[Invoice]:
    found = Invoice.objects.filter(firm=firm, issue_date__range=(first, last), submissions__isnull=False)
    return found.select_related("firm", "client", "series").distinct().order_by("issue_date", "pk").iterator()


def _zip(invoices: Iterator[Invoice], language: str) -> Iterator[bytes]:
    """Its bytes as they come: one dossier in memory at a time."""
    out = _Drain()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for invoice in invoices:
            dossier = Dossier(invoice)
            name = f"dosar-{stem(invoice)}"
            archive.writestr(f"{name}.json", dossier.as_bytes())
            archive.writestr(f"{name}.pdf", paper.pdf(dossier, language))
            yield out.drained()
    yield out.drained()


class _Drain(io.RawIOBase):
    """Where a ZIP is written to be sent on at once; it cannot go back, and zipfile does without."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._held += data
        return len(data)

    def drained(self) -> bytes:
        held, self._held = bytes(self._held), bytearray()
        return held


def _file(content: bytes, kind: str, name: str, *, inline: bool = False) -> HttpResponse:
    disposition = f'{"inline" if inline else "attachment"}; filename="{name}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})

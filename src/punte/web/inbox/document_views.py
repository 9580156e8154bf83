"""The page of one received document, its files, its note, and the conversation with who issued it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from punte.render.sheet import sheet
from punte.render.wording import wording
from punte.web.invoices.access import may_write

from . import marking, speaking
from .access import document_for
from .contents import Contents, stem
from .forms import NoteForm, RemarkForm
from .models import Document


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /cheltuieli/<pk>/: what it says; whoever writes for the firm has seen it from now on."""
    document = document_for(request.user, pk)
    if may_write(request.user, document.firm):
        marking.see(document, request.user, timezone.now())  # type: ignore[arg-type]
    return page(request, document)


def page(request: HttpRequest, document: Document, form: RemarkForm | None = None) -> HttpResponse:
    """The page; with a form that was refused, 422 and its problems."""
    contents = Contents(document)
    context = {
        "document": document,
        "named": {"label": document.number},  # as the template of the document asks an invoice of ours
        "contents": contents,
        "sheet": sheet(contents.said, wording("ro"), with_xml=False) if contents.said else None,
        "may_write": may_write(request.user, document.firm),
        "may_speak": speaking.may_speak(document),
        "events": document.events.select_related("user"),
        "remarks": speaking.of_invoice(document.firm_id, [document.upload_index]),
        "corrections": document.corrections.order_by("day", "pk"),
        "repetitions": document.repetitions.order_by("day", "pk"),
        "remark_form": form or RemarkForm(),
        "note_form": NoteForm(initial={"note": document.note}),
    }
    return render(request, "inbox/detail.html", context, status=422 if form is not None else 200)


@login_required
@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /cheltuieli/<pk>/factura.pdf: the human copy, by our renderer."""
    document = document_for(request.user, pk)
    return _file(Contents(document).pdf(), "application/pdf", f"{stem(document)}.pdf", inline=True)


@login_required
@require_GET
def xml(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /cheltuieli/<pk>/factura.xml: as its issuer sent it, byte for byte."""
    document = document_for(request.user, pk)
    return _file(Contents(document).xml, "application/xml", f"{stem(document)}.xml")


@login_required
@require_GET
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /cheltuieli/<pk>/arhiva.zip: what ANAF gave, byte for byte, with the Ministry's seal."""
    document = document_for(request.user, pk)
    return _file(Contents(document).zip, "application/zip", f"{document.upload_index}.zip")


def _file(content: bytes | None, kind: str, name: str, *, inline: bool = False) -> HttpResponse:
    if content is None:
        raise Http404
    disposition = f'{"inline" if inline else "attachment"}; filename="{name}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})


@login_required
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /cheltuieli/<pk>/notita/"""
    document = document_for(request.user, pk, write=True)
    form = NoteForm(request.POST)
    if form.is_valid():
        marking.note(document, form.cleaned_data["note"], timezone.now())
        messages.success(request, _("Notița s-a păstrat."))
    else:
        messages.error(request, _("Notița are cel mult 1.000 de semne. Scurtați-o și păstrați-o din nou."))
    return redirect("inbox:detail", pk)


@login_required
@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /cheltuieli/<pk>/mesaj/: a remark to the issuer, through ANAF (RASP)."""
    document = document_for(request.user, pk, write=True)
    if not speaking.may_speak(document):
        raise Http404
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return page(request, document, form)
    speaking.say(document, form.cleaned_data["text"], request.user, timezone.now())  # type: ignore[arg-type]
    messages.success(request, _("Mesajul pleacă spre ANAF. Vedeți mai jos când ajunge la emitent."))
    return redirect(reverse("inbox:detail", args=[pk]) + "#conversatia")

"""The editor's views: a new invoice, a draft or a refused invoice, and their preview."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from punte.render import pdf as render_pdf

from .access import invoice_for, present_firm
from .editor import Editor, NotEditable, names_a_client_by_cui, with_client, with_row, without_row
from .judge import Judgement
from .models import Invoice
from .signals import Withheld, issue_requested


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """GET /venituri/factura/noua/: an empty invoice. POST: see `_answer`."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    firm = present_firm(request, write=True)
    return _answer(request, Invoice(firm=firm, issue_date=timezone.localdate()))


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/editare/: what is saved. POST: see `_answer`."""
    invoice = invoice_for(request.user, pk, write=True)
    if not invoice.is_editable:
        return _too_late(request, invoice)
    return _answer(request, invoice)


@login_required
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """POST /venituri/factura/previzualizare/[?pk=…]: the PDF of what is typed; nothing is saved."""
    pk = request.GET.get("pk", "")
    if pk.isdecimal():
        invoice = invoice_for(request.user, int(pk), write=True)
    else:
        invoice = Invoice(firm=present_firm(request, write=True), issue_date=timezone.localdate())
    editor = Editor(invoice, timezone.localdate(), request.POST)
    judgement = editor.judgement
    if judgement is None or judgement.document is None:
        return _page(request, editor)
    return HttpResponse(
        render_pdf(judgement.document, xml=None),
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="CIORNA.pdf"'},
    )


def _answer(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """By the button pressed (`action`): `add`, `remove-<n>`, `find`, `pick`, `judge` show the page again with what
    is typed; `save` keeps the draft; `send` keeps it and, when ANAF would take it, sends it on its way."""
    now, today = timezone.now(), timezone.localdate()
    if request.method == "GET":
        return _page(request, Editor(invoice, today))
    data: QueryDict = request.POST
    action, word = data.get("action", "save"), ""
    if action == "add":
        data = with_row(data)
    elif action.startswith("remove-"):
        data = without_row(data, action.removeprefix("remove-"))
    elif action in {"find", "pick"} or (action in {"save", "send"} and names_a_client_by_cui(data)):
        data, word = with_client(data, invoice.firm, now, ask_anaf=action != "pick")
        if action == "pick" and data is request.POST:
            return HttpResponse(status=204)  # a new name: the person goes on typing
    if action not in {"save", "send"}:
        return _page(request, Editor(invoice, today, data, quiet=action != "judge"), word=word, added=action == "add")
    editor = Editor(invoice, today, data)
    if not editor.is_valid:
        return _page(request, editor, word=word)
    judgement = editor.judgement
    sends = action == "send" and judgement is not None and not judgement.problems
    try:
        with transaction.atomic():
            saved = editor.save(request.user, now)  # type: ignore[arg-type]
            if sends:
                try:
                    with transaction.atomic():
                        issue_requested.send(sender=Invoice, invoice=saved, user=request.user)
                except Withheld as withheld:
                    messages.error(request, withheld.text)
    except NotEditable:
        return _too_late(request, invoice)
    if sends:
        return redirect("invoices:detail", saved.pk)
    _say_saved(request, judgement, sending=action == "send")
    return redirect("invoices:edit", saved.pk)


def _say_saved(request: HttpRequest, judgement: Judgement | None, *, sending: bool) -> None:
    if sending:
        messages.warning(request, "Am salvat ciorna, dar nu am trimis-o: ANAF ar refuza-o. Vedeți lista alăturată.")
    elif judgement and judgement.problems:
        messages.success(request, "Ciorna a fost salvată. Mai sunt lucruri de completat înainte de trimitere.")
    else:
        messages.success(request, "Ciorna a fost salvată.")


def _page(request: HttpRequest, editor: Editor, *, word: str = "", added: bool = False) -> HttpResponse:
    clients = editor.firm.clients.order_by("name").only("name", "cui", "city", "county")
    if added:
        editor.shown["rows"][-1][0].fields["name"].widget.attrs["autofocus"] = True
    context = {"editor": editor, "clients": clients[:500], "word": word}
    return render(request, "invoices/editor.html", context)


def _too_late(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    messages.warning(request, f"Factura {invoice} a fost trimisă între timp și nu se mai poate schimba.")
    return redirect("invoices:detail", invoice.pk)

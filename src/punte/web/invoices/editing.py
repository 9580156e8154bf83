"""The editor's views: a new document, a draft or a refused invoice, its autosave and its preview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from punte.render import pdf as render_pdf
from punte.web.design import formats

from . import copies, gestures, keeping, scheduling, unfinished
from .access import invoice_for, present_firm
from .editor import Editor
from .judge import Judgement
from .models import Invoice, Kind, Stage
from .signals import Withheld

KEEPS = {"save", "send", "over", "template"}  # the actions that write what is typed


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """GET /venituri/factura/noua/[?fel=proforma|template][&client=…][&produs=…]: an empty document, or what was being
    written and could not be kept. POST: see `_answer`."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    firm = present_firm(request, write=True)
    kind = request.GET.get("fel", Kind.INVOICE)
    if kind not in Kind.values:
        raise Http404
    invoice = Invoice(firm=firm, kind=kind, issue_date=timezone.localdate())
    if client := _own(firm.clients, request.GET.get("client")):
        invoice.client = client
    if product := _own(firm.products, request.GET.get("produs")):
        data = gestures.with_product(QueryDict(mutable=True), product)
        return _page(request, Editor(invoice, timezone.localdate(), _with_head(invoice, data), quiet=True))
    return _answer(request, invoice)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/editare/: what is saved. POST: see `_answer`."""
    invoice = invoice_for(request.user, pk, write=True)
    if not invoice.is_editable:
        return _locked() if request.POST.get("action") == "autosave" else _too_late(request, invoice)
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


@dataclass
class Gesture:
    """What a button made of the form: the data to show, and what there is to say beside it."""

    data: QueryDict
    word: str = ""  # beside the client
    rate_word: str = ""  # beside the currency
    row_word: str = ""  # beside the rows
    several: Any = ()  # the clients that one may have meant


def _answer(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """By the button pressed (`action`): `save` keeps the draft; `send` keeps it and, when ANAF would take it, sends it
    on its way; `over` keeps it over a colleague's version; `template` keeps it and makes a template of it; `autosave`
    keeps it and says so in JSON; any other shows the page again with what is typed and what the button did."""
    now, today = timezone.now(), timezone.localdate()
    if request.method == "GET":
        return _opened(request, invoice, today)
    action = request.POST.get("action", "save")
    if action == "autosave":
        return _autosave(request, invoice, now, today)
    if action == "forget":
        unfinished.forget(request.session, invoice)
        return redirect(request.get_full_path())
    made = _gesture(request, invoice, action, now, today)
    if made is None:
        return HttpResponse(status=204)  # a new name: the person goes on typing
    editor = Editor(invoice, today, made.data, quiet=action != "judge" and action not in KEEPS)
    if action.startswith("remember-"):
        made.row_word = _remember(editor, action.removeprefix("remember-"))
    if action not in KEEPS or not editor.is_valid:
        return _page(request, editor, made, added=action == "add")
    return _keep(request, editor, made, action, now)


def _gesture(request: HttpRequest, invoice: Invoice, action: str, now: datetime, today: date) -> Gesture | None:
    data: QueryDict = request.POST
    firm = invoice.firm
    name, _dash, index = action.partition("-")
    if action == "add":
        return Gesture(gestures.with_row(data))
    if name == "remove":
        return Gesture(gestures.without_row(data, index))
    if action == "restore":
        return Gesture(gestures.restored(data))
    if name in {"up", "down"}:
        return Gesture(gestures.moved(data, index, -1 if name == "up" else 1))
    if name == "pick" and index:
        client = _own(firm.clients, index)
        return Gesture(gestures.of_client(data, client, firm) if client else data)
    if name == "deduct" and (advance := _own(firm.invoices.filter(is_advance=True), index)):
        return Gesture(gestures.with_deduction(data, advance))
    if name in {"goods", "services"}:
        cases = Editor(invoice, today, data).natures
        return Gesture(gestures.with_nature(data, cases[name].slug) if cases else data)
    if action in {"find", "pick"} or (action in KEEPS and gestures.names_a_client_by_cui(data)):
        data, found = gestures.with_client(data, firm, now, ask_anaf=action != "pick")
        if action == "pick" and data is request.POST:
            return None
        return Gesture(data, word=found.word, several=found.several)
    if action == "money" or action in KEEPS:
        data, word = gestures.with_rate(data, today)
        return Gesture(data, rate_word=word)
    return Gesture(data)


def _keep(request: HttpRequest, editor: Editor, made: Gesture, action: str, now: datetime) -> HttpResponse:
    invoice, judgement = editor.invoice, editor.judgement
    may_go = judgement is not None and not judgement.problems
    sends = action == "send" and may_go and invoice.kind == Kind.INVOICE
    opened = _key(invoice)
    try:
        with transaction.atomic():
            saved = keeping.save(editor, request.user, now, over=action == "over").invoice  # type: ignore[arg-type]
            if sends:
                try:
                    with transaction.atomic():
                        scheduling.send(saved, request.user, now)  # type: ignore[arg-type]
                except Withheld as withheld:
                    messages.error(request, withheld.text)
    except keeping.NotEditable:
        return _too_late(request, invoice)
    except keeping.ChangedMeanwhile as changed:
        return _page(request, editor, made, changed_at=changed.at)
    unfinished.forget(request.session, opened)
    if action == "template":
        name = " ".join(request.POST.get("sablon", "").split())[:100] or saved.client.name[:100]
        copies.template_from(saved, request.user, name)  # type: ignore[arg-type]
        messages.success(request, gettext("Șablonul „%(name)s” a fost salvat.") % {"name": name})
        return redirect("invoices:edit", saved.pk)
    if sends:
        return redirect("invoices:detail", saved.pk)
    _say_saved(request, judgement, sending=action == "send")
    return redirect("invoices:edit", saved.pk)


def _autosave(request: HttpRequest, invoice: Invoice, now: datetime, today: date) -> JsonResponse:
    """Keep a draft while it is typed. What cannot be read yet is put by in the session, so that nothing is lost.

    JSON: `state` (saved, kept, changed, locked), `text` for the page; after `saved` also `seen`, `born`, `address`.
    """
    data: QueryDict = request.POST
    if invoice.stage != Stage.DRAFT:
        return JsonResponse({"state": "kept", "text": ""})
    if not gestures.names_a_client_by_cui(data):
        data, _word = gestures.with_rate(data, today)
    editor, opened = Editor(invoice, today, data), _key(invoice)
    if not editor.is_valid:
        unfinished.keep(request.session, opened, data, now)
        return JsonResponse(
            {"state": "kept", "text": gettext("Ținut minte la %(time)s") % {"time": formats.clock(now)}}
        )
    was = invoice.client_id if invoice.pk else None
    known = editor.client.cleaned_data["born"]
    try:
        kept = keeping.save(editor, request.user, now)  # type: ignore[arg-type]
        saved = kept.invoice
    except keeping.NotEditable:
        return _locked()
    except keeping.ChangedMeanwhile:
        text = gettext("Ciorna a fost schimbată din alt loc. Ce scrieți aici nu se mai salvează singur.")
        return JsonResponse({"state": "changed", "text": text})
    unfinished.forget(request.session, opened)
    is_new = saved.client_id != was and saved.client.invoices.count() == 1 and kept.made_client
    return JsonResponse(
        {
            "state": "saved",
            "text": gettext("Salvat la %(time)s") % {"time": formats.clock(now)},
            "seen": saved.changed_at.isoformat(),
            "born": saved.client_id if is_new else (known if known == saved.client_id else ""),
            "address": reverse("invoices:edit", args=[saved.pk]),
            "preview": f"{reverse('invoices:preview')}?pk={saved.pk}",
        }
    )


def _locked() -> JsonResponse:
    return JsonResponse({"state": "locked", "text": gettext("Factura a fost trimisă între timp.")})


def _remember(editor: Editor, index: str) -> str:
    row = next((row for row in editor.rows if str(row.index) == index), None)
    if row is None or not row.is_valid() or not row.cleaned_data["name"]:
        return gettext("Produsul nu a fost salvat: completați denumirea și prețul rândului.")
    product = keeping.remember(editor, row)
    return gettext("„%(name)s” este acum între produse.") % {"name": product.name}


def _say_saved(request: HttpRequest, judgement: Judgement | None, *, sending: bool) -> None:
    if sending:
        messages.warning(
            request, gettext("Am salvat ciorna, dar nu am trimis-o: ANAF ar refuza-o. Vedeți lista alăturată.")
        )
    elif judgement and judgement.problems:
        messages.success(request, gettext("Ciorna a fost salvată. Mai sunt lucruri de completat înainte de trimitere."))
    else:
        messages.success(request, gettext("Ciorna a fost salvată."))


# --- the page ---


def _opened(request: HttpRequest, invoice: Invoice, today: date) -> HttpResponse:
    """The page as one comes to it; with what was put by, where something could not be kept the last time."""
    left = unfinished.left(request.session, invoice)
    if left is None:
        return _page(request, Editor(invoice, today))
    return _page(request, Editor(invoice, today, left.data, quiet=True), left_at=left.at)


def _page(
    request: HttpRequest, editor: Editor, made: Gesture | None = None, *, added: bool = False, **more: Any
) -> HttpResponse:
    made = made or Gesture(QueryDict())
    if added:
        editor.shown["rows"][-1][0].fields["name"].widget.attrs["autofocus"] = True
    context = {
        "editor": editor,
        "word": made.word,
        "several": made.several,
        "rate_word": made.rate_word,
        "row_word": made.row_word,
        "removed": [(key, value) for key, value in made.data.items() if key.startswith(gestures.REMOVED)],
        "templates": _templates(editor) if not editor.invoice.pk and not request.htmx else (),  # type: ignore[attr-defined]
    }
    return render(request, "invoices/editor.html", context | more)


def _templates(editor: Editor) -> Any:
    return editor.firm.invoices.filter(kind=Kind.TEMPLATE).order_by("name", "pk")[:30]


def _with_head(invoice: Invoice, data: QueryDict) -> QueryDict:
    """`data` with what an empty form's head begins with."""
    for name, value in Editor(invoice, timezone.localdate()).head.initial.items():
        data[f"factura-{name}"] = str(value)
    return data


def _key(invoice: Invoice) -> str:
    return unfinished.key(invoice)


def _own(of: Any, pk: str | None) -> Any:
    """The row of `of` with that key, as text from an address or a form; None where there is none."""
    return of.filter(pk=int(pk)).first() if pk and pk.isdecimal() and len(pk) < 19 else None


def _too_late(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    messages.warning(
        request,
        gettext("Factura %(label)s a fost trimisă între timp și nu se mai poate schimba.") % {"label": invoice},
    )
    return redirect("invoices:detail", invoice.pk)

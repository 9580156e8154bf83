"""Setări → Date → Import: the file, its columns, what the check says, the import itself, and back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from punte.web.accounts.models import User
from punte.web.invoices.access import present_firm

from . import fields, imports, reading, tables, ubl_files, undoing
from .access import import_for
from .forms import ColumnsForm, StartForm
from .models import Import, Kind, State

PREVIEWED = 8  # rows of the file, and sentences about bad ones, on a page
SHOWN = 50


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """GET and POST /date/import/: what, and which file."""
    firm = present_firm(request, write=True)
    assert isinstance(request.user, User)
    form = StartForm(
        request.POST or None, request.FILES or None, initial={"kind": request.GET.get("fel", Kind.CLIENTS)}
    )
    if request.method == "POST" and form.is_valid():
        file, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
        limit = ubl_files.LARGEST if kind == Kind.UBL else reading.LARGEST
        try:
            one = imports.start(firm, request.user, kind, file.name, file.read(limit + 1))
        except reading.Unreadable as fault:
            form.add_error("file", str(fault))
        else:
            return redirect("transfer:import", one.pk)
    return render(request, "transfer/create.html", {"form": form}, status=200)


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /date/import/<pk>/: the page of where it stands; for htmx, the part that changes while it works."""
    one = import_for(request.user, pk)
    if request.htmx:  # type: ignore[attr-defined]
        if request.GET.get("seen") == seen(one):
            return HttpResponse(status=204)
        if not one.is_at_work:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "transfer/progress.html", {"one": one, "seen": seen(one)})
    match one.state:
        case State.READING:
            return _columns(request, one)
        case State.CHECKING | State.IMPORTING | State.UNDOING:
            return render(request, "transfer/working.html", {"one": one, "seen": seen(one)})
    template = "transfer/checked.html" if one.state == State.CHECKED else "transfer/result.html"
    refused = one.refused[1:]
    shown = [row | {"cells": [cell for cell in row["cells"] if cell]} for row in refused[:SHOWN]]
    context = {"one": one, "refused": shown, "more": max(0, len(refused) - SHOWN)}
    return render(request, template, context)


def seen(one: Import) -> str:
    return f"{one.state}-{one.done}-{bool(one.trouble)}"


def _columns(request: HttpRequest, one: Import, form: ColumnsForm | None = None) -> HttpResponse:
    trouble, table = one.trouble, reading.Table([], [])
    try:
        table = imports.table(one)
    except reading.Unreadable as fault:
        trouble = str(fault)
    preset = fields.presets(one.kind).get(one.preset)
    context: dict[str, Any] = {
        "one": one, "form": form or ColumnsForm(one, table.head), "head": table.head,
        "rows": table.rows[:PREVIEWED], "count": len(table.rows), "trouble": trouble, "preset": preset,
    }  # fmt: skip
    return render(request, "transfer/columns.html", context)


@login_required
@require_POST
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /date/import/<pk>/coloane/: read it otherwise (`preview`), or check every row (`check`)."""
    one = import_for(request.user, pk)
    if one.state not in {State.READING, State.CHECKED} or one.kind == Kind.UBL:
        return redirect("transfer:import", pk)
    if request.POST.get("action") == "back":
        Import.objects.filter(pk=pk, state=State.CHECKED).update(state=State.READING)
        return redirect("transfer:import", pk)
    try:
        head = imports.table(one).head
    except reading.Unreadable:
        head = []
    form = ColumnsForm(one, head, request.POST)
    if not form.is_valid():
        return _columns(request, one, form)
    reread = form.onto(one)
    if request.POST.get("action") == "check" and not reread:
        if form.lacking():
            return _columns(request, one, form)
        imports.check(one)
        return redirect("transfer:import", pk)
    if reread:  # other columns may stand there now: they are matched anew, and looked at again before anything runs
        try:
            one.columns = fields.matched(one.kind, imports.table(one).head, one.preset)
        except reading.Unreadable:
            one.columns = {}
    names = ["encoding", "separator", "decimal", "preset", "known", "series", "columns"]
    one.save(update_fields=names)
    return redirect("transfer:import", pk)


@login_required
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /date/import/<pk>/porneste/: write the good rows."""
    imports.go(import_for(request.user, pk))
    return redirect("transfer:import", pk)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /date/import/<pk>/anuleaza/: give up what was not written, take back what was (the worker does)."""
    one = import_for(request.user, pk)
    if one.state == State.DONE:
        undoing.start(one)
        return redirect("transfer:import", pk)
    if one.state in {State.READING, State.CHECKED}:
        imports.discard(one)
        messages.success(request, _("Ați renunțat la fișierul %(name)s. Nu s-a scris nimic.") % {"name": one.file_name})
    return redirect("transfer:index")


@login_required
@require_GET
def refused(request: HttpRequest, pk: int) -> HttpResponseBase:
    """GET /date/import/<pk>/respinse.csv: the bad rows as they were, with a column that says why."""
    one = import_for(request.user, pk)
    rows = one.refused
    head = [*(rows[0]["head"] if rows else []), _("Rândul"), _("De ce nu s-a importat")]
    sheet = tables.Sheet("", head, ([*row["cells"], row["row"], row["why"]] for row in rows[1:]))
    answer = StreamingHttpResponse(tables.as_csv(sheet), content_type=tables.CSV)
    answer["Content-Disposition"] = f'attachment; filename="respinse-{one.pk}.csv"'
    return answer

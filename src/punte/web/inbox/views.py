"""Cheltuieli: the list, the suppliers, what is marked, and the way to ask SPV now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from punte.web.connection import client
from punte.web.design import formats
from punte.web.firms.models import Firm
from punte.web.invoices.access import may_write, present_firm
from punte.web.invoices.filters import periods
from punte.web.spv.models import Keeping, Mailbox, Message
from punte.web.transfer import tables

from . import exports, marking
from .filters import asked
from .listing import listing, matching, newest_first, suppliers
from .models import Document, Mark
from .words import mailbox_sentence

ASK_AGAIN = timedelta(minutes=5)  # between two listings asked for by hand
UNDO = "inbox.undo"  # in the session: what the last press changed


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """GET /cheltuieli/[?…: `inbox.filters`]: the list."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    firm, today = present_firm(request), timezone.localdate()
    found = listing(firm, asked(request.GET, today))
    supplier = None
    if key := found.asked.supplier:
        own = Document.objects.filter(firm=firm, supplier_key=key)
        supplier = next(iter(own.order_by("-pk").values("seller_name", "seller_cif")[:1]), None)
    context = {
        "listing": found,
        "today": today,
        "periods": periods(today),
        "supplier": supplier,
        "may_write": may_write(request.user, firm),
        "undo": "marcate" in request.GET and UNDO in request.session,
        **mailbox_of(firm, timezone.now()),
    }
    return render(request, "inbox/list.html", context)


def mailbox_of(firm: Firm, now: datetime) -> dict[str, Any]:
    """How the bringing goes, for the strip over the list and for the empty page."""
    mailbox = Mailbox.objects.filter(firm=firm).first()
    sentence, listed = mailbox_sentence(mailbox)
    connection = client.status(firm)
    return {
        "connected": connection is not None and connection.works,
        "trouble": sentence if mailbox is not None and mailbox.waiting_for else "",
        "listed_until": listed,
        "coming": Message.objects.filter(firm=firm, keeping=Keeping.DUE).count(),
        "may_ask": mailbox is not None and mailbox.due_at is not None and mailbox.due_at > now,
    }


@login_required
@require_GET
def supplier_list(request: HttpRequest) -> HttpResponse:
    """GET /cheltuieli/furnizori/[?q=…]: who sent what, by what was spent with them."""
    firm = present_firm(request)
    query = request.GET.get("q", "").strip()[:100]
    return render(request, "inbox/suppliers.html", {"suppliers": suppliers(firm, query), "query": query})


@login_required
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """GET /cheltuieli/export.csv|xlsx?…: what the address filters. POST: what is ticked."""
    if kind not in {"csv", "xlsx"}:
        raise Http404
    firm, today = present_firm(request), timezone.localdate()
    sheet = exports.sheet(chosen(firm, request.GET if request.method == "GET" else request.POST))
    name = f"cheltuieli-{firm.cui}-{today}"
    if kind == "xlsx":
        return FileResponse(
            tables.as_xlsx(sheet), as_attachment=True, filename=f"{name}.xlsx", content_type=tables.XLSX
        )
    answer = StreamingHttpResponse(tables.as_csv(sheet), content_type=tables.CSV)
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def chosen(firm: Firm, said: QueryDict) -> Any:
    """Of `firm` alone: `alese` are keys; with `toate`, or with none ticked, what the filters find."""
    ticked = said.getlist("alese")
    if said.get("toate") or not ticked:
        return matching(firm, asked(said, timezone.localdate()).whole())
    return Document.objects.filter(firm=firm, pk__in=[int(pk) for pk in ticked if pk.isdecimal() and len(pk) < 19])


@login_required
@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    """POST /cheltuieli/marcare/: `catre` booked, seen or new; `alese`, or `toate` that are filtered; `inapoi` a key."""
    firm = present_firm(request, write=True)
    to = next((one for one in Mark if one == request.POST.get("catre")), None)
    back = request.POST.get("inapoi", "")
    if to is None or not (request.POST.get("toate") or request.POST.getlist("alese")):
        messages.error(request, _("Alegeți întâi facturile, apoi ce faceți cu ele."))
        return redirect("inbox:list")
    keys = newest_first(chosen(firm, request.POST)).values_list("pk", flat=True)[: marking.MOST]
    before = marking.mark(firm, keys, to, request.user, timezone.now())  # type: ignore[arg-type]
    count = sum(len(pks) for pks in before.values())
    request.session[UNDO] = {"firm": firm.pk, "before": before}
    said = {
        Mark.BOOKED: _("Contabilizate: %(documents)s."),
        Mark.SEEN: _("Văzute: %(documents)s."),
        Mark.NEW: _("Din nou noi: %(documents)s."),
    }[to]
    messages.success(request, said % {"documents": documents(count)})
    if back.isdecimal():
        return redirect("inbox:detail", int(back))
    return redirect(reverse("inbox:list") + asked(request.POST, timezone.localdate()).address(marcate="1"))


def documents(count: int) -> str:
    """`22 de documente`."""
    return formats.plural(count, *_("document,documente").split(","))


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """POST /cheltuieli/anulare/: takes back the last marking of this browser."""
    firm = present_firm(request, write=True)
    last = request.session.pop(UNDO, None)
    if not last or last["firm"] != firm.pk:
        messages.error(request, _("Nu mai e nimic de anulat aici."))
    else:
        count = marking.undo(firm, last["before"], request.user, timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("Ca înainte: %(documents)s.") % {"documents": documents(count)})
    return redirect(reverse("inbox:list") + asked(request.POST, timezone.localdate()).address())


@login_required
@require_POST
def ask_now(request: HttpRequest) -> HttpResponse:
    """POST /cheltuieli/verificare/: SPV is listed now, not at the firm's minute of the hour."""
    firm = present_firm(request, write=True)
    now = timezone.now()
    lately = Q(listed_until__gt=now - ASK_AGAIN)
    if Mailbox.objects.filter(firm=firm, due_at__gt=now, tries=0).exclude(lately).update(due_at=now):
        messages.success(request, _("Întrebăm SPV acum. Ce e nou apare aici în câteva momente."))
    else:
        messages.info(request, _("SPV a fost întrebat de curând, sau ANAF nu răspunde. Întrebăm din nou singuri."))
    return redirect("inbox:list")

"""Venituri, the page of one invoice, its files, and what is done with it by one press."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from punte.render.sheet import sheet
from punte.render.wording import wording

from . import clients, files, payments
from .access import invoice_for, may_write, present_firm
from .copies import copy_of
from .filters import asked, periods
from .judge import judge
from .listing import fingerprint, is_moving, listing, with_way
from .models import Invoice, Kind, Stage
from .nearness import nearness
from .payment_views import form_for
from .scheduling import countdown, last_day, latest_safe


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """GET /venituri/[?…: `invoices.filters`]: the list; for htmx with `seen`, what changed, or 204."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    firm, today = present_firm(request), timezone.localdate()
    found = listing(firm, asked(request.GET, today), today)
    seen = request.GET.get("seen")
    if seen == found.fingerprint:
        return HttpResponse(status=204)  # nothing new: the page and the screen reader stay quiet
    client = found.asked.client
    context = {
        "listing": found,
        "news": found.news(seen or ""),
        "today": today,
        "periods": periods(today),
        "client": firm.clients.filter(pk=client).first() if client else None,
        "clients": clients.few(firm),
        "own_days": not found.asked.period and bool(found.asked.first or found.asked.last),
        "may_write": may_write(request.user, firm),
    }
    return render(request, "invoices/list_changes.html" if seen is not None else "invoices/list.html", context)


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/: the invoice; for htmx with `seen`, the parts that changed, or 204."""
    firm = invoice_for(request.user, pk).firm
    invoice = with_way(Invoice.objects.select_related("preceding", "created_by")).get(pk=pk)
    invoice.firm = firm
    seen = request.GET.get("seen")
    if seen == fingerprint(invoice):
        return HttpResponse(status=204)
    today = timezone.localdate()
    judgement = judge(invoice, today=today) if invoice.is_editable else None
    issued = invoice.number is not None
    context = {
        "invoice": invoice,
        "sheet": sheet(files.shown_document(invoice), wording("ro"), with_xml=False),
        "judgement": judgement,
        "may_write": may_write(request.user, firm),
        "is_moving": is_moving(invoice),
        "fingerprint": fingerprint(invoice),
        "last_day": last_day(invoice),
        "safe": latest_safe(invoice) if invoice.is_editable or invoice.stage == Stage.SCHEDULED else None,
        "countdown": countdown(invoice, today) if invoice.stage != Stage.DRAFT else "",
        "nearness": nearness(invoice, today),
        "has_package": any(one.package_id for one in invoice.submissions.all()),
        "payments": list(invoice.payments.select_related("created_by")) if issued else [],
        "left": payments.left(invoice) if issued else None,
        "form": form_for(invoice) if issued else None,
        "letters": list(invoice.letters.order_by("-pk")) if issued else [],
        "made": invoice.invoices_made.order_by("pk") if invoice.kind == Kind.PROFORMA else (),
    }
    return render(request, "invoices/detail_changes.html" if seen is not None else "invoices/detail.html", context)


# --- the document and its files ---


@login_required
@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/factura.pdf: the human copy, with the XML in it once it was sent."""
    invoice = invoice_for(request.user, pk)
    content = files.pdf(invoice)
    return _file(content, "application/pdf", f"{files.stem(invoice)}.pdf", inline=True)


@login_required
@require_GET
def xml(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/factura.xml: the UBL as it was sent; for a draft as it would be."""
    invoice = invoice_for(request.user, pk)
    return _file(files.xml(invoice), "application/xml", f"{files.stem(invoice)}.xml")


def _file(content: bytes, kind: str, name: str, *, inline: bool = False) -> HttpResponse:
    disposition = f'{"inline" if inline else "attachment"}; filename="{name}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})


# --- one press ---


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/stergere/: a draft that never had a number."""
    invoice = invoice_for(request.user, pk, write=True)
    with transaction.atomic():
        held = Invoice.objects.select_for_update().get(pk=invoice.pk)
        if held.stage != Stage.DRAFT or held.number is not None:
            messages.error(
                request, _("%(invoice)s are număr și nu se mai poate șterge. O puteți storna.") % {"invoice": held}
            )
            return redirect("invoices:detail", pk)
        held.delete()
    messages.success(request, _("Ciorna a fost ștearsă."))
    return redirect("invoices:list")


@login_required
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/copiere/: a draft like this one, with today's date."""
    invoice = invoice_for(request.user, pk, write=True)
    draft = copy_of(invoice, request.user, timezone.localdate())  # type: ignore[arg-type]
    messages.success(request, _("Ciorna e o copie, cu data de azi."))
    return redirect("invoices:edit", draft.pk)

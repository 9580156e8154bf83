"""Receipts for cash: the paper, the register of them, taking one back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from . import letters, payments
from . import receipts as paper
from .access import invoice_for, may_write, present_firm
from .models import Letter, Payment

PAGE = 50


@login_required
@require_GET
def receipts(request: HttpRequest) -> HttpResponse:
    """GET /venituri/chitante/[?pagina=…]: every receipt of the firm, newest first, those cancelled too."""
    firm = present_firm(request)
    numbered = Payment.objects.filter(invoice__firm=firm, number__isnull=False)
    shown = numbered.select_related("invoice__client").order_by("-day", "-pk")
    page = Paginator(shown, PAGE).get_page(request.GET.get("pagina", "1"))
    return render(
        request, "invoices/receipts.html", {"firm": firm, "page": page, "may_write": may_write(request.user, firm)}
    )


@login_required
@require_GET
def receipt(request: HttpRequest, payment: int) -> HttpResponse:
    """GET /venituri/incasari/<payment>/chitanta.pdf"""
    found = _payment(request, payment)
    if found.number is None:
        raise Http404
    name = f'inline; filename="{paper.stem(found)}.pdf"'
    return HttpResponse(paper.pdf(found), content_type="application/pdf", headers={"Content-Disposition": name})


@login_required
@require_POST
def mail(request: HttpRequest, payment: int) -> HttpResponse:
    """POST /venituri/incasari/<payment>/mail/: the receipt to the client."""
    found = _payment(request, payment, write=True)
    if found.number is None:
        raise Http404
    try:
        letter = letters.write(found.invoice, Letter.Kind.RECEIPT, request.user, payment=found)  # type: ignore[arg-type]
        letters.queue(letter, timezone.now())
    except letters.NotMailable as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Chitanța pleacă la %(to)s.") % {"to": letter.to})
    return redirect("invoices:detail", found.invoice_id)


@login_required
@require_POST
def cancel(request: HttpRequest, payment: int) -> HttpResponse:
    """POST /venituri/incasari/<payment>/anulare/: a sum written by mistake; a numbered receipt stays, cancelled."""
    found = _payment(request, payment, write=True)
    payments.cancel(found, request.user)  # type: ignore[arg-type]
    if found.number is None:
        messages.success(request, _("Încasarea a fost ștearsă."))
    else:
        said = _("Chitanța %(label)s este anulată. Numărul ei rămâne în registru; nu se mai folosește.")
        messages.success(request, said % {"label": found.label})
    return redirect("invoices:detail", found.invoice_id)


def _payment(request: HttpRequest, pk: int, *, write: bool = False) -> Payment:
    """Raises Http404 for a stranger, PermissionDenied for who only reads and would write."""
    found = Payment.objects.filter(pk=pk).select_related("series").first()
    if found is None:
        raise Http404
    found.invoice = invoice_for(request.user, found.invoice_id, write=write)
    return found

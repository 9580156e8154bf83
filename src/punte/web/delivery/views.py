"""„Trimite”, the sealed ZIP, and Acasă: what is on the bridge and what waits for a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from punte.romania.calendar import deadline
from punte.web.accounts.models import User
from punte.web.connection import client
from punte.web.design.bridge import Bridge
from punte.web.invoices import scheduling
from punte.web.invoices.access import invoice_for
from punte.web.invoices.models import UNDER_WAY, Invoice, Stage
from punte.web.invoices.signals import AlreadySent, NotReady, Withheld

from . import showing

TO_SOLVE = 20  # lines on Acasă; the rest stands in Venituri


@login_required
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/trimite/"""
    invoice = invoice_for(request.user, pk, write=True)
    try:
        assert isinstance(request.user, User)  # login_required
        at_once = invoice.stage == Stage.SCHEDULED  # its delay is running: pressed again, it leaves
        scheduling.send(invoice, request.user, timezone.now(), at_once=at_once)
    except AlreadySent:
        messages.info(request, _("Factura este deja pe drum; nu am trimis-o a doua oară."))
    except Withheld as withheld:
        messages.error(request, withheld.text)
    except NotReady:
        messages.error(request, _("Factura nu a plecat: ANAF ar respinge-o. Corectați câmpurile arătate mai jos."))
        return redirect("invoices:edit", pk)
    return redirect("invoices:detail", pk)


@login_required
@require_safe
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/arhiva.zip: what ANAF gave, byte for byte."""
    submission = showing.latest(invoice_for(request.user, pk))
    if submission is None or submission.package is None:
        raise Http404
    name = f"{submission.upload_index}.zip"
    return HttpResponse(
        bytes(submission.package.content),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """GET /: Acasă."""
    firm = request.firm  # type: ignore[attr-defined]
    if firm is None:
        return redirect("firms:create")
    today = timezone.localdate()
    invoices = Invoice.objects.filter(firm=firm).select_related("client").prefetch_related("submissions")
    waiting = invoices.filter(stage__in=[Stage.REJECTED, Stage.REFUSED, Stage.DRAFT]).order_by("issue_date", "pk")
    context: dict[str, Any] = {
        "today": today,
        "connection": client.status(firm),
        "counts": counts(firm.pk, today),
        "waiting": waiting[:TO_SOLVE],
        "deadlines": deadlines(invoices, today),
        "uncertain": invoices.filter(stage=Stage.UNCERTAIN),
        "is_new": not invoices.exists(),
        "flow": Bridge("flow", ("de terminat", "în drum spre ANAF", "la ANAF acum", "luna aceasta")),
    }
    return render(request, "delivery/home.html", context)


def counts(firm_id: int, today: date) -> dict[str, int]:
    """The month over the piers: drafts and what is under way of any date, what was validated of this month."""
    this_month = Q(issue_date__gte=today.replace(day=1))
    return Invoice.objects.filter(firm_id=firm_id).aggregate(
        drafts=Count("pk", filter=Q(stage=Stage.DRAFT)),
        sent=Count("pk", filter=Q(stage__in=[Stage.QUEUED, Stage.SENDING, Stage.UNCERTAIN])),
        processing=Count("pk", filter=Q(stage=Stage.PROCESSING)),
        accepted=Count("pk", filter=Q(stage=Stage.ACCEPTED) & this_month),
    )


def deadlines(invoices: Any, today: date) -> list[tuple[date, Invoice]]:
    """The last day on which each invoice that ANAF has not accepted must be there, nearest first."""
    late = invoices.filter(stage__in=[*UNDER_WAY, Stage.REJECTED, Stage.REFUSED]).order_by("issue_date")[:TO_SOLVE]
    return sorted(((deadline(invoice.issue_date), invoice) for invoice in late), key=lambda pair: pair[0])[:5]

"""„Trimite”, the sealed ZIP, and Acasă: what is on the bridge and what waits for a person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from punte.web.accounts.models import User
from punte.web.connection import client
from punte.web.design.bridge import Bridge
from punte.web.invoices import turnover
from punte.web.invoices.access import invoice_for, may_write
from punte.web.invoices.models import Stage
from punte.web.invoices.scheduling_views import pressed
from punte.web.invoices.signals import AlreadySent

from . import home as overview
from . import renumbering, showing


@login_required
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/trimite/"""
    invoice = invoice_for(request.user, pk, write=True)
    return pressed(
        request, invoice, at_once=invoice.stage == Stage.SCHEDULED
    )  # its delay runs: pressed again, it leaves


@login_required
@require_POST
def renumber(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/alt-numar/"""
    invoice = invoice_for(request.user, pk, write=True)
    assert isinstance(request.user, User)  # login_required
    try:
        label = renumbering.renumber(invoice, request.user, timezone.now())
    except AlreadySent:
        messages.info(request, _("Numărul facturii nu este ocupat în SPV; a rămas cel de dinainte."))
    else:
        messages.success(request, _("Factura are acum numărul %(label)s.") % {"label": label})
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
    now, today = timezone.now(), timezone.localdate()
    assert isinstance(request.user, User)  # login_required
    context: dict[str, Any] = {
        "today": today,
        "greeting": overview.greeting(now, request.user.name),
        "may_write": may_write(request.user, firm),
        "connection": client.status(firm),
        "standing": None if firm.vat_registered else turnover.standing(firm, today.year, today),
        "flow": Bridge("flow", (_("de terminat"), _("în drum spre ANAF"), _("la ANAF acum"), _("luna aceasta"))),
        **overview.context_of(firm, today),
    }
    return render(request, "delivery/home.html", context)

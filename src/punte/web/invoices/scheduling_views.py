"""„Trimite” at an hour, and stopping what has not left."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from punte.web.design import formats

from . import scheduling
from .access import invoice_for
from .models import Invoice
from .signals import AlreadySent, NotReady, Withheld


class HourForm(forms.Form):
    """`at` as the browser's field of day and hour writes it, in Bucharest; empty: at once."""

    at = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"])


@login_required
@require_POST
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/programare/ [at]: number the invoice and let it leave at that hour; without one, at once."""
    invoice, form = invoice_for(request.user, pk, write=True), HourForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nu am înțeles ora. Alegeți ziua și ora din calendar."))
        return redirect("invoices:detail", pk)
    at = form.cleaned_data["at"]
    return pressed(request, invoice, at=at, at_once=at is None)


def pressed(
    request: HttpRequest, invoice: Invoice, *, at: datetime | None = None, at_once: bool = False
) -> HttpResponse:
    """The answer to „Trimite” on a page: `scheduling.send`, and a sentence on what became of it."""
    try:
        scheduling.send(invoice, request.user, timezone.now(), at=at, at_once=at_once)  # type: ignore[arg-type]
    except AlreadySent:
        messages.info(request, _("Factura este deja pe drum; nu am trimis-o a doua oară."))
    except Withheld as withheld:
        messages.error(request, withheld.text)
    except NotReady:
        messages.error(request, _("Factura nu a plecat: ANAF ar respinge-o. Corectați câmpurile arătate mai jos."))
        return redirect("invoices:edit", invoice.pk)
    except scheduling.TooLate as late:
        sentence = _("La ora aleasă ar fi prea târziu: cel mai târziu puteți programa la %(safe)s, ca să rămână o zi.")
        messages.error(request, sentence % {"safe": formats.moment(late.safe)})
    else:
        invoice.refresh_from_db()
        if at and invoice.send_at:
            said = _("Factura %(label)s pleacă la %(moment)s. Până atunci o puteți opri.")
            messages.success(request, said % {"label": invoice.label, "moment": formats.moment(invoice.send_at)})
    return redirect("invoices:detail", invoice.pk)


@login_required
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/oprire/"""
    invoice = invoice_for(request.user, pk, write=True)
    if scheduling.stop(invoice, request.user):  # type: ignore[arg-type]
        said = _("Am oprit trimiterea. Factura %(label)s își păstrează numărul; o puteți schimba și trimite.")
        messages.success(request, said % {"label": invoice.label})
    else:
        messages.warning(request, _("Nu am mai putut opri: factura nu era programată, sau a plecat între timp."))
    return redirect("invoices:detail", pk)

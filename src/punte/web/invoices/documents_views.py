"""What is made from a document by one press or a short page: storno, credit note, correction, invoice, template."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from . import copies, issuing
from .access import invoice_for
from .judge import judge
from .models import Invoice, Kind, Stage
from .parts_form import PartsForm, RebateForm
from .signals import AlreadySent


@login_required
@require_POST
def storno(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/stornare/: a draft that takes back all that is left."""
    invoice = invoice_for(request.user, pk, write=True)
    if not _may_be_corrected(request, invoice):
        return redirect("invoices:detail", pk)
    return _taking_back(request, invoice)


@login_required
@require_http_methods(["GET", "POST"])
def storno_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/stornare/randuri/: what is left of each line. POST: a draft for so much of them, as a negative
    invoice (380) or, with `form=381`, a credit note."""
    invoice = invoice_for(request.user, pk, write=True)
    if not _may_be_corrected(request, invoice):
        return redirect("invoices:detail", pk)
    form = PartsForm(request.POST or None, invoice=invoice)
    if request.method == "POST" and form.is_valid():
        return _taking_back(request, invoice, lines=form.asked, credit_note=form.cleaned_data["form"] == "381")
    return render(request, "invoices/documents/storno.html", {"invoice": invoice, "form": form})


@login_required
@require_http_methods(["GET", "POST"])
def credit_note(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/nota-de-creditare/: how much of a rebate. POST: its draft (381)."""
    invoice = invoice_for(request.user, pk, write=True)
    if not _may_be_corrected(request, invoice):
        return redirect("invoices:detail", pk)
    form = RebateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        percent = form.cleaned_data["percent"]
        try:
            draft = copies.rebate_of(invoice, request.user, timezone.localdate(), percent)  # type: ignore[arg-type]
        except copies.NothingLeft:
            form.add_error("percent", _("Reducerea e mai mică de un ban. Scrieți un procent mai mare."))
        else:
            messages.success(request, _("Ciorna notei de creditare e gata. Verificați-o și trimiteți-o."))
            return redirect("invoices:edit", draft.pk)
    return render(request, "invoices/documents/rebate.html", {"invoice": invoice, "form": form})


@login_required
@require_POST
def corrected(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/factura-corectata/: a draft (384) with the rows taken back and the same to be put right."""
    invoice = invoice_for(request.user, pk, write=True)
    if not _may_be_corrected(request, invoice):
        return redirect("invoices:detail", pk)
    try:
        draft = copies.corrected_of(invoice, request.user, timezone.localdate())  # type: ignore[arg-type]
    except copies.NothingLeft:
        return _nothing_left(request, invoice)
    messages.success(
        request,
        _("Ciorna facturii corectate e gata: întâi rândurile vechi, cu minus, apoi aceleași, de corectat."),
    )
    return redirect("invoices:edit", draft.pk)


@login_required
@require_POST
def to_proforma(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/in-proforma/: a draft invoice becomes a draft proforma."""
    invoice = invoice_for(request.user, pk, write=True)
    try:
        issuing.to_proforma(invoice)
    except issuing.NotADraft:
        messages.error(request, _("Numai o ciornă de factură fără număr poate deveni proformă."))
    else:
        messages.success(request, _("Ciorna este acum o proformă: are seria ei și nu se transmite la ANAF."))
    return redirect("invoices:detail", pk)


@login_required
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/emitere/: a proforma gets its number."""
    invoice = _of_kind(request, pk, Kind.PROFORMA)
    if judge(invoice, today=timezone.localdate()).problems:
        messages.error(request, _("Proforma nu a fost emisă: mai sunt lucruri de completat. Vedeți lista alăturată."))
        return redirect("invoices:edit", pk)
    try:
        issuing.issue(invoice, timezone.now())
    except AlreadySent:
        messages.info(request, _("Proforma era deja emisă."))
    else:
        messages.success(request, _("Proforma %(label)s este emisă.") % {"label": invoice.label})
    return redirect("invoices:detail", pk)


@login_required
@require_POST
def to_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/in-factura/: the draft invoice of a proforma; the second time, the one that it has."""
    proforma = _of_kind(request, pk, Kind.PROFORMA)
    try:
        made = copies.invoice_from(proforma, request.user, timezone.localdate())  # type: ignore[arg-type]
    except copies.AlreadyInvoiced as before:
        messages.info(request, _("Proforma are deja factura ei: este aceasta."))
        return redirect("invoices:detail", before.invoice.pk)
    messages.success(request, _("Ciorna facturii e gata. Verificați-o și trimiteți-o."))
    return redirect("invoices:edit", made.pk)


@login_required
@require_POST
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/sablon/ [name]: a template like this document."""
    invoice = invoice_for(request.user, pk, write=True)
    name = " ".join(request.POST.get("name", "").split())[:100] or invoice.client.name[:100]
    copies.template_from(invoice, request.user, name)  # type: ignore[arg-type]
    messages.success(request, _("Șablonul „%(name)s” e gata. Îl găsiți la Recurente și șabloane.") % {"name": name})
    return redirect("invoices:recurring")


@login_required
@require_POST
def from_template(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /venituri/<pk>/din-sablon/: a draft of today."""
    made_from = _of_kind(request, pk, Kind.TEMPLATE)
    draft = copies.draft_from(made_from, request.user, timezone.localdate())  # type: ignore[arg-type]
    messages.success(request, _("Ciorna e făcută din șablonul „%(name)s”.") % {"name": made_from.name})
    return redirect("invoices:edit", draft.pk)


def _of_kind(request: HttpRequest, pk: int, kind: Kind) -> Invoice:
    invoice = invoice_for(request.user, pk, write=True)
    if invoice.kind != kind:
        raise Http404
    return invoice


def _may_be_corrected(request: HttpRequest, invoice: Invoice) -> bool:
    if invoice.kind == Kind.INVOICE and invoice.stage in copies.ISSUED:
        return True
    sentence = _("Se stornează o factură validată. Până atunci o puteți corecta sau aștepta.")
    if invoice.kind != Kind.INVOICE or invoice.stage == Stage.DRAFT:
        sentence = _("Se stornează numai o factură emisă. O ciornă o puteți schimba sau șterge.")
    messages.error(request, sentence)
    return False


def _taking_back(request: HttpRequest, invoice: Invoice, **how: Any) -> HttpResponse:
    try:
        draft = copies.storno_of(invoice, request.user, timezone.localdate(), **how)  # type: ignore[arg-type]
    except copies.NothingLeft:
        return _nothing_left(request, invoice)
    messages.success(
        request, _("Ciorna de storno pentru %(invoice)s e gata. Verificați-o și trimiteți-o.") % {"invoice": invoice}
    )
    return redirect("invoices:edit", draft.pk)


def _nothing_left(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    messages.error(
        request,
        _("Nu mai este nimic de stornat: tot ce era pe %(invoice)s este deja într-un storno sau în ciorna unuia.")
        % {"invoice": invoice},
    )
    return redirect("invoices:detail", invoice.pk)

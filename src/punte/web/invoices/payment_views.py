"""Money received, written on the page of its document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from punte.web.accounts.models import User
from punte.web.design import formats

from . import payments
from .access import invoice_for
from .fields import DayField, NumberField, TextField
from .models import Invoice, Means, Purpose
from .numbering import series_of


class PaymentForm(forms.Form):
    amount = NumberField(
        label=gettext_lazy("Suma"), what=gettext_lazy("Suma"), places=2, digits=13, example="1.234,50", shown=2
    )
    day = DayField(label=gettext_lazy("Data"), what=gettext_lazy("Data"))
    means = forms.ChoiceField(label=gettext_lazy("Cum"), choices=Means.choices)
    receipt = forms.BooleanField(label=gettext_lazy("Scrieți și chitanța"), required=False)
    note = TextField(label=gettext_lazy("Mențiune"), max_length=200, required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Scrieți cât s-a încasat; cu minus, cât s-a dat înapoi."))
        return amount

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("receipt") and said.get("means") != Means.CASH:
            self.add_error("receipt", _("Chitanța se scrie numai pentru numerar."))
        elif said.get("receipt") and said.get("amount", 1) < 0:
            self.add_error("receipt", _("Chitanța se scrie pentru bani primiți, nu dați înapoi."))
        return said


def form_for(invoice: Invoice) -> PaymentForm:
    """As it stands on the page: what is left, today, by bank."""
    left, today = payments.left(invoice), timezone.localdate()
    return PaymentForm(currency=invoice.currency, initial={"amount": left, "day": today, "means": Means.TRANSFER})


@login_required
@require_http_methods(["GET", "POST"])
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/incasare/: the form by itself. POST: the sum is written, with a receipt where asked."""
    invoice = invoice_for(request.user, pk, write=True)
    if invoice.number is None:
        messages.error(request, _("Se încasează un document cu număr. Trimiteți întâi factura."))
        return redirect("invoices:detail", pk)
    form = PaymentForm(request.POST, currency=invoice.currency) if request.method == "POST" else form_for(invoice)
    if request.method == "GET" or not form.is_valid():
        context = {"invoice": invoice, "form": form, "left": payments.left(invoice)}
        return render(request, "invoices/payment.html", context, status=422 if form.errors else 200)
    assert isinstance(request.user, User)  # login_required
    said = form.cleaned_data
    series = series_of(invoice.firm, Purpose.RECEIPT)[0] if said["receipt"] else None
    received = payments.receive(
        invoice,
        said["amount"],
        said["day"],
        said["means"],
        request.user,
        receipt_series=series,
        note=said["note"],
    )
    amount, left = formats.money(said["amount"], invoice.currency), payments.left(invoice)
    done = _("Am scris încasarea de %(amount)s.") % {"amount": amount}
    if received.label:
        done += " " + _("Chitanța este %(label)s.") % {"label": received.label}
    if left > 0:
        done += " " + _("Mai sunt de încasat %(left)s.") % {"left": formats.money(left, invoice.currency)}
    messages.success(request, done)
    return redirect("invoices:detail", pk)

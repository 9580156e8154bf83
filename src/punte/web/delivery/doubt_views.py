"""What only a person can know of a doubt: whether the invoice is in SPV, under which index, or not at all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from punte.web.accounts.models import User
from punte.web.invoices.access import invoice_for
from punte.web.limits import clock

from . import doubt, showing
from .models import Lost
from .words import word


class SeenForm(forms.Form):
    """What the person saw in SPV. That it was looked for is ticked: a second copy would go out on an idle word."""

    use_required_attribute = False
    answer = forms.ChoiceField(
        label=gettext_lazy("Este factura în SPV?"),
        choices=[("found", gettext_lazy("Da, am găsit-o")), ("absent", gettext_lazy("Nu, nu este acolo"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Alegeți ce ați găsit.")},
    )
    index = forms.CharField(label=gettext_lazy("Indexul de încărcare"), max_length=20, required=False)
    looked = forms.BooleanField(
        label=gettext_lazy("Am căutat în SPV, la mesajele trimise, și răspund de ce am scris aici."),
        error_messages={"required": gettext_lazy("Bifați după ce ați căutat.")},
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        index = str(told.get("index", "")).strip()
        if told.get("answer") == "found" and not (index.isascii() and index.isdigit()):
            self.add_error("index", _("Scrieți indexul din SPV: numai cifre."))
        return told | {"index": index}


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /venituri/<pk>/incerta/: what to look for in SPV. POST: what was found there, written in the history."""
    invoice = invoice_for(request.user, pk, write=True)
    submission = showing.latest(invoice)
    if submission is None or not doubt.is_decidable(submission):
        messages.info(request, _("Nu mai e nimic de hotărât: starea de acum este mai jos."))
        return redirect("invoices:detail", pk)
    form = SeenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)  # login_required
        try:
            if form.cleaned_data["answer"] == "found":
                doubt.tell_found(submission, form.cleaned_data["index"], request.user, clock.now())
                messages.success(request, _("Am notat. Întrebăm ANAF de acest index."))
            else:
                doubt.tell_absent(submission, request.user, clock.now())
                messages.success(request, _("Am notat. Trimitem din nou același fișier."))
        except Lost:
            messages.info(request, _("Chiar acum o verificăm noi. Priviți starea și încercați din nou dacă e nevoie."))
        return redirect("invoices:detail", pk)
    sent = submission.attempts.last()
    context = {
        "invoice": invoice,
        "form": form,
        "word": word(submission.waiting_for),
        "sent_at": sent.started_at if sent else submission.created_at,
    }
    return render(request, "delivery/doubt.html", context, status=422 if form.errors else 200)

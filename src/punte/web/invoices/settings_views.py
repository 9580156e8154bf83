"""Setări → Pe facturi: what every invoice says of the firm, its logo and its accounts."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import turnover
from .access import may_write, present_firm
from .forms.settings import AccountForm, OnInvoicesForm


@login_required
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """GET /setari/pe-facturi/: the fields. POST: by `action`, `save` keeps them, `account` adds an account."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    firm, posted = present_firm(request, write=request.method == "POST"), request.method == "POST"
    adds = posted and request.POST.get("action") == "account"
    saves = posted and not adds
    year = timezone.localdate().year
    said = {"share_capital": firm.share_capital, "term_days": firm.term_days, "sends_abroad": firm.sends_abroad}
    said["turnover_elsewhere"] = firm.turnover_elsewhere if firm.turnover_year == year else Decimal(0)
    form = OnInvoicesForm(request.POST if saves else None, request.FILES if saves else None, initial=said)
    account = AccountForm(request.POST if adds else None, firm=firm)
    if saves and form.is_valid():
        form.put(firm, year)
        messages.success(request, gettext("Am salvat ce ține de facturi."))
        return redirect("on_invoices:index")
    if adds and account.is_valid():
        firm.bank_accounts.create(**account.cleaned_data)
        messages.success(request, gettext("Contul a fost adăugat. Îl alegeți pe fiecare factură."))
        return redirect("on_invoices:index")
    context = {"form": form, "account": account, "accounts": firm.bank_accounts.order_by("pk")}
    context["imported"] = turnover.imported(firm, year)
    return render(request, "invoices/settings.html", context | {"may_write": may_write(request.user, firm)})


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /setari/pe-facturi/conturi/<pk>/stergere/: drafts that named it name the usual account again."""
    account = present_firm(request, write=True).bank_accounts.filter(pk=pk).first()
    if account is None:
        raise Http404
    account.delete()
    messages.success(request, gettext("Contul a fost scos."))
    return redirect("on_invoices:index")


@login_required
@require_GET
def logo(request: HttpRequest) -> HttpResponse:
    """GET /setari/pe-facturi/sigla/: the logo as it was uploaded."""
    content = bytes(present_firm(request).logo or b"")
    if not content:
        raise Http404
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": "private, no-cache"})

"""Setări → Abonament: where the firm stands, what is offered, the proforma. All of it 404 where plans are off."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from punte.web.accounts.models import User
from punte.web.firms.access import firm_for, may_write
from punte.web.firms.models import Firm

from . import ordering
from . import proforma as document
from .catalog import catalog
from .forms import OrderForm
from .models import Order, Period
from .standing import standing, subscribed


def _where_plans_are_on(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.PLANS:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@_where_plans_are_on
@login_required
@require_GET
def subscription(request: HttpRequest) -> HttpResponse:
    """GET /setari/abonament/"""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    firm = firm_for(request.user, request.firm.pk)  # type: ignore[attr-defined]
    assert isinstance(request.user, User)
    form = OrderForm(
        on=timezone.localdate(),
        initial={"plan": _wished(firm), "period": Period.YEAR, "email": firm.email or request.user.email},
    )
    return _page(request, firm, form)


@_where_plans_are_on
@login_required
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """POST /setari/abonament/comanda/: the proforma, or the page again with what is missing."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    firm = firm_for(request.user, request.firm.pk, write=True)  # type: ignore[attr-defined]
    assert isinstance(request.user, User)
    now = timezone.now()
    form = OrderForm(request.POST, on=timezone.localdate(now))
    if not form.is_valid():
        return _page(request, firm, form)
    wish = form.cleaned_data
    try:
        made = ordering.place(firm, request.user, wish["plan"], Period(wish["period"]), wish["email"], now)
    except ordering.NotForSale:
        messages.error(request, _("Plata prin transfer nu este deschisă aici. Scrieți administratorului, din Ajutor."))
        return redirect("plans:subscription")
    messages.success(request, _("Proforma %(label)s este gata.") % {"label": made.label})
    return redirect("plans:proforma", made.pk)


@_where_plans_are_on
@login_required
@require_GET
def proforma(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /setari/abonament/proforma/<pk>/: what to pay, where, with which reference, and what happens then."""
    return render(request, "plans/proforma.html", {"order": order_for(request, pk)})


@_where_plans_are_on
@login_required
@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /setari/abonament/proforma/<pk>/proforma.pdf"""
    one = order_for(request, pk)
    name = f'inline; filename="proforma-{one.label.replace(" ", "-")}.pdf"'
    return HttpResponse(document.pdf(one), content_type="application/pdf", headers={"Content-Disposition": name})


def order_for(request: HttpRequest, pk: int) -> Order:
    """Of a firm the person belongs to. Raises Http404."""
    found = Order.objects.filter(pk=pk).select_related("firm").first()
    if found is None:
        raise Http404
    firm_for(request.user, found.firm_id)
    return found


def _wished(firm: Firm) -> str:
    """What is ticked when the page opens: the present plan, while it is still offered."""
    plan = standing(firm).plan
    return plan.key if plan else ""


def _page(request: HttpRequest, firm: Firm, form: OrderForm) -> HttpResponse:
    today = timezone.localdate()
    stands = standing(firm)
    offered = catalog().offered(today)
    context = {
        "form": form,
        "stands": stands,
        "active": stands.is_active(today),
        "left": stands.days_left(today),
        "day": (today - stands.since).days + 1,
        "length": (stands.until - stands.since).days + 1,
        "offered": offered,
        "prices": [
            (plan, ordering.price(plan, Period.MONTH, today), ordering.price(plan, Period.YEAR, today))
            for plan in offered
        ],
        "with_vat": settings.OPERATOR["vat"],
        "for_sale": bool(settings.OPERATOR["iban"]),
        "may_write": may_write(request.user, firm),
        "orders": firm.orders.order_by("-pk")[:20],
        "history": [(one, subscribed(one).plan) for one in firm.subscriptions.order_by("-activated_at", "-pk")],
        "now": timezone.now(),
    }
    return render(request, "plans/subscription.html", context)

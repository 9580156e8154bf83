"""Produse: the list, a product's page, and the suggestions of the editor's rows."""

from __future__ import annotations

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from punte.web.firms.models import Firm

from . import gestures, regimes, shelf
from .access import may_write, present_firm
from .forms import ProductForm
from .models import Client, Line, Product, folded
from .pages import page_of

SUGGESTED = 7


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """GET /produse/[?q=…&arhivate=1&dupa=…]: by name, 50 a page."""
    if request.firm is None:  # type: ignore[attr-defined]
        return redirect("firms:create")
    firm = present_firm(request)
    query, archived = request.GET.get("q", "").strip(), request.GET.get("arhivate") == "1"
    context = {
        "page": page_of(search(firm, query, archived=archived), request.GET.get("dupa", "")),
        "query": query,
        "archived": archived,
        "any_archived": archived or firm.products.filter(archived=True).exists(),
        "may_write": may_write(request.user, firm),
    }
    return render(request, "invoices/products/list.html", context)


@login_required
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """GET /produse/sugestii/?q=…: options for a row of the editor, each with what it fills."""
    firm, query = present_firm(request), request.GET.get("q", "").strip()
    today = timezone.localdate()
    found = [
        (one, json.dumps(gestures.of_product(one)), json.dumps(gestures.deposit_of(one, today)))
        for one in (search(firm, query)[:SUGGESTED] if query else ())
    ]
    return render(request, "invoices/products/options.html", {"found": found, "query": query})


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """GET /produse/nou/: empty fields. POST: keeps what is typed."""
    return _answer(request, Product(firm=present_firm(request, write=True)))


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """GET /produse/<pk>/: what is known, to be changed by who may write. POST: keeps what is typed."""
    return _answer(request, product_for(request, pk, write=request.method == "POST"))


@login_required
@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /produse/<pk>/arhivare/: not offered any more; pressed again, offered again."""
    product = product_for(request, pk, write=True)
    away, back = gettext("Produsul nu mai e propus pe facturi noi."), gettext("Produsul e propus din nou.")
    shelf.put_away(request, product, away, back)
    return redirect("products:edit", pk)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /produse/<pk>/stergere/: one that no row names."""
    product = product_for(request, pk, write=True)
    refusal = gettext("Produsul este pe documente și nu se poate șterge. Îl puteți arhiva.")
    named, done = Line.objects.filter(product=product).exists(), gettext("Produsul a fost șters.")
    return shelf.deleted(request, product, named, refusal, done, "products:edit", "products:list")


def search(firm: Firm, typed: str, *, archived: bool = False) -> QuerySet[Product]:
    """The firm's products whose name holds what is typed, without diacritics, or whose code begins with it; by name."""
    own = firm.products.filter(archived=archived).order_by("search_name", "pk")
    words = folded(typed.strip())
    return own.filter(Q(search_name__contains=words) | Q(code__istartswith=typed.strip())) if words else own


def product_for(request: HttpRequest, pk: int, *, write: bool = False) -> Product:
    """The product `pk`, of a firm of the person. Raises Http404 for a stranger, PermissionDenied as `firm_for`."""
    return shelf.found(Product, request, pk, write=write)


def _answer(request: HttpRequest, product: Product) -> HttpResponse:
    firm = product.firm
    at_home = Client(firm=firm, vat_registered=True, cui="1")  # every case of a sale inside the country
    cases = regimes.offered(firm, at_home, timezone.localdate())
    initial = {name: getattr(product, name) for name in ProductForm.base_fields} if product.pk else {}
    form = ProductForm(request.POST or None, initial=initial, of=product, cases=cases)
    if request.method == "POST" and form.is_valid():
        saved = form.product()
        saved.save()
        messages.success(request, gettext("Produsul a fost salvat."))
        return redirect("products:list")
    context = {
        "product": product,
        "form": form,
        "is_unused": bool(product.pk) and not Line.objects.filter(product=product).exists(),
        "may_write": may_write(request.user, firm),
    }
    return render(request, "invoices/products/form.html", context)

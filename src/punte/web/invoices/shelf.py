"""What clients and products have in common as pages: found by key, put away, deleted where nothing names them."""

from __future__ import annotations

from typing import TypeVar

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from punte.web.firms.access import firm_for

from .models import Client, Product

Kept = TypeVar("Kept", Client, Product)


def found(model: type[Kept], request: HttpRequest, pk: int, *, write: bool = False) -> Kept:
    """The row `pk`, of a firm of the person. Raises Http404 for a stranger, PermissionDenied as `firm_for`."""
    row: Kept | None = model._default_manager.filter(pk=pk).first()
    if row is None:
        raise Http404
    row.firm = firm_for(request.user, row.firm_id, write=write)
    return row


def put_away(request: HttpRequest, row: Client | Product, away: str, back: str) -> None:
    """Not offered any more; asked again, offered again. `away`, `back`: what is said of it."""
    row.archived = not row.archived
    row.save(update_fields=["archived"])
    messages.success(request, away if row.archived else back)


def deleted(
    request: HttpRequest, row: Client | Product, named: bool, refusal: str, done: str, page: str, pages: str
) -> HttpResponse:
    """Delete `row` unless something names it (`named`); back to its `page`, or to the list, `pages`."""
    pk = row.pk
    try:
        if not named:
            row.delete()
    except ProtectedError:  # something named it a moment ago
        named = True
    if named:
        messages.error(request, refusal)
        return redirect(page, pk)
    messages.success(request, done)
    return redirect(pages)

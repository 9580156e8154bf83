"""Whose invoice is it? The answer is the firm's: `firms.access`."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest

from punte.web.accounts.models import User
from punte.web.firms.access import WRITERS, firm_for
from punte.web.firms.models import Firm

from .models import Invoice


def invoice_for(user: User | AnonymousUser, pk: int, *, write: bool = False) -> Invoice:
    """The invoice `pk` with its firm, client and series, when `user` belongs to its firm.

    Raises Http404 for a stranger; PermissionDenied (403) when `write` is asked and the role only reads.
    """
    invoice = Invoice.objects.select_related("client", "series", "preceding").filter(pk=pk).first()
    if invoice is None:
        raise Http404
    invoice.firm = firm_for(user, invoice.firm_id, write=write)
    return invoice


def present_firm(request: HttpRequest, *, write: bool = False) -> Firm:
    """The firm one works for now, asked for anew with its role. Raises Http404 where there is none."""
    firm: Firm | None = request.firm  # type: ignore[attr-defined]
    if firm is None:
        raise Http404
    return firm_for(request.user, firm.pk, write=write)


def may_write(user: User | AnonymousUser, firm: Firm) -> bool:
    """Whether `user`'s place in `firm` is one of those who write: a page shows them the buttons."""
    return bool(user.pk) and firm.memberships.filter(user_id=user.pk or 0, role__in=WRITERS).exists()

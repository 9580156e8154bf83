"""Whose firm is it? Every query of a firm's data starts here; a stranger gets 404, its existence stays private."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from punte.web.accounts.models import User

from .models import Firm, Role

WRITERS = (Role.OWNER, Role.ACCOUNTANT)


def firms_of(user: User | AnonymousUser) -> list[Firm]:
    return list(Firm.objects.filter(memberships__user_id=user.pk).order_by("name", "pk")) if user.pk else []


def firm_for(user: User | AnonymousUser, pk: int, *, write: bool = False) -> Firm:
    """The firm `pk`, when `user` belongs to it.

    Raises Http404 for a stranger; PermissionDenied (403) when `write` is asked and the role only reads.
    """
    firm = Firm.objects.filter(pk=pk, memberships__user_id=user.pk).first() if user.pk else None
    if firm is None:
        raise Http404
    if write and not firm.memberships.filter(user_id=user.pk, role__in=WRITERS).exists():
        raise PermissionDenied
    return firm

"""Whose firm is it? Every query of a firm's data starts here; a stranger gets 404, its existence stays private."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from punte.web.accounts.models import User

from .models import Firm, Membership, Role

WRITERS = (Role.OWNER, Role.ACCOUNTANT)


def firms_of(user: User | AnonymousUser) -> list[Firm]:
    return list(Firm.objects.filter(memberships__user_id=user.pk).order_by("name", "pk")) if user.pk else []


def firm_for(user: User | AnonymousUser, pk: int, *, write: bool = False) -> Firm:
    """The firm `pk`, when `user` belongs to it.

    Raises Http404 for a stranger; PermissionDenied (403) when `write` is asked and the role only reads.
    """
    member = Membership.objects.filter(firm_id=pk, user_id=user.pk or 0).select_related("firm").first()
    if member is None:
        raise Http404
    if write and member.role not in WRITERS:
        raise PermissionDenied
    return member.firm


def may_write(user: User | AnonymousUser, firm: Firm) -> bool:
    """Whether to show `user` what changes the firm; asking for it is checked by `firm_for` all the same."""
    return Membership.objects.filter(firm=firm, user_id=user.pk or 0, role__in=WRITERS).exists()


def owned_firm(user: User | AnonymousUser, pk: int) -> Firm:
    """The firm `pk`, when `user` is its owner. Raises Http404 for a stranger, PermissionDenied for a colleague."""
    firm = firm_for(user, pk)
    if not may_own(user, firm):
        raise PermissionDenied
    return firm


def may_own(user: User | AnonymousUser, firm: Firm) -> bool:
    """Whether `user` decides for the firm; asking for it is checked by `owned_firm` all the same."""
    return Membership.objects.filter(firm=firm, user_id=user.pk or 0, role=Role.OWNER).exists()

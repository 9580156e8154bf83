"""Whose import, whose kit? The answer is the firm's: `firms.access`."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from punte.web.accounts.models import User
from punte.web.firms.access import firm_for, owned_firm

from .models import Import, Kit


def import_for(user: User | AnonymousUser, pk: int) -> Import:
    """Raises Http404 for a stranger, PermissionDenied for who only reads: an import is for those who write."""
    one = Import.objects.filter(pk=pk).select_related("created_by").first()
    if one is None:
        raise Http404
    one.firm = firm_for(user, one.firm_id, write=True)
    return one


def kit_for(user: User | AnonymousUser, pk: int) -> Kit:
    """Raises Http404 for a stranger, PermissionDenied for all but the owner."""
    kit = Kit.objects.filter(pk=pk).first()
    if kit is None:
        raise Http404
    kit.firm = owned_firm(user, kit.firm_id)
    return kit

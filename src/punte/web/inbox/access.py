"""Whose received document is it? The answer is the firm's: `firms.access`."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from punte.web.accounts.models import User
from punte.web.firms.access import firm_for

from .models import Document


def document_for(user: User | AnonymousUser, pk: int, *, write: bool = False) -> Document:
    """The document `pk` with its firm, when `user` belongs to it.

    Raises Http404 for a stranger; PermissionDenied (403) when `write` is asked and the role only reads.
    """
    found = Document.objects.select_related("message", "package", "repeats", "corrects").filter(pk=pk).first()
    if found is None:
        raise Http404
    found.firm = firm_for(user, found.firm_id, write=write)
    return found

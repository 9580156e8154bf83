"""Nouă, văzută, contabilizată: who marked what, and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from punte.web.accounts.models import User
from punte.web.firms.models import Firm

from .models import Document, Event, Mark

MOST = 5000  # documents of one press; more are a filter's work, a period at a time

Before = dict[str, list[int]]  # keys by the mark that they had


def mark(firm: Firm, pks: Iterable[int], to: Mark, user: User, now: datetime) -> Before:
    """Mark documents of `firm`, with a line in the history of each; those that changed, by the mark they had."""
    before: Before = {}
    with transaction.atomic():
        found = Document.objects.select_for_update().filter(firm=firm, pk__in=list(pks)[:MOST]).exclude(mark=to)
        for pk, had in found.values_list("pk", "mark"):
            before.setdefault(had, []).append(pk)
        changed = [pk for keys in before.values() for pk in keys]
        Document.objects.filter(pk__in=changed).update(mark=to, changed_at=now)
        Event.objects.bulk_create([Event(document_id=pk, at=now, kind=str(to), user=user) for pk in changed])
    return before


def undo(firm: Firm, before: Before, user: User, now: datetime) -> int:
    """Give each its mark back, with a line in its history; how many."""
    return sum(len(keys) for had, pks in before.items() for keys in mark(firm, pks, Mark(had), user, now).values())


def see(document: Document, user: User, now: datetime) -> None:
    """Somebody who works with it has opened it."""
    if document.mark == Mark.NEW and mark(document.firm, [document.pk], Mark.SEEN, user, now):
        document.mark = Mark.SEEN


def note(document: Document, text: str, now: datetime) -> None:
    """What the firm keeps in mind about it; found by the search."""
    document.note, document.changed_at = text, now
    document.retell()
    document.save(update_fields=["note", "search_text", "changed_at"])

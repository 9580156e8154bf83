"""What is being typed and cannot be a draft yet – no client, a price that is no number – put by in the session.

The table of drafts holds only what can be read; the session holds the form as it was sent, so that closing the page
loses nothing. One for a new document of each firm and kind, one for each draft.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from .models import Invoice

SHELF = "unfinished"
MOST = 10  # the oldest gives way
LONGEST = 200_000  # characters; a session is no place for more


@dataclass(frozen=True, slots=True)
class Left:
    """The form as it was, and when."""

    data: QueryDict
    at: datetime


def key(invoice: Invoice) -> str:
    return str(invoice.pk) if invoice.pk else f"{invoice.firm_id}-{invoice.kind}"


def keep(session: Any, of: str, data: QueryDict, now: datetime) -> None:
    form = data.copy()
    for name in ("csrfmiddlewaretoken", "action"):
        form.pop(name, None)
    if len(text := form.urlencode()) > LONGEST or not _says_something(form):
        return
    shelf = {name: kept for name, kept in session.get(SHELF, {}).items() if name != of}
    shelf[of] = [now.isoformat(), text]
    session[SHELF] = dict(list(shelf.items())[-MOST:])


def left(session: Any, invoice: Invoice) -> Left | None:
    """What was put by for `invoice`; nothing that is older than what is saved."""
    at, text = session.get(SHELF, {}).get(key(invoice), (None, ""))
    if at is None:
        return None
    when = datetime.fromisoformat(at)
    if invoice.pk and invoice.changed_at > when:
        return None
    return Left(QueryDict(text), when)


def forget(session: Any, of: Invoice | str) -> None:
    name = of if isinstance(of, str) else key(of)
    if name in session.get(SHELF, {}):
        session[SHELF] = {one: kept for one, kept in session[SHELF].items() if one != name}


def _says_something(form: QueryDict) -> bool:
    """Whether a person wrote anything: an opened page sends its dates and a row of one piece."""
    said = ("client-name", "client-cui", "client-street", "factura-note", "factura-internal_note")
    rows = (name for name in form if name.startswith("rand-") and name.endswith(("-name", "-price", "-description")))
    return any(form.get(name, "").strip() for name in (*said, *rows))

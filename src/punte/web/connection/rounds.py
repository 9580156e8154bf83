"""The worker's round of all connections: renew, ask again, remind, send the mail, forget what nobody needs."""

from __future__ import annotations

from datetime import datetime

from . import applications, notices, reminders, renewal


def make(now: datetime) -> None:
    """Harmless however often and by however many it is made."""
    for authorization_id in renewal.due(now):
        renewal.renew(authorization_id, now)
    reminders.write(now)
    notices.send_due(now)
    applications.forget_unused()

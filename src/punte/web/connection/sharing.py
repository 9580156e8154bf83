"""A checkup shown to the accountant or to support by a link: whoever has it sees the cause, for a week.

The link is random and its print alone is kept; a new one ends the one before. What it opens holds no token, no name of
a person, no other firm than the one examined, and a certificate's serial only shortened.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from .models import Checkup

LIFE = timedelta(days=7)


def share(checkup: Checkup, now: datetime) -> str:
    """The secret part of the link."""
    token = secrets.token_urlsafe(24)
    checkup.link_hash, checkup.link_until = _print(token), now + LIFE
    checkup.save(update_fields=["link_hash", "link_until"])
    return token


def unshare(checkup: Checkup) -> None:
    checkup.link_hash, checkup.link_until = None, None
    checkup.save(update_fields=["link_hash", "link_until"])


def shared(token: str, now: datetime) -> Checkup | None:
    """None for a link that never was, has ended, or has been replaced."""
    found = Checkup.objects.filter(link_hash=_print(token), link_until__gt=now).select_related("firm").first()
    return found


def _print(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

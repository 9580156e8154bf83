"""The link for the accountant: one firm, 24 hours, one connection.

Who opens it gets no account and no place in the firm: they see its name and CUI, our consent, and ANAF's page. They are
the holder of the authorization that comes of it, so their name and e-mail stand beside it, they are reminded of the
yearly PIN, and they can withdraw. The firm's people can end it like any other. Opening uses nothing up (mail programs
open links too), nor does a refusal by ANAF; the connection does.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import get_language

from punte.web.accounts.models import User
from punte.web.firms.models import Firm

from . import journal

LIFE = timedelta(hours=24)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> Self:
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now)


class Invitation(models.Model):
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256: the link itself is shown once and not kept
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="invitations")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    guest_name = models.CharField(max_length=150, blank=True)  # of the one who used it
    guest_email = models.EmailField(max_length=150, blank=True)
    guest_language = models.CharField(max_length=7, default="ro")  # in which they agreed: their mails are in it

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"invitation {self.pk} to firm {self.firm_id}"


def invite(firm: Firm, who: User, now: datetime) -> tuple[Invitation, str]:
    """An open invitation, and its token: the only time it is seen."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        invitation = Invitation.objects.create(
            token_hash=_print(token), firm=firm, created_by=who, created_at=now, expires_at=now + LIFE
        )
        journal.note(firm, journal.Kind.INVITED, now, who)
    return invitation, token


def find(token: str, now: datetime) -> Invitation | None:
    """The open invitation of this link; None for one that is used, withdrawn, past its time or was never given."""
    return Invitation.objects.open(now).filter(token_hash=_print(token)).select_related("firm", "created_by").first()


def use(invitation: Invitation, now: datetime, *, name: str, email: str) -> bool:
    """Use it up, by the guest of that name, in the language of their page.

    False when another was first or it was withdrawn meanwhile.
    """
    language = get_language() or "ro"
    facts = {"used_at": now, "guest_name": name, "guest_email": email, "guest_language": language}
    if Invitation.objects.open(now).filter(pk=invitation.pk).update(**facts) != 1:
        return False
    invitation.refresh_from_db()
    return True


def revoke(invitation: Invitation, who: User, now: datetime) -> bool:
    """Close an open link. What came of a used one is ended by disconnecting."""
    with transaction.atomic():
        if Invitation.objects.open(now).filter(pk=invitation.pk).update(revoked_at=now) != 1:
            return False
        journal.note(invitation.firm, journal.Kind.UNINVITED, now, who)
    return True


def _print(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

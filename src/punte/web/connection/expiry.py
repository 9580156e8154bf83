"""Until when a connected certificate is valid: ANAF's token does not tell, the certificate itself does when seen."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from punte.romania.certificates import CertificateReport
from punte.web.accounts.models import User
from punte.web.firms.access import WRITERS

from . import journal
from .models import Authorization, Right


def learn(user: User | AnonymousUser, report: CertificateReport, now: datetime) -> bool:
    """Whether the certificate that was shown is that of a living connection of a firm `user` writes for.

    Then its end is noted, once, so that `reminders` has its date.
    """
    until = timezone.localdate(report.not_after)
    theirs = Right.objects.filter(
        firm__memberships__user_id=user.pk or 0,
        firm__memberships__role__in=WRITERS,
        authorization__ended_at=None,
        authorization__serial=report.serial,
    )
    found = theirs.exclude(authorization__serial="").select_related("firm", "authorization__user")
    with transaction.atomic():
        for right in found:
            held = right.authorization
            if held.certificate_until != until:
                Authorization.objects.filter(pk=held.pk).update(certificate_until=until)
                who = user if isinstance(user, User) else None
                journal.note(
                    right.firm, journal.Kind.CERTIFICATE, now, who, holder=held.holder, until=until.isoformat()
                )
    return bool(found)

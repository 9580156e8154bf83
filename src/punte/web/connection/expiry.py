"""Until when a connected certificate is valid: ANAF's token does not tell, the certificate itself does when seen."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from punte.romania.certificates import CertificateReport
from punte.web.accounts.models import User
from punte.web.firms.access import WRITERS

from . import journal
from .models import Authorization


def connected(user: User | AnonymousUser, report: CertificateReport) -> QuerySet[Authorization]:
    """The living authorizations by this certificate, for firms that `user` writes for."""
    mine = {"memberships__user_id": user.pk or 0, "memberships__role__in": WRITERS}
    served = Authorization.objects.live().filter(serial=report.serial).exclude(serial="")
    return served.filter(**{f"rights__firm__{name}": value for name, value in mine.items()}).distinct()


def learn(user: User | AnonymousUser, report: CertificateReport, now: datetime) -> bool:
    """Whether the certificate that was shown is a connected one: then its end is noted, for `reminders`."""
    until, found = timezone.localdate(report.not_after), False
    for authorization in connected(user, report):
        found = True
        if authorization.certificate_until == until:
            continue
        with transaction.atomic():
            Authorization.objects.filter(pk=authorization.pk).update(certificate_until=until)
            facts = {"holder": authorization.holder, "until": until.isoformat()}
            theirs = authorization.rights.filter(firm__memberships__user_id=user.pk).select_related("firm")
            for right in theirs:
                who = user if isinstance(user, User) else None
                journal.note(right.firm, journal.Kind.CERTIFICATE, now, who, **facts)
    return found

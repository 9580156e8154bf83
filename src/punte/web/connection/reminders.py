"""What must be said, found in the tables as they are: run as often as one likes, each thing is said once.

Said to the holder of the certificate, for the firms it serves, and to the owners of each firm, for theirs alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from punte.web.firms.models import Firm, Membership, Role

from .models import Authorization, Problem, Right, RightState
from .notices import Kind, Notice

DAYS = (30, 14, 7, 1)  # before the yearly PIN and before the certificate's end
PATIENCE = timedelta(days=7)  # of access left, when ANAF has still not answered a renewal


def threshold(until: date, today: date) -> int | None:
    """Which reminder it is time for: the nearest of DAYS not yet passed by; None: none, or too late for any.

    >>> threshold(date(2026, 12, 31), date(2026, 12, 23))
    14
    """
    left = (until - today).days
    return min((days for days in DAYS if 0 <= left <= days), default=None)


def write(now: datetime) -> None:
    """Put on paper what is due to be said at `now`."""
    today = timezone.localdate(now)
    horizon = now + timedelta(days=max(DAYS) + 1)
    soon = Q(renewal_due_at__lte=horizon) | Q(certificate_until__lte=horizon.date()) | ~Q(problem=Problem.NONE)
    living = Authorization.objects.live().filter(soon).select_related("user", "invitation")
    for authorization in living:
        served = _served(authorization)
        pin, certificate = timezone.localdate(authorization.renewal_due_at), authorization.certificate_until
        if days := threshold(pin, today):
            say(Kind.PIN, authorization, served, now, f"{pin}:{days}", (pin - today).days)
        if certificate and (days := threshold(certificate, today)):
            say(Kind.CERTIFICATE, authorization, served, now, f"{certificate}:{days}", (certificate - today).days)
        until = authorization.access_expires_at
        if authorization.problem == Problem.DEAD:
            say(Kind.DEAD, authorization, served, now)
        elif authorization.problem == Problem.OPERATOR:
            say(Kind.OPERATOR, authorization, served, now, str(authorization.refreshed_at))
        elif authorization.problem == Problem.UNWELL and until <= now + PATIENCE:
            say(Kind.UNWELL, authorization, served, now, str(until))
    withdrawn = Right.objects.filter(authorization__ended_at=None, state=RightState.DENIED).exclude(granted_at=None)
    for right in withdrawn.select_related("firm", "authorization__user", "authorization__invitation"):
        say(Kind.DENIED, right.authorization, [right.firm], now, f"{right.firm_id}:{right.granted_at}")


def say(
    kind: Kind,
    authorization: Authorization,
    firms: Iterable[Firm],
    now: datetime,
    of: str = "",
    days: int | None = None,
) -> None:
    """A notice to each whom it concerns, unless they had it. `of`: what tells this occasion from another."""
    firms = list(firms)
    theirs: dict[str, list[Firm]] = {}
    owners = Membership.objects.filter(firm__in=firms, role=Role.OWNER, user__is_active=True)
    for member in owners.select_related("user", "firm").order_by("pk"):
        theirs.setdefault(member.user.email, []).append(member.firm)
    if authorization.holder_email and firms:
        theirs[authorization.holder_email] = firms
    for recipient, of_theirs in theirs.items():
        say_to(recipient, kind, authorization, of_theirs, now, of, days)


def say_to(
    recipient: str,
    kind: Kind,
    authorization: Authorization,
    firms: Iterable[Firm],
    now: datetime,
    of: str = "",
    days: int | None = None,
) -> None:
    key = f"{kind}:{authorization.pk}:{of}:{recipient}"[:200]
    if Notice.objects.filter(key=key).exists():
        return
    try:
        with transaction.atomic():
            notice = Notice.objects.create(
                key=key,
                kind=kind,
                authorization=authorization,
                recipient=recipient,
                to_holder=recipient == authorization.holder_email,
                days=days,
                created_at=now,
                due_at=now,
            )
            notice.firms.set(firms)
    except IntegrityError:
        pass  # another worker wrote the same down


def _served(authorization: Authorization) -> list[Firm]:
    granted = authorization.rights.filter(state=RightState.GRANTED).select_related("firm")
    return [right.firm for right in granted]

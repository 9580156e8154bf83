"""Rezerva: a firm may have several certificates authorised. They are tried in the firm's order; the first that lives
does the work, and a change of who does it is written down once.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from punte.web.accounts.models import User
from punte.web.firms.models import Firm

from . import journal
from .models import Authorization, Right


def serve(right: Right, now: datetime) -> None:
    """`right` does the firm's work from now on. Nothing is written while it stays the same one."""
    if right.serving_since is not None:
        return
    with transaction.atomic():
        Firm.objects.select_for_update().get(pk=right.firm_id)  # two workers change over one after the other
        before = Right.objects.filter(firm=right.firm_id).exclude(serving_since=None).exclude(pk=right.pk)
        had_another = before.update(serving_since=None) > 0
        if Right.objects.filter(pk=right.pk, serving_since=None).update(serving_since=now) and had_another:
            journal.note(right.firm, journal.Kind.SERVES, now, None, **right.authorization.facts)
    right.serving_since = now


def rank_for(firm: Firm, authorization: Authorization) -> int:
    """The place of a new authorization: of the one it replaces (same holder, same certificate), else after the last."""
    others = Right.objects.filter(firm=firm, authorization__ended_at=None).exclude(authorization=authorization)
    same = others.filter(authorization__serial=authorization.serial) if authorization.serial else others.none()
    if authorization.invitation is not None:
        same = same.filter(authorization__invitation__firm=firm)
    else:
        same = same.filter(authorization__user=authorization.user)
    place = same.order_by("rank").values_list("rank", flat=True).first()
    if place is not None:
        return place
    last = others.order_by("-rank").values_list("rank", flat=True).first()
    return 0 if last is None else last + 1


def prefer(right: Right, who: User, now: datetime) -> None:
    """Try this one first; the others keep their order behind it."""
    with transaction.atomic():
        Firm.objects.select_for_update().get(pk=right.firm_id)
        others = Right.objects.filter(firm=right.firm_id, authorization__ended_at=None).exclude(pk=right.pk)
        for place, other in enumerate([right, *others.order_by("rank", "-authorization__authorized_at")]):
            Right.objects.filter(pk=other.pk).update(rank=place)
        journal.note(right.firm, journal.Kind.PREFERRED, now, who, **right.authorization.facts)

"""A firm comes into being: the row, and its first member as owner, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from punte.web.accounts.models import User

from .models import Firm, Role


class AlreadyYours(Exception):
    """The person belongs to a firm with this CUI."""

    def __init__(self, firm: Firm) -> None:
        super().__init__(firm.cui)
        self.firm = firm


def found(user: User, *, looked_up_at: datetime | None, **columns: Any) -> Firm:
    """A firm of `user`'s. `columns` of `Firm`, `cui` in digits; `looked_up_at` None: typed by hand.

    Another person may keep the same firm in an account of their own: neither learns of the other.
    Raises AlreadyYours.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # a second click waits here, and then finds the firm
        if yours := Firm.objects.filter(memberships__user=user, cui=columns["cui"]).first():
            raise AlreadyYours(yours)
        firm = Firm.objects.create(looked_up_at=looked_up_at, **columns)
        firm.memberships.create(user=user, role=Role.OWNER)
    return firm

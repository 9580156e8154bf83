"""How a firm stands: on trial, subscribed, or past the end of either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from punte.web.firms.models import Firm

from .catalog import Feature, Plan, catalog
from .models import Subscription


@dataclass(frozen=True, slots=True)
class Standing:
    """`plan` from `since` to `until`, both days included; `plan` None: there never was one."""

    plan: Plan | None
    since: date
    until: date
    trial: bool

    def is_active(self, today: date) -> bool:
        return self.plan is not None and self.since <= today <= self.until

    def days_left(self, today: date) -> int:
        """Today counts: on the last day one is left."""
        return max(0, (self.until - today).days + 1) if self.plan else 0


def standing(firm: Firm) -> Standing:
    latest = firm.subscriptions.order_by("activated_at", "pk").last()
    return subscribed(latest) if latest else on_trial(firm.created_at)


def subscribed(subscription: Subscription) -> Standing:
    """The plan as it was on the day of its activation. One that the operator's file has lost holds nothing back:
    who paid does not suffer for the slip."""
    plan = catalog().plan(subscription.plan, subscription.since) or Plan(
        key=subscription.plan,
        name=subscription.plan,
        valid_from=subscription.since,
        month=Decimal(0),
        year=Decimal(0),
        invoices_per_month=None,
        features=frozenset(Feature),
    )
    return Standing(plan, subscription.since, subscription.until, trial=False)


def on_trial(founded: datetime) -> Standing:
    """The trial of a firm that came into being at `founded`; that day counts as the first."""
    first = timezone.localdate(founded)
    trial = catalog().trial(first)
    if trial is None:
        return Standing(None, first, first, trial=False)
    return Standing(catalog().plan(trial.plan, first), first, first + timedelta(days=trial.days - 1), trial=True)

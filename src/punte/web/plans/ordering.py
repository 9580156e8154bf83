"""From the wish for a plan to its activation: proforma, bank transfer, the operator's word."""

from __future__ import annotations

import calendar
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from punte.romania.vat import rates
from punte.web.accounts.models import User
from punte.web.firms.models import Firm

from . import letters
from .catalog import Plan, catalog
from .models import Order, Period, Subscription
from .standing import standing

CENT = Decimal("0.01")


class NotForSale(Exception):
    """The operator has named no account to pay into: plans are given by hand."""


class NoSuchPlan(Exception):
    """No plan with that key is offered on that day."""


class AlreadySettled(Exception):
    """The proforma was paid; it activates once."""


@dataclass(frozen=True, slots=True)
class Price:
    """In lei; `vat_rate` in per cent, None for a seller not registered for VAT."""

    net: Decimal
    vat_rate: Decimal | None
    vat: Decimal

    @property
    def total(self) -> Decimal:
        return self.net + self.vat


def price(plan: Plan, period: Period, on: date) -> Price:
    """Of `plan`, with the standard rate of VAT in force on the day (art. 291 Cod fiscal)."""
    net = plan.year if period is Period.YEAR else plan.month
    if not settings.OPERATOR["vat"]:
        return Price(net, None, Decimal("0.00"))
    rate = next(rate.percent for rate in rates(on) if rate.name == "standard")
    return Price(net, rate, (net * rate / 100).quantize(CENT, ROUND_HALF_UP))


def place(firm: Firm, user: User, key: str, period: Period, email: str, now: datetime) -> Order:
    """The proforma, told by mail to `email` and to the operator. Raises NotForSale, NoSuchPlan."""
    if not settings.OPERATOR["iban"]:
        raise NotForSale
    today = timezone.localdate(now)
    plan = catalog().plan(key, today)
    if plan is None:
        raise NoSuchPlan(key)
    cost = price(plan, period, today)
    with transaction.atomic():
        order = Order.objects.create(
            firm=firm,
            user=user,
            plan=plan.key,
            plan_name=plan.name,
            period=period,
            issued_on=today,
            email=email,
            seller=settings.OPERATOR,
            buyer={name: getattr(firm, name) for name in BUYER},
            created_at=now,
            **asdict(cost),
        )
        letters.ordered(order)
    return order


BUYER = ("name", "cui", "vat_registered", "trade_register_number", "street", "city", "county", "post_code", "country")


def settle(order: Order, now: datetime, by: str) -> Subscription:
    """The money has come: activate what was ordered. Raises AlreadySettled.

    Days still paid for, of the same plan or of the trial, are added at the end; another plan begins today.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        if Order.objects.filter(pk=order.pk, paid_at=None).update(paid_at=now) != 1:
            raise AlreadySettled(order.label)
        stands, start = standing(order.firm), today
        if stands.is_active(today) and (stands.trial or (stands.plan and stands.plan.key == order.plan)):
            start = stands.until + timedelta(days=1)
        until = add_months(start, Period(order.period).months) - timedelta(days=1)
        return activate(order.firm, order.plan, until, now, by, order)


def activate(firm: Firm, key: str, until: date, now: datetime, by: str, order: Order | None = None) -> Subscription:
    """From today to `until`, included; the owners learn it by mail. Raises NoSuchPlan."""
    today = timezone.localdate(now)
    if catalog().plan(key, today) is None:
        raise NoSuchPlan(key)
    with transaction.atomic():
        subscription = Subscription.objects.create(
            firm=firm, plan=key, since=today, until=until, activated_at=now, by=by, order=order
        )
        letters.activated(subscription)
    return subscription


def add_months(day: date, months: int) -> date:
    """The same day, `months` later, or the last of a shorter month.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

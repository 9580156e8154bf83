"""What plans say by mail: an order, an activation, an end that comes near. Each text is a template; its first line
is the subject. Everybody reads it in their own language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from punte.web.accounts.language import language_of
from punte.web.accounts.models import Language
from punte.web.firms.models import Firm, Role

from .models import Notice, Order, Subscription
from .standing import Standing, standing, subscribed

log = structlog.get_logger("punte.plans")
DAYS_BEFORE = (1, 7)  # nearest first: who was away for a week hears once


def ordered(order: Order) -> None:
    link = settings.BASE_URL + reverse("plans:proforma", args=[order.pk])
    _after_commit("ordered", {"order": order, "link": link}, [order.email], Language(order.user.language))
    if operator := str(settings.OPERATOR["email"]):
        _after_commit("ordered_operator", {"order": order}, [operator])


def activated(subscription: Subscription) -> None:
    stands = subscribed(subscription)
    _after_commit("activated", _facts(subscription.firm, stands), owners(subscription.firm))


def remind(now: datetime) -> int:
    """Tell the owners of every firm whose plan ends in 7 days or in 1; how many were told now.

    A reminder is noted in the transaction that hands it to the mail server: what cannot be handed over is tried again
    at the next call, what was is not repeated.
    """
    if not settings.PLANS:
        return 0
    today, told = timezone.localdate(now), 0
    for firm in Firm.objects.iterator():
        stands = standing(firm)
        left = (stands.until - today).days
        days = next((days for days in DAYS_BEFORE if 0 <= left <= days), None)
        if days is None or not stands.is_active(today):
            continue
        if Notice.objects.filter(firm=firm, until=stands.until, days=days).exists():
            continue
        try:
            with transaction.atomic():
                Notice.objects.create(firm=firm, until=stands.until, days=days, sent_at=now)
                _send("ending", _facts(firm, stands) | {"left": left}, owners(firm))
        except IntegrityError:
            continue  # another worker was first
        except OSError as exc:  # smtplib's errors are among these
            log.warning("reminder not sent", firm=firm.pk, error=type(exc).__name__)
            continue
        told += 1
    return told


def owners(firm: Firm) -> list[str]:
    members = firm.memberships.filter(role=Role.OWNER, user__is_active=True)
    return list(members.order_by("pk").values_list("user__email", flat=True))


def _facts(firm: Firm, stands: Standing) -> dict[str, Any]:
    return {"firm": firm, "stands": stands, "link": settings.BASE_URL + reverse("plans:subscription")}


def _after_commit(name: str, context: dict[str, Any], to: list[str], language: Language | None = None) -> None:
    """A mail server that is down undoes neither an order nor an activation."""
    transaction.on_commit(lambda: _send(name, context, to, language), robust=True)


def _send(name: str, context: dict[str, Any], to: list[str], language: Language | None = None) -> None:
    for address in to:  # one letter each: nobody learns another's address
        with translation.override(language or language_of(address)):
            subject, _, body = render_to_string(f"plans/mail/{name}.txt", context).partition("\n")
        send_mail(subject.strip(), body.strip() + "\n", None, [address])

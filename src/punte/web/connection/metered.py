"""Every e-Factura client of the product: each of its calls goes through ANAF's limits first (`limits.budget`)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from punte.anaf.channel import Timeouts
from punte.anaf.efactura import EFactura
from punte.anaf.errors import AnafError, NotSent, RateLimited
from punte.web.config.anaf import hosts
from punte.web.limits import budget, clock
from punte.web.limits.clock import Clock

from . import applications
from .applications import Application

log = logging.getLogger(__name__)


def efactura(
    access_token: str,
    application: Application | None,
    *,
    clock: Clock = clock.now,
    user: str = "",
    hold: Callable[[], None] | None = None,
    timeouts: Timeouts | None = None,
) -> EFactura:
    """A client that waits for its slot before each call.

    application  whose token it is; None: the operator's
    user         the certificate's serial: ANAF may stop what it asks, for a day
    hold         called once the slot has come, before the call: to renew a lease; it forbids the call by raising
    """
    key = applications.client_id(application)

    def before(operation: str, subject: str) -> None:
        budget.take(key, operation, subject, clock, user=user)
        if hold:
            hold()

    def after(operation: str, subject: str, error: AnafError | None) -> None:
        if isinstance(error, NotSent):
            budget.give_back(operation, subject, clock())
        if isinstance(error, RateLimited):
            try:
                budget.stop(key, operation, subject, error, clock, user=user)
            except Exception:  # what the call itself brought must not be lost for it
                log.exception("ANAF's limit could not be written down")

    return EFactura(hosts(), access_token, before, after=after, timeouts=timeouts)

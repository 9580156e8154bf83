"""The scheduled invoices whose hour has come."""

from __future__ import annotations

from datetime import datetime

import structlog

from punte.web.invoices import firm_mail, scheduling
from punte.web.invoices.signals import Withheld

from . import restored

log = structlog.get_logger("punte.delivery")


def let_go(now: datetime) -> int:
    """Send what is due; how many were looked at. What ANAF would refuse by now is stopped, and its people are told."""
    due = scheduling.due(now)
    for invoice in due:
        if restored.holds(invoice.firm_id):
            continue  # its hour comes again when SPV was read
        try:
            why = scheduling.leave(invoice, now)
        except Withheld as withheld:  # numbered invoices are not asked again; should a plan ever say no, say so
            scheduling.stop(invoice, invoice.created_by)
            why = withheld.text
        except Exception:  # the others have their hour too
            log.exception("a scheduled invoice did not leave", invoice=invoice.pk)
            continue
        if why:
            firm_mail.not_left(invoice, why)
    return len(due)

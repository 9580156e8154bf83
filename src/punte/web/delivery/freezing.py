"""The frozen bytes of an invoice become a submission, with the first line of its history and of its dossier."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime
from typing import Any

from punte.web.accounts.models import User
from punte.web.invoices import duty, scheduling
from punte.web.invoices.models import Invoice

from . import records
from .models import State, Submission


def freeze(
    invoice: Invoice,
    xml: bytes,
    now: datetime,
    *,
    sent_by: User | None,
    state: State = State.QUEUED,
    kind: str = "queued",
    text: str = "",
    send_at: datetime | None = None,
) -> Submission:
    """Keep `xml` as what is sent of `invoice`, due now. Within the transaction that holds the invoice's row.

    sent_by     who pressed „Trimite”; None: it left before a restore, by a hand that is lost
    kind, text  of the first line of history
    send_at     the hour it had been scheduled for
    """
    submission = Submission.objects.create(
        firm=invoice.firm,
        invoice=invoice,
        document=xml,
        sha256=hashlib.sha256(xml).hexdigest(),
        **asdict(duty.channel(invoice)),
        state=state,
        due_at=now,
        created_by=sent_by or invoice.created_by,
        created_at=now,
        changed_at=now,
    )
    event = submission.events.create(at=now, kind=kind, state=state, text=text)
    records.opening(submission, event, **_facts(invoice, sent_by, send_at))
    return submission


def _facts(invoice: Invoice, sent_by: User | None, send_at: datetime | None) -> dict[str, Any]:
    """What the dossier says of an invoice when it is frozen. The buyer is in the document, and not here."""
    last = scheduling.last_day(invoice)
    return {
        **{"firm": invoice.firm.cui, "invoice": invoice.label, "issue_date": invoice.issue_date.isoformat()},
        **{"supply_date": invoice.supply_date.isoformat() if invoice.supply_date else ""},
        **{"drafted_at": invoice.created_at, "drafted_by": str(invoice.created_by)},
        **{"sent_by": str(sent_by) if sent_by else "", "scheduled_for": send_at, "warned_at": invoice.warned_at},
        **{"deadline": last.isoformat() if last else ""},
    }

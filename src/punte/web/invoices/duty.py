"""Whether an invoice must be sent to ANAF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from .models import Invoice


@dataclass(frozen=True, slots=True)
class Duty:
    kind: Literal["must", "may", "not"]
    key: str = ""
    text: str = ""


def of(invoice: Invoice) -> Duty:
    if invoice.client.is_foreign and not invoice.client.cui and not invoice.firm.sends_abroad:
        return Duty("not", "abroad", _("Clientul este din altă țară și nu are cod fiscal în România."))
    return Duty("must")

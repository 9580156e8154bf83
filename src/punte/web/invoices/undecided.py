"""Doubts that wait for a person: nobody but her can say whether the invoice is in SPV."""

from __future__ import annotations

from punte.web.firms.models import Firm

from .models import Invoice, Kind, Stage

#: `Submission.waiting_for` of such a doubt; `delivery.steps` writes it, and `delivery.doubt` takes her word
DECIDABLE = frozenset({"too-old", "unreadable", "wrong-index"})


def undecided(firm: Firm) -> list[int]:
    """The keys of the firm's invoices that wait so, oldest first; few, for most doubts end by themselves."""
    doubts = Invoice.objects.filter(firm=firm, kind=Kind.INVOICE, stage=Stage.UNCERTAIN)
    waiting = doubts.filter(submissions__state=Stage.UNCERTAIN, submissions__waiting_for__in=DECIDABLE)
    return list(waiting.order_by("pk").values_list("pk", flat=True))

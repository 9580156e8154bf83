"""What the law asks of an invoice and the official rules do not look at: each fault with its field.

The official set knows arithmetic and codes. It does not know the rates in force, who may use reverse charge, what was
deducted before, or the ceiling of art. 310; ANAF or an inspector does (docs/anaf/document.md).
"""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Verdict
from . import before, ceilings, charged, filled
from .draft import Draft

__all__ = ["Draft", "faults"]


def faults(draft: Draft) -> Iterator[Verdict]:
    """Everything there is to say; nothing of the rows while there are none."""
    yield from filled.client(draft)
    yield from filled.references(draft)
    if not draft.rows:
        return
    for check in (
        charged.lawful_rates,
        charged.reverse_charge,
        charged.across_borders,
        filled.currency,
        filled.discounts,
        filled.deposits,
        before.advances,
        before.taken_back,
        ceilings.small_business,
        ceilings.on_collection,
        filled.payment,
        filled.days,
    ):
        yield from check(draft)

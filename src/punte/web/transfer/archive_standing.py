"""How a firm's sealed archive stands, for Setări → Date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from punte.romania import retention as law
from punte.web.archive import retention
from punte.web.archive.models import Resumption, SealVerdict, Verification
from punte.web.firms.models import Firm


@dataclass(frozen=True, slots=True)
class Standing:
    """`verified`: the last run over all of the firm's packages, where it tells of this firm; `faults` its own.

    kept_until  of this year's documents;  offered  packages that may be removed by an explicit act of the operator
    strangers   documents in SPV that were sent after the backup we were restored from, and match nothing here
    """

    packages: int
    sealed: int
    verified: Verification | None
    faults: int
    kept_until: date
    offered: int
    strangers: list[dict[str, Any]]


def standing(firm: Firm, today: date) -> Standing:
    runs = Verification.objects.filter(Q(firm=firm) | Q(firm=None), since=None).exclude(ended_at=None)
    last = runs.order_by("-started_at").first()
    faults = sum(one["cui"] == firm.cui for one in last.found) if last else 0
    if last and not faults and last.faults > len(last.found):
        last = None  # the row names the first faults alone: whether some of this firm's came after, it does not say
    after = Resumption.objects.filter(firm=firm).first()
    return Standing(
        packages=firm.packages.filter(removed_at=None).count(),
        sealed=firm.packages.filter(removed_at=None, seal=SealVerdict.VALID).count(),
        verified=last,
        faults=faults,
        kept_until=law.kept(today.year, today).until,
        offered=retention.offered(firm, today).count(),
        strangers=after.found if after else [],
    )

"""„Ce ar spune ANAF acum”: the official rules on the document as it stands, and what only the law says (`law`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from punte import en16931
from punte.en16931 import model as en
from punte.romania import check

from . import document, law, regimes
from .findings import Verdict, verdict_of
from .models import Adjustment, Invoice, Kind, Line


@dataclass(frozen=True, slots=True)
class Judgement:
    """The document and what there is to say of it; `document` is None while the form cannot be read."""

    verdicts: tuple[Verdict, ...]
    document: en.Invoice | None = None

    @property
    def problems(self) -> tuple[Verdict, ...]:
        """What ANAF or the law would refuse."""
        return tuple(verdict for verdict in self.verdicts if verdict.tone == "bad")

    @property
    def tone(self) -> str:
        """The worst of it, as the class of the panel."""
        return "" if self.problems else "warn" if self.verdicts else "clean"


def judge(
    invoice: Invoice,
    lines: Iterable[Line] | None = None,
    adjustments: Iterable[Adjustment] | None = None,
    *,
    today: date,
) -> Judgement:
    """The judgement of `invoice`; `lines` and `adjustments` instead of the saved ones while it is being typed.

    A proforma is judged as the invoice that will be made from it.
    """
    rows = list(invoice.lines.all()) if lines is None else list(lines)
    built = document.build(invoice, lines=rows, adjustments=adjustments)
    as_sent = replace(built, type_code=en.InvoiceType.INVOICE.value) if invoice.kind != Kind.INVOICE else built
    report = check(en16931.write_ubl(as_sent))
    positions = [row.position for row in rows]
    found = [verdict_of(finding, positions) for finding in report.findings]
    return Judgement(_once_each([*found, *law.faults(law.Draft(invoice, rows, built, today))]), built)


def lawful_rates(invoice: Invoice) -> list[Decimal]:
    """The rates that `invoice` may charge: `regimes.lawful_rates`."""
    return list(regimes.lawful_rates(invoice.supply_date or invoice.issue_date, invoice.preceding))


def _once_each(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """One sentence a field, what is bad first. Of two rules the later is kept: it knows more (sector after city)."""
    told: dict[str, Verdict] = {}
    for verdict in sorted(verdicts, key=lambda verdict: verdict.tone, reverse=True):  # "warn", then "bad" over it
        told[verdict.target if verdict.target and not verdict.is_sellers else verdict.title + verdict.text] = verdict
    return tuple(sorted(told.values(), key=lambda verdict: verdict.tone))

"""The year's turnover against a ceiling of the VAT law: art. 310 (small businesses) and art. 282 (TVA la încasare).

What was invoiced, in lei without VAT, by the year of issue; a storno takes off. The law leaves out sales of fixed
assets, which nothing here marks: the figure may be too high, never silently too low.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, F, QuerySet, Sum, When

from punte.en16931.model import InvoiceType
from punte.romania import vat
from punte.web.firms.models import Firm

from .models import Invoice, Kind

NEAR = Decimal("0.8")  # of the ceiling: from here on a firm is told


@dataclass(frozen=True, slots=True)
class Standing:
    """total, ceiling  lei;  share  of the ceiling, 0.8 and above is near;  crosses  the total is above it."""

    total: Decimal
    ceiling: Decimal

    @property
    def share(self) -> Decimal:
        return self.total / self.ceiling

    @property
    def crosses(self) -> bool:
        return self.total > self.ceiling

    @property
    def is_near(self) -> bool:
        return not self.crosses and self.share >= NEAR

    @property
    def left(self) -> Decimal:
        """What may still be invoiced, never below zero."""
        return max(self.ceiling - self.total, Decimal(0))


def standing(
    firm: Firm, year: int, today: date, *, ceiling: str = "small_business", but: Invoice | None = None
) -> Standing:
    """What `firm` invoiced in `year`, here and elsewhere (`Firm.turnover_elsewhere`).

    ceiling  the row of vat_limits.tsv, as it stands today, or stood at the end of a year that is over
    but      a document left out: the one that is about to be counted
    """
    day = min(max(today, date(year, 1, 1)), date(year, 12, 31))
    limit = vat.limit(ceiling, day)
    if limit is None:
        raise LookupError(f"no ceiling {ceiling} on {day}")
    issued = _issued(firm, year)
    if but is not None and but.pk:
        issued = issued.exclude(pk=but.pk)
    here = _sum(issued)
    elsewhere = firm.turnover_elsewhere if firm.turnover_year == year else Decimal(0)
    return Standing(here + elsewhere, limit.lei)


def with_invoice(invoice: Invoice, net_lei: Decimal, today: date, *, ceiling: str = "small_business") -> Standing:
    """The standing of its year once `invoice` of so many lei is issued."""
    before = standing(invoice.firm, invoice.issue_date.year, today, ceiling=ceiling, but=invoice)
    sign = -1 if invoice.type_code == InvoiceType.CREDIT_NOTE else 1
    return Standing(before.total + sign * net_lei, before.ceiling)


def imported(firm: Firm, year: int) -> Decimal:
    """Of `standing`, what was brought in from another program: not to be told again as `Firm.turnover_elsewhere`."""
    return _sum(_issued(firm, year).filter(not_sent_because="imported"))


def _issued(firm: Firm, year: int) -> QuerySet[Invoice]:
    days = (date(year, 1, 1), date(year, 12, 31))
    numbered = Invoice.objects.filter(firm=firm, kind=Kind.INVOICE, number__isnull=False, issue_date__range=days)
    return numbered.filter(self_billed=False)


def _sum(invoices: QuerySet[Invoice]) -> Decimal:
    signed = Case(When(type_code=InvoiceType.CREDIT_NOTE, then=-F("net_lei")), default=F("net_lei"))
    total: Decimal | None = invoices.aggregate(total=Sum(signed))["total"]
    return total or Decimal(0)

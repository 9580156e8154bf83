"""The figures of Acasă: what stands on the bridge, what is waited for, twelve months. Remembered together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.utils.translation import gettext as _

from punte.en16931.model import InvoiceType
from punte.web.design import formats
from punte.web.firms.models import Firm
from punte.web.invoices.models import Invoice, Kind, Stage
from punte.web.invoices.remembering import remembered
from punte.web.invoices.waited import WAITED, less

MONTHS = 12
ON_THE_WAY = (Stage.SCHEDULED, Stage.QUEUED, Stage.SENDING, Stage.UNCERTAIN)
HOT = (Stage.REJECTED, Stage.REFUSED, Stage.ISSUED)  # a person has to do something


@dataclass(slots=True)
class Owed:
    """Of one currency: what is waited for, and of it what is past its due date."""

    currency: str
    left: Decimal = Decimal(0)
    late: Decimal = Decimal(0)
    late_count: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """A month of the chart: its net amount in lei, and its bar in the units of the drawing."""

    month: date
    net: Decimal
    now: bool
    x: str  # with a point for decimals, whatever the page speaks
    y: str
    height: str
    middle: str
    above: str

    @property
    def thousands(self) -> Decimal:
        return (self.net / 1000).quantize(Decimal("0.1"))


@dataclass(frozen=True, slots=True)
class Figures:
    """counts  over the piers: `drafts`, `sent` and `processing` of any date, `accepted` of this month
    owed    by currency, lei first
    nets    net amounts in lei by month of issue, of twelve months, this one last; stornos take off
    vat     in lei, of what was issued this month
    """

    counts: dict[str, int]
    owed: tuple[Owed, ...]
    nets: dict[date, Decimal]
    vat: Decimal


STEP, BAR, BASE, TALLEST = 96, 56, 150, 120  # of the drawing, 1152 wide


def figures(firm: Firm, today: date) -> Figures:
    return remembered(firm, ("figures", today), lambda: _figures(firm, today))


def _figures(firm: Firm, today: date) -> Figures:
    return Figures(_counts(firm, today), _owed(firm, today), *_issued(firm, today))


def own(firm: Firm) -> QuerySet[Invoice]:
    return Invoice.objects.filter(firm=firm, kind=Kind.INVOICE)


def _counts(firm: Firm, today: date) -> dict[str, int]:
    open_ = own(firm).filter(stage__in=[Stage.DRAFT, *ON_THE_WAY, Stage.PROCESSING, *HOT])
    found = dict(open_.order_by().values_list("stage").annotate(Count("pk")))
    accepted = own(firm).filter(stage=Stage.ACCEPTED, issue_date__gte=today.replace(day=1))
    return {
        "drafts": found.get(Stage.DRAFT, 0),
        "sent": sum(found.get(stage, 0) for stage in ON_THE_WAY),
        "processing": found.get(Stage.PROCESSING, 0),
        "accepted": accepted.count(),
        "uncertain": found.get(Stage.UNCERTAIN, 0),
        "hot": sum(found.get(stage, 0) for stage in HOT),
    }


def _owed(firm: Firm, today: date) -> tuple[Owed, ...]:
    waited = own(firm).filter(WAITED).order_by()
    rest, late = F("payable") - F("paid"), Q(due_date__lt=today)
    groups = waited.values("currency").annotate(
        left=Sum(rest), late=Sum(rest, filter=late), late_count=Count("currency", filter=late)
    )
    found = {one["currency"]: Owed(**one | {"late": one["late"] or Decimal(0)}) for one in groups}
    for off in less(firm, waited):
        one = found[off.invoice.currency]
        one.left -= off.amount
        if off.invoice.due_date and off.invoice.due_date < today:
            one.late, one.late_count = one.late - off.amount, one.late_count - off.whole
    return tuple(
        sorted((one for one in found.values() if one.left), key=lambda one: (one.currency != "RON", one.currency))
    )


def _issued(firm: Firm, today: date) -> tuple[dict[date, Decimal], Decimal]:
    """`Figures.nets` and `Figures.vat`."""
    firsts = _firsts(today)
    issued = own(firm).filter(issue_date__gte=firsts[0], issue_date__lte=today).exclude(stage=Stage.DRAFT)
    nets = dict.fromkeys(firsts, Decimal(0))
    days = issued.order_by().values("issue_date").annotate(sum=Sum(_signed("net_lei")))
    for day, net in days.values_list("issue_date", "sum"):
        nets[day.replace(day=1)] += net
    vat: Decimal | None = issued.filter(issue_date__gte=firsts[-1]).aggregate(total=Sum(_signed("vat_lei")))["total"]
    return nets, vat or Decimal(0)


def bars(nets: dict[date, Decimal]) -> list[Bar]:
    """The chart of `Figures.nets`."""
    top = max(*nets.values(), Decimal(1))
    drawn = []
    for n, (month, net) in enumerate(nets.items()):
        x, height = 20 + n * STEP, float(max(net, Decimal(0)) / top) * TALLEST
        places = [f"{one:.1f}" for one in (x, BASE - height, height, x + BAR / 2, BASE - height - 6)]
        drawn.append(Bar(month, net, n == len(nets) - 1, *places))
    return drawn


def _firsts(today: date) -> list[date]:
    """The first days of the last twelve months, oldest first."""
    number = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number - MONTHS + 1, number + 1)]


def _signed(column: str) -> Case:
    """A credit note takes off what it says."""
    return Case(When(type_code=InvoiceType.CREDIT_NOTE, then=-F(column)), default=F(column))


def said_of(bars: Sequence[Bar]) -> str:
    """The chart in a sentence."""
    best, worst = max(bars, key=lambda bar: bar.net), min(bars, key=lambda bar: bar.net)
    return _(
        "Facturat pe luni, fără TVA. Cel mai mult în %(best)s: %(most)s; cel mai puțin în %(worst)s: %(least)s."
    ) % {
        "best": month_name(best.month),
        "most": formats.money(best.net),
        "worst": month_name(worst.month),
        "least": formats.money(worst.net),
    }


def month_name(month: date) -> str:
    """`noiembrie 2026`."""
    return formats.long_date(month.replace(day=1)).partition(" ")[2]


def change(bars: Sequence[Bar]) -> str:
    """Against the month before, in per cent; nothing where there is no before."""
    *_rest, before, now = bars
    if before.net <= 0:
        return ""
    percent = ((now.net / before.net - 1) * 100).quantize(Decimal(1))
    if percent == 0:
        return _("cât luna trecută")
    said = _("cu %(percent)s peste luna trecută") if percent > 0 else _("cu %(percent)s sub luna trecută")
    return said % {"percent": formats.percent(abs(percent))}

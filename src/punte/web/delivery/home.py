"""What Acasă says: what waits for a person, what is near, how the money stands, twelve months."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from punte.en16931.model import InvoiceType
from punte.web.design import formats
from punte.web.design.states import STATES
from punte.web.firms.models import Firm
from punte.web.invoices import scheduling
from punte.web.invoices.listing import NOT_ARRIVED, taken_back
from punte.web.invoices.models import Invoice, Kind, Stage
from punte.web.invoices.nearness import near_since

from .showing import reason, slug
from .steps import DECIDABLE

HOT = 20  # refused invoices on the page; the rest stands in Venituri
FEW = 5  # of everything else
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of „De rezolvat”: what, in small why and until when, and the one press."""

    tone: str
    icon: str
    title: str
    note: str
    url: str
    button: str


@dataclass(frozen=True, slots=True)
class Date:
    """One line of „Termene”."""

    day: date
    text: str
    url: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """Of one currency: what is waited for, and of it what is past its due date."""

    currency: str
    left: Decimal
    late: Decimal
    late_count: int


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


STEP, BAR, BASE, TALLEST = 96, 56, 150, 120  # of the drawing, 1152 wide


def own(firm: Firm) -> QuerySet[Invoice]:
    return Invoice.objects.filter(firm=firm, kind=Kind.INVOICE)


def counts(firm: Firm, today: date) -> dict[str, int]:
    """The month over the piers: drafts and what is under way of any date, what was validated of this month."""
    on_the_way = (Stage.SCHEDULED, Stage.QUEUED, Stage.SENDING, Stage.UNCERTAIN)
    open_ = own(firm).filter(stage__in=[Stage.DRAFT, *on_the_way, Stage.PROCESSING])
    found = dict(open_.order_by().values_list("stage").annotate(Count("pk")))
    accepted = own(firm).filter(stage=Stage.ACCEPTED, issue_date__gte=today.replace(day=1))
    return {
        "drafts": found.get(Stage.DRAFT, 0),
        "sent": sum(found.get(stage, 0) for stage in on_the_way),
        "processing": found.get(Stage.PROCESSING, 0),
        "accepted": accepted.count(),
    }


def todos(firm: Firm, today: date) -> list[Todo]:
    """What asks for a person: refused first, then what was stopped, then drafts."""
    brought = own(firm).select_related("client").prefetch_related("submissions", "corrections", "lines")
    hot = brought.filter(stage__in=[Stage.REJECTED, Stage.REFUSED, Stage.ISSUED]).order_by("issue_date", "pk")[:HOT]
    undecided = brought.filter(stage=Stage.UNCERTAIN, submissions__waiting_for__in=DECIDABLE).order_by("pk")[:HOT]
    drafts = brought.filter(stage=Stage.DRAFT).order_by("-issue_date", "-pk")[:FEW]
    return [_todo(invoice, firm, today) for invoice in [*hot, *undecided, *drafts]]


def _todo(invoice: Invoice, firm: Firm, today: date) -> Todo:
    invoice.firm = firm
    money = formats.money(invoice.payable, invoice.currency)
    url = reverse("invoices:detail", args=[invoice.pk])
    if invoice.stage == Stage.DRAFT:
        title = _("Ciorna pentru %(client)s") % {"client": invoice.client.name}
        return Todo("warn", "ciorna", title, _joined(money, reason(invoice)), url, _("Vedeți ciorna"))
    words = {
        Stage.REJECTED: _("Factura %(label)s a fost respinsă de ANAF"),
        Stage.REFUSED: _("Factura %(label)s nu a intrat în SPV"),
        Stage.ISSUED: _("Factura %(label)s are număr, dar nu a plecat"),
        Stage.UNCERTAIN: _("Nu știm dacă factura %(label)s a ajuns în SPV"),
    }
    title = words[Stage(invoice.stage)] % {"label": invoice.label}
    note = _joined(invoice.client.name, money, reason(invoice), scheduling.countdown(invoice, today))
    if invoice.stage == Stage.UNCERTAIN:
        return Todo("warn", "incerta", title, note, reverse("delivery:doubt", args=[invoice.pk]), _("Spuneți-ne"))
    button = _("Vedeți de ce") if invoice.stage != Stage.ISSUED else _("Deschideți")
    return Todo(
        "warn" if invoice.stage == Stage.ISSUED else "bad", STATES[slug(invoice)].icon, title, note, url, button
    )


def dates(firm: Firm, today: date) -> list[Date]:
    """Last days for ANAF that are near, hours at which something leaves, and due dates that passed."""
    brought = own(firm).select_related("client").prefetch_related("lines")
    found = []
    near = brought.filter(stage__in=NOT_ARRIVED, issue_date__lte=near_since(today)).order_by("-issue_date", "-pk")
    for invoice in near[:FEW]:
        invoice.firm = firm
        if last := scheduling.last_day(invoice):
            said = _("%(invoice)s la ANAF: %(countdown)s")
            text = said % {"invoice": invoice.label, "countdown": scheduling.countdown(invoice, today)}
            found.append(Date(last, text, _page(invoice), "late" if last <= today else "soon"))
    for invoice in brought.filter(stage=Stage.SCHEDULED).order_by("send_at", "pk")[:FEW]:
        if invoice.send_at:
            text = _("%(invoice)s pleacă la %(hour)s")
            told = text % {"invoice": invoice.label, "hour": formats.clock(invoice.send_at)}
            found.append(Date(timezone.localdate(invoice.send_at), told, _page(invoice)))
    for invoice in _waited(firm).filter(due_date__lt=today).select_related("client").order_by("-due_date", "-pk")[:FEW]:
        left = formats.money(invoice.payable - invoice.paid, invoice.currency)
        text = _("Scadență trecută: %(client)s, %(left)s") % {"client": invoice.client.name, "left": left}
        found.append(Date(invoice.due_date or today, text, _page(invoice), "late"))
    return sorted(found, key=lambda one: one.day)[: 2 * FEW]


def uncertain(firm: Firm) -> list[tuple[Invoice, str]]:
    """What we look for in SPV by ourselves, with when it will be known; what waits for a person is in `todos`."""
    doubts = own(firm).filter(stage=Stage.UNCERTAIN).exclude(submissions__waiting_for__in=DECIDABLE)
    found = doubts.prefetch_related("submissions").order_by("-issue_date", "-pk")[:FEW]
    return [(invoice, reason(invoice)) for invoice in found]


def owed(firm: Firm, today: date) -> list[Owed]:
    """By currency, lei first."""
    rest, late = F("payable") - F("paid"), Q(due_date__lt=today)
    groups = (
        _waited(firm)
        .order_by()
        .values("currency")
        .annotate(left=Sum(rest), late=Sum(rest, filter=late), late_count=Count("currency", filter=late))
    )
    found = [Owed(one["currency"], one["left"], one["late"] or Decimal(0), one["late_count"]) for one in groups]
    return sorted(found, key=lambda one: (one.currency != "RON", one.currency))


def _waited(firm: Firm) -> QuerySet[Invoice]:
    """Issued and not received whole; `listing.unpaid` is the same in one condition."""
    whole = [one["preceding_id"] for one in taken_back(firm)]
    waited = own(firm).filter(payable__gt=F("paid")).exclude(stage=Stage.DRAFT)
    return waited.exclude(pk__in=whole) if whole else waited


def vat_of_month(firm: Firm, today: date) -> Decimal:
    """VAT in lei on what was issued this month."""
    issued = own(firm).filter(issue_date__gte=today.replace(day=1), issue_date__lte=today).exclude(stage=Stage.DRAFT)
    total: Decimal | None = issued.aggregate(total=Sum(_signed("vat_lei")))["total"]
    return total or Decimal(0)


def months(firm: Firm, today: date) -> list[Bar]:
    """Net amounts in lei by month of issue, twelve of them, this one last; stornos take off."""
    firsts = _firsts(today)
    issued = own(firm).filter(issue_date__gte=firsts[0], issue_date__lte=today).exclude(stage=Stage.DRAFT)
    sums = dict.fromkeys(firsts, Decimal(0))
    days = issued.order_by().values("issue_date").annotate(sum=Sum(_signed("net_lei")))
    for day, net in days.values_list("issue_date", "sum"):
        sums[day.replace(day=1)] += net
    top = max(*sums.values(), Decimal(1))
    bars = []
    for n, (month, net) in enumerate(sums.items()):
        x, height = 20 + n * STEP, float(max(net, Decimal(0)) / top) * TALLEST
        drawn = [f"{one:.1f}" for one in (x, BASE - height, height, x + BAR / 2, BASE - height - 6)]
        bars.append(Bar(month, net, month == firsts[-1], *drawn))
    return bars


def _firsts(today: date) -> list[date]:
    """The first days of the last twelve months, oldest first."""
    number = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number - MONTHS + 1, number + 1)]


def _signed(column: str) -> Case:
    """A credit note takes off what it says."""
    return Case(When(type_code=InvoiceType.CREDIT_NOTE, then=-F(column)), default=F(column))


def said_of(bars: list[Bar]) -> str:
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


def greeting(now: datetime, name: str) -> str:
    hour = timezone.localtime(now).hour
    word = _("Bună dimineața") if hour < 11 else _("Bună ziua") if hour < 18 else _("Bună seara")
    return f"{word}, {name}" if name else word


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _page(invoice: Invoice) -> str:
    return reverse("invoices:detail", args=[invoice.pk])


def context_of(firm: Firm, today: date) -> dict[str, Any]:
    """All of it, for the template."""
    bars = months(firm, today)
    has_any = any(bar.net for bar in bars) or Invoice.objects.filter(firm=firm).exists()
    if not has_any:
        return {"is_new": True, "todos": [], "dates": [], "uncertain": []}
    return {
        "is_new": False,
        "counts": counts(firm, today),
        "todos": todos(firm, today),
        "dates": dates(firm, today),
        "uncertain": uncertain(firm),
        "owed": owed(firm, today),
        "vat": vat_of_month(firm, today) if firm.vat_registered else None,
        "bars": bars,
        "bars_said": said_of(bars),
        "change": _change(bars),
    }


def _change(bars: Iterable[Bar]) -> str:
    """Against the month before, in per cent; nothing where there is no before."""
    *_rest, before, now = bars
    if before.net <= 0:
        return ""
    percent = ((now.net / before.net - 1) * 100).quantize(Decimal(1))
    if percent == 0:
        return _("cât luna trecută")
    said = _("cu %(percent)s peste luna trecută") if percent > 0 else _("cu %(percent)s sub luna trecută")
    return said % {"percent": formats.percent(abs(percent))}

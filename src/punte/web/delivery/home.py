"""What Acasă says: what waits for a person, what is near, how the money stands, twelve months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from punte.web.design import formats
from punte.web.design.states import STATES
from punte.web.firms.models import Firm
from punte.web.invoices import payments, scheduling
from punte.web.invoices.listing import NOT_ARRIVED, with_way
from punte.web.invoices.models import Invoice, Stage
from punte.web.invoices.nearness import near_since
from punte.web.invoices.undecided import undecided
from punte.web.invoices.waited import unpaid

from . import figures
from .figures import own
from .showing import reason, slug

MOST = 10  # refused invoices on the page; the rest stands in Venituri
FEW = 5  # of everything else


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


def todos(firm: Firm, today: date, counts: Mapping[str, int], doubts: Iterable[int]) -> list[Todo]:
    """What asks for a person: refused first, then what was stopped, then doubts (`undecided`), then drafts."""
    hot = own(firm).filter(stage__in=figures.HOT).order_by("issue_date", "pk")[:MOST]
    drafts = own(firm).filter(stage=Stage.DRAFT).order_by("-issue_date", "-pk")[:FEW]
    keys = list(islice(doubts, MOST))
    if counts["hot"]:
        keys[:0] = hot.values_list("pk", flat=True)
    if counts["drafts"]:
        keys += drafts.values_list("pk", flat=True)
    brought = with_way(Invoice.objects.filter(pk__in=keys)).prefetch_related("lines").in_bulk()  # sorted without rows
    return [_todo(brought[pk], firm, today) for pk in keys if pk in brought]


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


def dates(firm: Firm, today: date, known: figures.Figures) -> list[Date]:
    """Last days for ANAF that are near, hours at which something leaves, and due dates that passed.

    Asked are only those that `known` says there are.
    """
    brought = own(firm).select_related("client").prefetch_related("lines")
    found = []
    near = brought.filter(stage__in=NOT_ARRIVED, issue_date__lte=near_since(today)).order_by("-issue_date", "-pk")
    for invoice in near[:FEW] if any(known.counts[one] for one in ("sent", "processing", "hot")) else ():
        invoice.firm = firm
        if last := scheduling.last_day(invoice):
            said = _("%(invoice)s la ANAF: %(countdown)s")
            text = said % {"invoice": invoice.label, "countdown": scheduling.countdown(invoice, today)}
            found.append(Date(last, text, _page(invoice), "late" if last <= today else "soon"))
    leaving = brought.filter(stage=Stage.SCHEDULED).order_by("send_at", "pk")
    for invoice in leaving[:FEW] if known.counts["sent"] else ():
        if invoice.send_at:
            text = _("%(invoice)s pleacă la %(hour)s")
            told = text % {"invoice": invoice.label, "hour": formats.clock(invoice.send_at)}
            found.append(Date(timezone.localdate(invoice.send_at), told, _page(invoice)))
    late = own(firm).filter(unpaid(firm), due_date__lt=today).order_by("-due_date", "-pk")
    late = late.select_related("client").prefetch_related("corrections")
    for invoice in late[:FEW] if any(one.late_count for one in known.owed) else ():
        left = formats.money(payments.left(invoice), invoice.currency)
        text = _("Scadență trecută: %(client)s, %(left)s") % {"client": invoice.client.name, "left": left}
        found.append(Date(invoice.due_date or today, text, _page(invoice), "late"))
    return sorted(found, key=lambda one: one.day)[: 2 * FEW]


def uncertain(firm: Firm, but: Iterable[int]) -> list[tuple[Invoice, str]]:
    """What we look for in SPV by ourselves, with when it will be known; what waits for a person is in `todos`."""
    doubts = own(firm).filter(stage=Stage.UNCERTAIN).exclude(pk__in=but)
    found = doubts.prefetch_related("submissions").order_by("-issue_date", "-pk")[:FEW]
    return [(invoice, reason(invoice)) for invoice in found]


def greeting(now: datetime, name: str) -> str:
    hour = timezone.localtime(now).hour
    word = _("Bună dimineața") if 4 <= hour < 11 else _("Bună ziua") if 11 <= hour < 18 else _("Bună seara")
    return f"{word}, {name}" if name else word


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _page(invoice: Invoice) -> str:
    return reverse("invoices:detail", args=[invoice.pk])


def context_of(firm: Firm, today: date) -> dict[str, Any]:
    """All of it, for the template."""
    found = figures.figures(firm, today)
    if not any(found.nets.values()) and not Invoice.objects.filter(firm=firm).exists():
        return {"is_new": True, "waiting": 0, "todos": [], "dates": [], "uncertain": []}
    bars = figures.bars(found.nets)
    doubts = undecided(firm) if found.counts["uncertain"] else []
    return {
        "is_new": False,
        "counts": found.counts,
        "todos": todos(firm, today, found.counts, doubts),
        "waiting": found.counts["hot"] + len(doubts) + found.counts["drafts"],
        "has_hot": bool(found.counts["hot"] or doubts),
        "dates": dates(firm, today, found),
        "uncertain": uncertain(firm, doubts) if found.counts["uncertain"] else [],
        "owed": found.owed,
        "vat": found.vat if firm.vat_registered else None,
        "bars": bars,
        "bars_said": figures.said_of(bars),
        "change": figures.change(bars),
    }

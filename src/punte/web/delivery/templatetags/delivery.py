"""What a page of an invoice shows of its delivery: `{% load delivery %}`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from punte.web.design import formats
from punte.web.design.templatetags import design
from punte.web.firms.models import Firm
from punte.web.invoices.models import Invoice, Stage

from .. import batches, doubt, figures, refusals, renumbering, sending, showing

register = template.Library()

register.simple_tag(sending.sent_this_month)
register.simple_tag(showing.reason, name="reason_of")
register.simple_tag(showing.slug, name="slug_of")
register.inclusion_tag("design/bridge.html", name="bridge_of")(lambda invoice: bridge_large_of(invoice))


def bridge_large_of(invoice: Invoice) -> dict[str, Any]:
    drawn = showing.bridge(invoice)
    return design.bridge(drawn) if drawn else {}


@register.simple_tag
def state_of(invoice: Invoice, filled: bool = False) -> SafeString:
    return design.state(showing.slug(invoice), filled=filled)


@register.simple_tag
def bridge_small_of(invoice: Invoice) -> SafeString:
    return design.bridge_small(showing.slug(invoice) if showing.crosses(invoice) else "nu-se-transmite")


@register.inclusion_tag("delivery/timeline.html")
def timeline_of(invoice: Invoice) -> dict[str, Any]:
    return {"entries": showing.history(invoice)}


@register.inclusion_tag("delivery/banner.html")
def banner_of(invoice: Invoice, may_write: bool = False) -> dict[str, Any]:
    submission = showing.latest(invoice)
    refused = submission is not None and invoice.stage in {Stage.REJECTED, Stage.REFUSED}
    return {
        "word": showing.banner(invoice),
        "submission": submission,
        "invoice": invoice,
        "is_decidable": submission is not None and doubt.is_decidable(submission),
        "may_write": may_write,
        "is_taken": renumbering.is_taken(invoice),
        "changes": refusals.changed_since(invoice),
        "problems": refusals.problems(submission) if submission and refused else [],
    }


@register.inclusion_tag("delivery/batches.html")
def batches_of(firm: Firm) -> dict[str, Any]:
    """The way back to what is being done to many documents."""
    return {"batches": batches.recent(firm, timezone.now())}


@register.simple_tag
def big(value: Decimal | int, currency: str = "RON") -> SafeString:
    """A sum set large: its decimals and its currency are lighter."""
    whole, mark, decimals = formats.amount(value)[:-3], formats.amount(value)[-3], formats.amount(value)[-2:]
    unit = formats.money(0, currency).partition("\u00a0")[2]
    return format_html('{}<span class="dec">{}{}\u00a0{}</span>', whole, mark, decimals, unit)


@register.simple_tag
def share(part: Decimal) -> str:
    """A part of one, in per cent for a drawing; never more than the whole."""
    return f"{min(float(part), 1) * 100:.1f}"


@register.simple_tag
def short_month(month: date) -> str:
    """`nov.`"""
    return formats.short_date(month).partition(" ")[2]


register.simple_tag(figures.month_name, name="long_month")

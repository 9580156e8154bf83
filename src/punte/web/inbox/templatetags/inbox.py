"""What pages show of received documents and of remarks: `{% load inbox %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from punte.web.design.templatetags import design
from punte.web.firms.models import Firm
from punte.web.invoices.models import Invoice

from .. import speaking, words
from ..models import Document, Event, Remark
from ..summary import summary

register = template.Library()

register.simple_tag(words.standing_of)


def _badge(said: words.Said, *, filled: bool = False) -> SafeString:
    return format_html(
        '<span class="state{}" data-state="{}">{}{}</span>',
        " filled" if filled else "",
        said.state,
        design.icon(said.icon),
        said.word,
    )


@register.simple_tag
def mark_of(document: Document, filled: bool = False) -> SafeString:
    return _badge(words.mark_of(document), filled=filled)


@register.simple_tag
def remark_state(remark: Remark) -> SafeString:
    return _badge(words.remark_state(remark))


@register.simple_tag
def remark_why(remark: Remark) -> str:
    return words.remark_state(remark).why


@register.simple_tag
def event_of(event: Event) -> words.Said:
    return words.event(event)


@register.inclusion_tag("inbox/remarks_of.html")
def remarks_of(invoice: Invoice) -> dict[str, Any]:
    """What buyers said of an invoice that the firm sent."""
    indexes = [one.upload_index for one in invoice.submissions.all() if one.upload_index]
    return {"remarks": speaking.of_invoice(invoice.firm_id, indexes)}


@register.inclusion_tag("inbox/news.html")
def inbox_news(firm: Firm) -> dict[str, Any]:
    """What came lately, for Acasă; nothing where nothing did."""
    return {"news": summary(firm, timezone.now())}

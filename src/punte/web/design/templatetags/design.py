"""The pieces of the design that a template names: `{% load design %}`."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from .. import bridge as drawing
from .. import formats, sheet
from ..icons import icons
from ..states import STATES

register = template.Library()

register.filter("lei", formats.amount)
register.filter("number", formats.number)
register.filter("percent", formats.percent)


@register.filter
def money(value: Decimal | int | str, currency: str = "RON") -> str:
    return formats.money(value, currency)


@register.filter
def ro_date(value: date | None) -> str:
    return formats.long_date(value) if value else ""


@register.filter
def ro_date_short(value: date | None) -> str:
    return formats.short_date(value) if value else ""


@register.filter
def ro_time(value: datetime | None) -> str:
    return formats.clock(value) if value else ""


@register.filter
def ro_moment(value: datetime | None) -> str:
    return formats.moment(value) if value else ""


@register.filter
def cui(value: str, vat_registered: bool = False) -> str:
    return formats.cui(value, vat_registered)


@register.filter
def code(value: str, vat_registered: bool = False) -> str:
    return formats.code(value, vat_registered)


@register.filter
def plural(count: int, words: str) -> str:
    """`{{ n|plural:"factură,facturi" }}`"""
    one, many = words.split(",")
    return formats.plural(count, one, many)


@register.simple_tag
def stylesheet() -> SafeString:
    url = reverse("design:stylesheet", args=[sheet.digest(sheet.sheet())])
    return format_html('<link rel="stylesheet" href="{}">', url)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of icons.svg, silent to screen readers: the word stands beside it, or in the button's aria-label."""
    drawn = mark_safe(icons()[name])  # noqa: S308 - our own file
    return format_html('<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', drawn)


@register.simple_tag
def state(slug: str, filled: bool = False, word: str = "") -> SafeString:
    """A state: icon, word and colour, always all three. `filled`: beside a page title. `word`: instead of its own."""
    shown = STATES[slug]
    return format_html(
        '<span class="state{}" data-state="{}">{}{}</span>',
        " filled" if filled else "",
        slug,
        icon(shown.icon),
        word or shown.word,
    )


@register.simple_tag
def bridge_small(slug: str) -> SafeString:
    """The bridge in the row of a table, 100 × 24; a dash for what is not sent to ANAF."""
    if slug not in drawing.PROGRESS:
        return format_html('<span class="bridge-none">{}</span>', icon("nu-se-transmite"))
    return format_html(
        '<svg class="bridge-s" data-state="{}" viewBox="0 0 100 24" role="img" aria-label="{}">{}</svg>',
        slug,
        drawing.label(slug),
        _paths(slug, drawing.SMALL),
    )


@register.inclusion_tag("design/bridge.html")
def bridge(invoice_bridge: drawing.Bridge) -> dict[str, Any]:
    """The large bridge of an invoice, with its four steps in words."""
    return {"bridge": invoice_bridge, "paths": _paths(invoice_bridge.state, drawing.LARGE)}


def _paths(slug: str, size: drawing.Geometry) -> SafeString:
    return format_html_join("", '<path class="{}" d="{}"/>', drawing.paths(slug, size))


@register.inclusion_tag("design/field.html")
def field(
    bound: BoundField,
    label: str = "",
    hint: str | None = None,
    ok: str = "",
    aside: str = "",
    aside_url: str = "",
    **attrs: Any,
) -> dict[str, Any]:
    """A form field: its label above, then the control, then one of problem, ok, hint.

    Works with any Django field, those of other packages included: their placeholders are dropped. `hint` replaces
    the field's help text ("" leaves none); `aside` is a link at the right of the label. Further keyword arguments
    become attributes of the control (`inputmode="numeric"`; underscores become hyphens).
    """
    widget, id_ = bound.field.widget, bound.id_for_label or bound.auto_id
    shown_hint = bound.help_text if hint is None else hint
    said = "problem" if bound.errors else "ok" if ok else "hint" if shown_hint else ""
    kind = "text"
    if isinstance(widget, CheckboxInput):
        kind = "check"
    elif isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        kind = "choices"
    control = {"placeholder": False, "class": "select" if isinstance(widget, Select) else "input"}
    if kind != "text":
        control["class"] = False
    if said and kind != "choices":
        control["aria-describedby"] = f"{bound.auto_id}-{said}"
    if bound.errors:
        control["aria-invalid"] = "true"
    control |= {name.replace("_", "-"): value for name, value in attrs.items()}
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=control) if kind != "choices" else "",
        "kind": kind,
        "id": id_,
        "label": label or bound.label,
        "said": said,
        "hint": shown_hint,
        "ok": ok,
        "aside": aside,
        "aside_url": aside_url,
        "optional": not bound.field.required and kind == "text",
    }


@register.inclusion_tag("design/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """What is wrong with a form, on top of it: each line a link to its field, in the words beside the field."""
    problems = [
        (bound.id_for_label or bound.auto_id, error) for bound in form.visible_fields() for error in bound.errors
    ]
    problems += [("", error) for error in form.non_field_errors()]
    problems += [("", error) for bound in form.hidden_fields() for error in bound.errors]
    return {"problems": problems}

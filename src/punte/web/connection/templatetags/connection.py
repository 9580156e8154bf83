"""What a page says of the connection when it needs somebody soon: `{% load connection %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from punte.web.firms.models import Firm

from ..standing import standings

register = template.Library()


@register.inclusion_tag("connection/life/banner.html")
def connection_banner(firm: Firm) -> dict[str, Any]:
    """Certificates of `firm` that need their holder soon, and those that fell while another does the work."""
    found = standings(firm, timezone.now())
    serving = next((one for one in found if one.serves), None)
    return {
        "serving": serving,
        "fallen": [one for one in found if serving and one.place < serving.place],
        "soon": [one for one in found if one.pin_days is not None or one.certificate_days is not None],
    }

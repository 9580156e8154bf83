"""The main menu: what exists, in the order of the day's work."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse


class Item(NamedTuple):
    label: str
    url_name: str
    icon: str


MENU = (
    Item("Acasă", "home", "acasa"),
    Item("Venituri", "invoices:list", "venituri"),
    Item("Integrări", "connection:integrations", "integrari"),
    Item("Setări", "firms:settings", "setari"),
)


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `menu`, a list of `label`, `url`, `icon`, `current`."""
    here = request.resolver_match.namespace if request.resolver_match else ""
    return {
        "menu": [
            {
                "label": item.label,
                "url": reverse(item.url_name),
                "icon": item.icon,
                "current": (here or "home") == item.url_name.split(":")[0],
            }
            for item in MENU
        ]
    }

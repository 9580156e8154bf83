"""The main menu: what exists, in the order of the day's work."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


class Item(NamedTuple):
    label: str  # in Romanian
    url_name: str
    icon: str
    also: tuple[str, ...] = ()  # namespaces whose pages stand under this entry too


MENU = (
    Item(_("Acasă"), "home", "acasa"),
    Item(_("Venituri"), "invoices:list", "venituri"),
    Item(_("Integrări"), "connection:integrations", "integrari"),
    Item(_("Setări"), "firms:settings", "setari", also=("plans", "transfer")),
    Item(_("Ajutor"), "support:help", "ajutor"),
)
SETTINGS_TABS = (
    Item(_("Firmă"), "firms:settings", "firma"),
    Item(_("Date"), "transfer:index", "descarca"),
    Item(_("Abonament"), "plans:subscription", "card"),
)


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `menu` and `settings_tabs`, lists of `label`, `url`, `icon`, `current`."""
    here = (request.resolver_match.namespace if request.resolver_match else "") or "home"
    tabs = [tab for tab in SETTINGS_TABS if settings.PLANS or not tab.url_name.startswith("plans:")]
    return {"menu": [_shown(item, here) for item in MENU], "settings_tabs": [_shown(tab, here) for tab in tabs]}


def _shown(item: Item, here: str) -> dict[str, Any]:
    return {
        "label": gettext(item.label),
        "url": reverse(item.url_name),
        "icon": item.icon,
        "current": here in {item.url_name.split(":")[0], *item.also},
    }

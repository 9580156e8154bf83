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
    also: tuple[str, ...] = ()  # namespaces, or groups of `PAGES`, that stand under this entry too
    group: str = ""  # of `PAGES`, where it is not the namespace


MENU = (
    Item(_("Acasă"), "home", "acasa"),
    Item(_("Venituri"), "invoices:list", "venituri"),
    Item(_("Cheltuieli"), "inbox:list", "cheltuieli"),
    Item(_("Clienți"), "clients:list", "clienti"),
    Item(_("Produse"), "products:list", "produse"),
    Item(_("Integrări"), "connection:integrations", "integrari"),
    Item(_("Setări"), "firms:settings", "setari", also=("plans", "on_invoices", "series", "letters", "transfer")),
    Item(_("Ajutor"), "support:help", "ajutor"),
)
SETTINGS_TABS = (
    Item(_("Firmă"), "firms:settings", "firma"),
    Item(_("Pe facturi"), "on_invoices:index", "venituri"),
    Item(_("Serii"), "invoices:series", "dosar", group="series"),
    Item(_("Mailuri"), "invoices:wording", "email", group="letters"),
    Item(_("Date"), "transfer:index", "descarca"),
    Item(_("Abonament"), "plans:subscription", "card"),
)
#: Pages of a room that stand under another's entry: the group they are of.
PAGES = {
    "invoices:series": "series",
    "invoices:series-change": "series",
    "invoices:series-gaps": "series",
    "invoices:wording": "letters",
}


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `menu` and `settings_tabs`, lists of `label`, `url`, `icon`, `current`."""
    found = request.resolver_match
    here = (PAGES.get(found.view_name) or found.namespace if found else "") or "home"
    tabs = [tab for tab in SETTINGS_TABS if settings.PLANS or not tab.url_name.startswith("plans:")]
    return {"menu": [_shown(item, here) for item in MENU], "settings_tabs": [_shown(tab, here) for tab in tabs]}


def _shown(item: Item, here: str) -> dict[str, Any]:
    return {
        "label": gettext(item.label),
        "url": reverse(item.url_name),
        "icon": item.icon,
        "current": here in {item.group or item.url_name.split(":")[0], *item.also},
    }

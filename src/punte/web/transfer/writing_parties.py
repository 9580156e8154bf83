"""Clients and products of a file become rows; what is known already is skipped or brought up to date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from punte.web.firms.models import Firm
from punte.web.invoices.models import Client, Product, folded

from .checking import Item, client_key, product_key
from .models import Import, Known

CLIENT = ("name", "cui", "cnp", "vat_registered", "trade_register_number", "street", "city", "county", "post_code",
          "country", "email", "phone", "contact", "private", "foreign_vat", "foreign_identifier", "term_days",
          "notes")  # fmt: skip
PRODUCT = ("name", "code", "description", "unit", "price", "currency", "nc_code", "cpv_code", "vat_case")


@dataclass(slots=True)
class Tally:
    made: int = 0
    updated: int = 0
    skipped: int = 0


# --- clients ---


def write_clients(one: Import, items: list[Item]) -> Tally:
    known = known_clients(one.firm, items)
    tally, new = Tally(), []
    for item in items:
        found = known.get(client_key(item))
        if found is None:
            new.append(new_client(one, item))
        elif one.known == Known.UPDATE:
            _bring_up_to_date(found, item, CLIENT)
            tally.updated += 1
        else:
            tally.skipped += 1
    tally.made = len(Client.objects.bulk_create(new))
    return tally


def new_client(one: Import, item: Item) -> Client:
    facts = {name: item[name] for name in CLIENT if name in item}
    return Client(firm=one.firm, imported_by=str(one.key), search_name=folded(item["name"])[:200], **facts)


def known_clients(firm: Firm, items: Iterable[Item]) -> dict[str, Client]:
    """By `client_key`; of two with one name the older."""
    items = list(items)
    codes = Q()
    for name in ("cui", "foreign_vat", "foreign_identifier", "cnp"):
        if said := {item[name] for item in items if item.get(name)}:
            codes |= Q(**{f"{name}__in": said})
    names = {folded(item["name"])[:200] for item in items}
    found: dict[str, Client] = {}
    for client in firm.clients.filter(codes | Q(search_name__in=names)).order_by("-pk"):
        facts = {name: getattr(client, name) for name in ("cui", "foreign_vat", "foreign_identifier", "cnp", "name")}
        found[client_key(facts)] = client
    return found


def _bring_up_to_date(row: Client | Product, item: Item, names: Iterable[str]) -> None:
    """What the file says replaces what stands there; an empty cell changes nothing."""
    for name in names:
        if item.get(name) not in ("", None):
            setattr(row, name, Decimal(item[name]) if name == "price" else item[name])
    row.save()


# --- products ---


def write_products(one: Import, items: list[Item]) -> Tally:
    codes = {item["code"] for item in items if item["code"]}
    names = {folded(item["name"])[:100] for item in items}
    known: dict[str, Product] = {}
    for product in one.firm.products.filter(Q(code__in=codes) | Q(search_name__in=names)).order_by("-pk"):
        known[product_key({"code": product.code, "name": product.name})] = product
    tally, new = Tally(), []
    for item in items:
        found = known.get(product_key(item))
        if found is None:
            facts = {name: item[name] for name in PRODUCT}
            new.append(
                Product(firm=one.firm, imported_by=str(one.key), search_name=folded(item["name"])[:100], **facts)
            )
        elif one.known == Known.UPDATE:
            _bring_up_to_date(found, item, PRODUCT)
            tally.updated += 1
        else:
            tally.skipped += 1
    tally.made = len(Product.objects.bulk_create(new))
    return tally

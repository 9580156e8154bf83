"""Every row of a file looked at before anything is written: what can be imported, and what not, and why.

A good row becomes an item, a dictionary that JSON can keep and `writing` takes. A bad one keeps its cells and its
number in the file, with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from punte.romania import identity, vat
from punte.romania.counties import BUCHAREST, city_for_bucharest, county_for
from punte.web.design.formats import language
from punte.web.firms.models import Firm
from punte.web.firms.places import NotASector, city_of
from punte.web.invoices.models import folded

from . import values
from .values import Wrong

Item = dict[str, Any]
Row = dict[str, str]  # a field's name and what stands in its cell


@dataclass(slots=True)
class Report:
    items: list[Item] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)  # [{"row", "why", "cells"}]

    def refuse(self, row: int, why: str, cells: list[str]) -> None:
        self.refused.append({"row": row, "why": why, "cells": cells})


def row_of(cells: list[str], columns: dict[str, int]) -> Row:
    return {name: cells[index] for name, index in columns.items() if index < len(cells)}


def each(
    rows: list[tuple[int, list[str]]], columns: dict[str, int], read: Callable[[Row], Item], key: Callable[[Item], str]
) -> Report:
    """`read` of every row; two rows of one `key` are one thing, and the second is refused."""
    report, seen = Report(), dict[str, int]()
    for number, cells in rows:
        try:
            item = read(row_of(cells, columns))
            same = key(item)
            if same in seen:
                raise Wrong(_("Este la fel cu rândul %(row)d: același cod sau aceeași denumire.") % {"row": seen[same]})
            seen[same] = number
            report.items.append(item | {"row": number})
        except Wrong as wrong:
            report.refuse(number, str(wrong), cells)
    return report


def text(row: Row, name: str, longest: int, label: str) -> str:
    found = row.get(name, "").strip()
    if len(found) > longest:
        raise Wrong(_("%(field)s: are %(length)d de caractere, iar încap cel mult %(longest)d.")
                    % {"field": label, "length": len(found), "longest": longest})  # fmt: skip
    return found


# --- clients ---


def clients(firm: Firm, rows: list[tuple[int, list[str]]], columns: dict[str, int], decimal: str) -> Report:
    return each(rows, columns, client, client_key)


def client(row: Row) -> Item:
    """A client's columns. Raises Wrong."""
    item: Item = {"name": text(row, "name", 200, _("Denumirea"))}
    if not item["name"]:
        raise Wrong(_("Lipsește denumirea clientului."))
    item["country"] = values.country(row.get("country", ""))
    item["private"] = values.yes(row.get("private", ""))
    typed = row.get("cui", "").strip()
    prefixed = identity.has_vat_prefix(typed)
    item |= _codes(typed, row, item)
    registered = row.get("vat_registered", "").strip()
    item["vat_registered"] = values.yes(registered) if registered else bool(prefixed and item.get("cui"))
    item |= place(row, item["country"])
    item["street"] = text(row, "street", 150, _("Adresa"))
    item["post_code"] = text(row, "post_code", 20, _("Codul poștal"))
    item["trade_register_number"] = text(row, "trade_register_number", 30, _("Nr. Registrul Comerțului"))
    item["phone"] = text(row, "phone", 100, _("Telefon"))
    item["contact"] = text(row, "contact", 100, _("Persoana de contact"))
    item["notes"] = text(row, "notes", 1000, _("Notițe"))
    item["email"] = _email(row.get("email", ""))
    if days := row.get("term_days", "").strip():
        if not days.isdecimal() or int(days) > 365:
            raise Wrong(
                _("Termenul de plată „%(text)s” nu este un număr de zile, de la 0 la 365.") % {"text": days[:40]}
            )
        item["term_days"] = int(days)
    return item


def _codes(typed: str, row: Row, item: Item) -> Item:
    """CUI, CNP or the code of another country. A personal number is never repeated in a sentence."""
    found: Item = {"cui": "", "cnp": "", "foreign_vat": "", "foreign_identifier": ""}
    compact = re.sub(r"[\s.-]", "", typed)
    try:
        if cnp := row.get("cnp", "").strip():
            found |= {"cnp": identity.cnp(cnp), "private": True}
        if not compact or not compact.strip("0"):
            pass
        elif item["country"] != "RO":
            eu = re.match(r"[A-Z]{2}", compact.upper())
            found["foreign_vat" if eu else "foreign_identifier"] = compact.upper()[: 20 if eu else 30]
        elif identity.is_cnp(compact):
            found |= {"cnp": compact, "private": True}
        else:
            found["cui"] = identity.cui(typed)
    except identity.BadIdentity as bad:
        raise Wrong(bad.said(language())) from None
    if eu_code := re.sub(r"\s", "", row.get("foreign_vat", "")).upper():
        found["foreign_vat"] = eu_code[:20]
    return found


def place(row: Row, country: str) -> Item:
    """City and county as RO_CIUS wants them; what cannot be told is left as it was written, for the editor to ask."""
    city, county = text(row, "city", 50, _("Localitatea")), row.get("county", "").strip()
    if country != "RO":
        return {"city": city, "county": ""}
    found = county_for(county) if county else None
    if county and found is None and not city_for_bucharest(county):
        raise Wrong(
            _("Județul „%(text)s” nu există. Scrieți-i numele sau codul auto: Cluj, CJ.") % {"text": county[:40]}
        )
    sector = city_for_bucharest(city) or city_for_bucharest(county)
    code = found.code if found else BUCHAREST if sector and (county or "bucure" in folded(city)) else ""
    if code == BUCHAREST and sector:
        return {"city": sector, "county": code}
    try:
        return {"city": city_of(code, city), "county": code}
    except NotASector:
        return {"city": city, "county": code}


def _email(typed: str) -> str:
    first = re.split(r"[;,\s]+", typed.strip())[0]
    if not first:
        return ""
    try:
        validate_email(first)
    except ValidationError:
        raise Wrong(_("„%(text)s” nu este o adresă de e-mail.") % {"text": first[:60]}) from None
    return first[:100]


def client_key(item: Item) -> str:
    """What makes two clients one: the CUI, the code abroad, the personal number; without any, the name."""
    for name in ("cui", "foreign_vat", "foreign_identifier", "cnp"):
        if item.get(name):
            return f"{name}:{item[name]}"
    return f"name:{folded(item['name'])}"


# --- products ---


def products(firm: Firm, rows: list[tuple[int, list[str]]], columns: dict[str, int], decimal: str) -> Report:
    return each(rows, columns, lambda row: product(row, decimal, firm.vat_registered), product_key)


def product(row: Row, sign: str, registered: bool) -> Item:
    """A product's columns; a price with VAT becomes one without, by its rate. Raises Wrong."""
    name = text(row, "name", 100, _("Denumirea"))
    if not name:
        raise Wrong(_("Lipsește denumirea produsului."))
    item: Item = {
        "name": name,
        "code": text(row, "code", 50, _("Cod")),
        "description": text(row, "description", 200, _("Descrierea")),
        "unit": values.unit(row.get("unit", "")),
        "currency": values.currency(row.get("currency", "")),
        "nc_code": text(row, "nc_code", 10, _("Cod NC")),
        "cpv_code": text(row, "cpv_code", 10, _("Cod CPV")),
        "price": "0",
    }
    rate = rate_of(row.get("vat_rate", ""), sign)
    if net := row.get("price", "").strip():
        item["price"] = str(values.money(net, sign))
    elif gross := row.get("gross", "").strip():
        if registered and rate is None:
            raise Wrong(_("Prețul este cu TVA, dar cota TVA lipsește. Adăugați coloana cotei sau prețul fără TVA."))
        full = values.money(gross, sign)
        item["price"] = str(without_vat(full, rate) if registered else full)
    item["vat_case"] = usual_case(rate) if registered else ""
    if Decimal(item["price"]) < 0:
        raise Wrong(_("Prețul este negativ. Un produs se vinde cu preț pozitiv; returul are cantitate negativă."))
    return item


def without_vat(full: Decimal, rate: Decimal | None) -> Decimal:
    """The price before VAT, to the 6 decimals that a price has."""
    return (full / (1 + (rate or Decimal(0)) / 100)).quantize(Decimal("0.000001"))


def usual_case(rate: Decimal | None) -> str:
    """The answer that a product's rate means: `reduced` for the lower one in force, else whatever is usual."""
    return (
        "reduced" if rate in {one.percent for one in vat.rates(timezone.localdate()) if one.name == "reduced"} else ""
    )


def rate_of(typed: str, sign: str) -> Decimal | None:
    """A rate in per cent: `21`, `21%`, `0,21`, `TVA 21%`."""
    plain = re.sub(r"(?i)tva|cota|standard|redusa|[()]", "", folded(typed)).strip()
    if not plain or plain in {"scutit", "neimpozabil", "sdd", "-", "fara"}:
        return None
    found = values.amount(plain, sign)
    found = found * 100 if 0 < found < 1 else found
    if not 0 <= found <= 50:
        raise Wrong(_("„%(text)s” nu poate fi o cotă de TVA.") % {"text": typed[:40]})
    return found


def product_key(item: Item) -> str:
    return f"code:{item['code']}" if item["code"] else f"name:{folded(item['name'])}"

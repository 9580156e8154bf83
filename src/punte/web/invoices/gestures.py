"""What the buttons of the editor do to what is typed, before it is read: each takes the form's data and gives it back
changed. Nothing is written, and nothing that was typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from punte.romania import vat
from punte.web.design import formats
from punte.web.firms.models import Firm

from . import clients, document, rates, regimes
from .fields import typed
from .forms import ClientForm, looks_like_cui
from .models import Client, Invoice, Line, Product

ROW = re.compile(r"rand-(\d{1,4})-(\w+)")
DEPOSIT = "Garanție SGR"  # the words of the invoice, whatever the language of the page
REMOVED = "scos-"  # what begins the fields of a row that was deleted and may still be put back


# --- rows: each keeps its fields, and is numbered by its place, from 0 ---

Row = list[tuple[str, str]]


def with_row(data: QueryDict, **fields: str) -> QueryDict:
    """`data` with one more row, empty but for `fields`."""
    rest, rows = _parted(data)
    return _joined(rest, [*rows, _row(**fields)])


def without_row(data: QueryDict, index: str) -> QueryDict:
    """`data` without that row, which stays at hand for `restored`."""
    rest, rows = _parted(data)
    at = int(index) if index.isdecimal() else -1
    if not 0 <= at < len(rows):
        return data
    gone = rows.pop(at)
    rest = [(key, value) for key, value in rest if not key.startswith(REMOVED)]
    rest += [(f"{REMOVED}rand-{at}-{name}", value) for name, value in gone if value]
    return _joined(rest, rows or [_row()])


def restored(data: QueryDict) -> QueryDict:
    """`data` with the row that was deleted last, where it was."""
    rest, rows = _parted(data)
    back = [(row[1], row[2], value) for key, value in rest if (row := ROW.fullmatch(key.removeprefix(REMOVED)))]
    rest = [(key, value) for key, value in rest if not key.startswith(REMOVED)]
    if back:
        rows = [row for row in rows if not _is_blank(row)] if len(rows) == 1 else rows
        rows.insert(int(back[0][0]), [(name, value) for _index, name, value in back])
    return _joined(rest, rows)


def moved(data: QueryDict, index: str, by: int) -> QueryDict:
    """`data` with that row `by` places further down; it stops at the ends."""
    rest, rows = _parted(data)
    if index.isdecimal() and int(index) < len(rows):
        row = rows.pop(int(index))
        rows.insert(min(max(int(index) + by, 0), len(rows)), row)
    return _joined(rest, rows)


def with_product(data: QueryDict, product: Product) -> QueryDict:
    """`data` with a row of that product: the last one where it is empty, else a new one."""
    rest, rows = _parted(data)
    if rows and _is_blank(rows[-1]):
        rows.pop()
    deposit = deposit_of(product, timezone.localdate())
    return _joined(rest, [*rows, _row(**of_product(product)), *([_row(**deposit)] if deposit else [])])


def deposit_of(product: Product, on: date) -> dict[str, str]:
    """The fields of the row that follows a product with a deposit (SGR); {} for any other. Source: HG 1074/2021."""
    deposit = vat.limit("sgr_deposit", on) if product.deposit else None
    return {"name": DEPOSIT, "unit": "H87", "price": typed(deposit.lei, 2), "vat": "sgr"} if deposit else {}


def of_product(product: Product) -> dict[str, str]:
    """The fields of a row, filled from a product."""
    texts = {name: getattr(product, name) for name in ("name", "description", "unit", "code", "nc_code", "cpv_code")}
    return texts | {"price": typed(product.price, 2), "vat": product.vat_case, "product": str(product.pk)}


def with_deduction(data: QueryDict, advance: Invoice) -> QueryDict:
    """`data` with the rows that take `advance` back from what is due: one for each of its rates, with a minus.

    Source: docs/anaf/document.md: an advance has its own invoice, and the final one deducts it at the same rate.
    """
    nets: dict[str, Decimal] = {}
    for row in advance.lines.all():
        slug = regimes.of_line(row, advance.issue_date).slug
        nets[slug] = nets.get(slug, Decimal(0)) + _net_of(row)
    name = gettext("Avans facturat cu %(label)s din %(day)s") % {
        "label": advance.label,
        "day": formats.long_date(advance.issue_date),
    }
    rest, rows = _parted(data)
    if rows and _is_blank(rows[-1]):
        rows.pop()
    for slug, net in nets.items():
        chosen = {"vat": slug}
        if slug.startswith("expert:"):
            category, _colon, detail = slug.removeprefix("expert:").partition(":")
            chosen = {"expert": category, "expert_detail": detail}
        money = {"quantity": "-1" if net >= 0 else "1", "price": typed(abs(net), 2)}
        rows.append(_row(name=name[:100], advance=str(advance.pk), **money, **chosen))
    return _joined(rest, rows)


def with_nature(data: QueryDict, slug: str) -> QueryDict:
    """`data` with the same answer on VAT in every row."""
    rest, rows = _parted(data)
    return _joined(rest, [[*((name, value) for name, value in row if name != "vat"), ("vat", slug)] for row in rows])


def _row(**fields: str) -> Row:
    return list(({"name": "", "quantity": "1", "unit": "H87"} | fields).items())


def _net_of(row: Line) -> Decimal:
    (line,), _, _ = document.reckon([row], registered=True)
    return line.net_amount


def _is_blank(row: Row) -> bool:
    said = dict(row)
    return not any(said.get(name, "").strip() for name in ("name", "description", "price"))


def _parted(data: QueryDict) -> tuple[Row, list[Row]]:
    """The fields that are of no row, and the rows in their order."""
    rest: Row = []
    rows: dict[str, Row] = {}
    for key, values in data.lists():
        for value in values:
            if row := ROW.fullmatch(key):
                rows.setdefault(row[1], []).append((row[2], str(value)))
            else:
                rest.append((key, str(value)))
    return rest, list(rows.values())


def _joined(rest: Row, rows: Iterable[Row]) -> QueryDict:
    made = QueryDict(mutable=True)
    for key, value in rest:
        made.appendlist(key, value)
    for index, row in enumerate(rows):
        for name, value in row:
            made[f"rand-{index}-{name}"] = value
    return made


# --- the client ---


def names_a_client_by_cui(data: QueryDict) -> bool:
    """A CUI stands where the name should: the person went on before, or without, pressing „Căutați la ANAF”."""
    return looks_like_cui(data.get("client-name", "")) and not data.get("client-cui") and not data.get("client-private")


def with_client(data: QueryDict, firm: Firm, now: datetime, *, ask_anaf: bool) -> tuple[QueryDict, clients.Found]:
    """`data` with the client found for what is typed as name or CUI, or itself, and what was found.

    ask_anaf  the button was pressed; else a name was chosen from the firm's own clients
    """
    name, cui = data.get("client-name", ""), data.get("client-cui", "")
    found = clients.find(firm, (cui or name) if ask_anaf else name, now, ask_anaf=ask_anaf)
    if found.client:
        data = of_client(data, found.client, firm)
        data["client-found"] = "on" if found.client.looked_up_at == now else ""
    return data, found


def of_client(data: QueryDict, client: Client, firm: Firm) -> QueryDict:
    """`data` with that client, and with what follows from who it is: currency and term."""
    data = data.copy()
    for field, value in values(client, ClientForm).items():
        data[f"client-{field}"] = ("on" if value else "") if isinstance(value, bool) else value
    if client.pk:
        issued = _day(data.get("factura-issue_date", ""))
        if client.currency != "RON" and data.get("factura-currency", "RON") == "RON":
            data["factura-currency"] = client.currency
        if client.term_days is not None and issued:
            data["factura-due_date"] = clients.due(client, firm, issued).isoformat()
    return data


def values(of: Model, form: type[ClientForm]) -> dict[str, Any]:
    """The columns of `of` that `form` has fields for."""
    return {name: getattr(of, name) for name in form.base_fields if hasattr(of, name)}


# --- money ---


def with_rate(data: QueryDict, today: date) -> tuple[QueryDict, str]:
    """`data` with BNR's exchange rate for its currency and day, unless one was typed; and what there is to say."""
    currency = data.get("factura-currency") or "RON"
    typed_rate, found = data.get("factura-exchange_rate", ""), data.get("factura-rate_found", "")
    of_another = data.get("factura-rate_of", currency) != currency
    if currency == "RON" or (typed_rate and typed_rate != found and not of_another):
        return data, ""
    day = _day(data.get("factura-supply_date", "")) or _day(data.get("factura-issue_date", "")) or today
    data = data.copy()
    data["factura-rate_of"] = currency
    try:
        rate = rates.for_day(currency, day)
    except rates.NoRate as missing:
        data["factura-exchange_rate"] = data["factura-rate_found"] = data["factura-rate_day"] = ""
        return data, str(missing)
    text = typed(rate.lei_per_unit, 4)
    data["factura-exchange_rate"] = data["factura-rate_found"] = text
    data["factura-rate_day"] = rate.published.isoformat()
    return data, ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""What the buttons of the editor do to what is typed, before it is read: each takes the form's data and gives it back
changed. Nothing is written, and nothing that was typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext

from punte.web.design import formats
from punte.web.firms.models import Firm

from . import clients, document, rates, regimes
from .fields import typed
from .forms import ClientForm, looks_like_cui
from .models import Client, Invoice, Line, Product

ROW = re.compile(r"rand-(\d{1,4})-(\w+)")
REMOVED = "scos-"  # what begins the fields of a row that was deleted and may still be put back


# --- rows ---


def with_row(data: QueryDict, **fields: str) -> QueryDict:
    """`data` with one more row, empty but for `fields`."""
    data = data.copy()
    index = max(indices(data), default=-1) + 1
    row = {"name": "", "quantity": "1", "unit": "H87"} | fields
    data.update({f"rand-{index}-{name}": value for name, value in row.items()})
    return data


def without_row(data: QueryDict, index: str) -> QueryDict:
    """`data` without that row, which stays at hand for `restored`."""
    data = data.copy()
    for key in [key for key in data if key.startswith(REMOVED)]:
        del data[key]
    for key in [key for key in data if key.startswith(f"rand-{index}-")]:
        if value := data[key]:
            data[REMOVED + key] = value
        del data[key]
    return data if indices(data) else with_row(data)


def restored(data: QueryDict) -> QueryDict:
    """`data` with the row that was deleted last, where it was."""
    back = {key.removeprefix(REMOVED): data[key] for key in data if key.startswith(REMOVED)}
    rest = _like(data, ((key, value) for key, value in _pairs(data) if not key.startswith(REMOVED)))
    if not back:
        return rest
    rest.update(back)
    return _in_order(rest, sorted(indices(rest)))


def moved(data: QueryDict, index: str, by: int) -> QueryDict:
    """`data` with that row `by` places further down; it stops at the ends."""
    order = indices(data)
    if int(index) in order:
        at = order.index(int(index))
        to = min(max(at + by, 0), len(order) - 1)
        order.insert(to, order.pop(at))
    return _in_order(data, order)


def indices(data: QueryDict) -> list[int]:
    """The rows of `data`, in their order."""
    return list(dict.fromkeys(int(row[1]) for key in data if (row := ROW.fullmatch(key))))


def with_product(data: QueryDict, product: Product) -> QueryDict:
    """`data` with a row of that product: the last one where it is empty, else a new one."""
    fields = of_product(product)
    order = indices(data)
    if order and not data.get(f"rand-{order[-1]}-name") and not data.get(f"rand-{order[-1]}-price"):
        data = data.copy()
        for name, value in fields.items():
            data[f"rand-{order[-1]}-{name}"] = value
        return data
    return with_row(data, **fields)


def of_product(product: Product) -> dict[str, str]:
    """The fields of a row, filled from a product."""
    texts = {name: getattr(product, name) for name in ("name", "description", "unit", "code", "nc_code", "cpv_code")}
    return texts | {"price": typed(product.price, 2), "vat": product.vat_case, "product": str(product.pk)}


def with_deduction(data: QueryDict, advance: Invoice) -> QueryDict:
    """`data` with the rows that take `advance` back from what is due: one for each of its rates, with a minus.

    Source: docs/anaf/document.md: an advance has its own invoice, and the final one deducts it at the same rate.
    """
    nets: dict[tuple[str, str], Decimal] = {}
    for row in advance.lines.all():
        case = regimes.of_line(row, advance.issue_date)
        key = (case.slug, "H87")
        nets[key] = nets.get(key, Decimal(0)) + _net_of(row)
    name = gettext("Avans facturat cu %(label)s din %(day)s") % {
        "label": advance.label,
        "day": formats.long_date(advance.issue_date),
    }
    if indices(data) and _is_blank(data, indices(data)[-1]):
        data = _without(data, indices(data)[-1])
    for (slug, unit), net in nets.items():
        sign = "-1" if net >= 0 else "1"
        price = typed(abs(net), 2)
        chosen = {"vat": slug}
        if slug.startswith("expert:"):
            category, _colon, detail = slug.removeprefix("expert:").partition(":")
            chosen = {"expert": category, "expert_detail": detail}
        fields = {"name": name[:100], "quantity": sign, "unit": unit, "price": price, "advance": str(advance.pk)}
        data = with_row(data, **fields, **chosen)
    return data


def with_nature(data: QueryDict, slug: str) -> QueryDict:
    """`data` with the same answer on VAT in every row."""
    data = data.copy()
    for index in indices(data):
        data[f"rand-{index}-vat"] = slug
    return data


def _net_of(row: Line) -> Decimal:
    (line,), _, _ = document.reckon([row], registered=True)
    return line.net_amount


def _is_blank(data: QueryDict, index: int) -> bool:
    return not any(data.get(f"rand-{index}-{name}", "").strip() for name in ("name", "description", "price"))


def _without(data: QueryDict, index: int) -> QueryDict:
    return _like(data, ((key, value) for key, value in _pairs(data) if not key.startswith(f"rand-{index}-")))


def _in_order(data: QueryDict, order: Iterable[int]) -> QueryDict:
    """`data` with its rows in that order: the order of the fields is the order of the rows."""
    pairs = list(_pairs(data))
    rest = [(key, value) for key, value in pairs if not ROW.fullmatch(key)]
    rows = [(key, value) for index in order for key, value in pairs if key.startswith(f"rand-{index}-")]
    return _like(data, [*rest, *rows])


def _pairs(data: QueryDict) -> Iterable[tuple[str, str]]:
    return ((key, str(value)) for key, values in data.lists() for value in values)


def _like(data: QueryDict, pairs: Iterable[tuple[str, str]]) -> QueryDict:
    made = QueryDict(mutable=True)
    for key, value in pairs:
        made.appendlist(key, value)
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


def values(of: Model, form: type[ClientForm]) -> dict[str, object]:
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

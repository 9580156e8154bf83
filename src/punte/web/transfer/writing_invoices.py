"""Invoices of a file become history: numbered as they were, never sent by us; the series go on after them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from punte.web.firms.models import Firm
from punte.web.invoices.models import Adjustment, Client, Counter, Frozen, Gap, Invoice, Line, Series, Stage
from punte.web.invoices.models.numbering import NO_YEAR

from . import ubl_files
from .checking import Item, client_key
from .models import Import
from .writing_parties import Tally, known_clients, new_client

NOT_SENT_BECAUSE = "imported"


def write_invoices(one: Import, items: list[Item]) -> Tally:
    """As history: NOT_SENT, with the numbers they had. An issued invoice never changes, so a known one is skipped."""
    firm = one.firm
    labels = {item["label"] for item in items}
    known = set(firm.invoices.filter(label__in=labels).values_list("label", flat=True))
    series = _series(one, items)
    taken = _taken(series.values(), items)
    tally, fresh = Tally(), []
    for item in items:
        own = series[item["prefix"]]
        item["year"] = item["year"] if own.yearly else NO_YEAR
        place = (own.pk, item["year"], item["number"])
        if item["label"] in known or (item["number"] is not None and place in taken):
            tally.skipped += 1
            continue
        known.add(item["label"])
        taken.add(place)
        fresh.append(item)
    clients = _buyers(one, fresh)
    rows = [_invoice(one, item, clients[client_key(item["client"])], series[item["prefix"]]) for item in fresh]
    for row in rows:
        row.search_text = row.searched
    invoices = Invoice.objects.bulk_create(rows)
    Line.objects.bulk_create(
        _line(invoice, position, line)
        for invoice, item in zip(invoices, fresh, strict=True)
        for position, line in enumerate(item["lines"], 1)
    )
    Adjustment.objects.bulk_create(
        Adjustment(
            invoice=invoice, position=position, is_charge=said["is_charge"], reason=said["reason"],
            amount=Decimal(said["amount"]), vat_category=said["category"],
            vat_rate=said["rate"] and Decimal(said["rate"]),
        )
        for invoice, item in zip(invoices, fresh, strict=True)
        for position, said in enumerate(item.get("adjustments", ()), 1)
    )  # fmt: skip
    _keep_originals(one, invoices, fresh)
    _refer(firm, invoices, fresh)
    _move_counters(one, invoices)
    tally.made = len(invoices)
    return tally


def _series(one: Import, items: Iterable[Item]) -> dict[str, Series]:
    """The series of each prefix, made where the firm has none; the new ones are noted."""
    wanted: dict[str, bool] = {}
    for item in items:
        wanted[item["prefix"]] = wanted.get(item["prefix"], False) or item["year"] != NO_YEAR
    found = {series.prefix: series for series in one.firm.series.filter(prefix__in=wanted)}
    for prefix, yearly in wanted.items():
        if prefix not in found:
            found[prefix] = Series.objects.create(firm=one.firm, prefix=prefix, yearly=yearly)
            one.traces.setdefault("series", []).append(found[prefix].pk)
    return found


def _taken(series: Iterable[Series], items: Iterable[Item]) -> set[tuple[int, int, int | None]]:
    numbers = {item["number"] for item in items if item["number"] is not None}
    found = Invoice.objects.filter(series__in=list(series), number__in=numbers)
    return set(found.values_list("series_id", "year", "number"))


def _buyers(one: Import, items: list[Item]) -> dict[str, Client]:
    """The client of each invoice, made where the firm has none."""
    wanted = {client_key(item["client"]): item["client"] for item in items}
    found = known_clients(one.firm, wanted.values())
    new = {key: new_client(one, item) for key, item in wanted.items() if key not in found}
    Client.objects.bulk_create(new.values())
    return found | new


def _invoice(one: Import, item: Item, client: Client, series: Series) -> Invoice:
    return Invoice(
        firm=one.firm,
        client=client,
        stage=Stage.NOT_SENT,
        not_sent_because=NOT_SENT_BECAUSE,
        series=series,
        number=item["number"],
        year=item["year"],
        label=item["label"],
        type_code=item["type_code"],
        issue_date=date.fromisoformat(item["issue_date"]),
        due_date=date.fromisoformat(item["due_date"]) if item["due_date"] else None,
        supply_date=date.fromisoformat(item["supply_date"]) if item.get("supply_date") else None,
        currency=item["currency"],
        exchange_rate=Decimal(item["exchange_rate"]) if item.get("exchange_rate") else None,
        note=item.get("note", ""),
        created_by=one.created_by,
        imported_by=str(one.key),
        **{name: Decimal(item[name]) for name in ("net", "vat", "payable", "net_lei", "vat_lei")},
    )


def _line(invoice: Invoice, position: int, said: dict[str, Any]) -> Line:
    return Line(
        invoice=invoice,
        position=position,
        name=said["name"],
        description=said.get("description", ""),
        code=said["code"],
        quantity=Decimal(said["quantity"]),
        unit=said["unit"],
        price=Decimal(said["price"]),
        discount=Decimal(said.get("discount", "0")),
        vat_category=said["category"],
        vat_rate=None if said["rate"] is None else Decimal(said["rate"]),
    )


def _keep_originals(one: Import, invoices: list[Invoice], items: list[Item]) -> None:
    wanted = {
        item["member"]: (invoice, item) for invoice, item in zip(invoices, items, strict=True) if "member" in item
    }
    if not wanted:
        return
    found = [
        Frozen(
            invoice=invoice,
            document=document,
            sha256=hashlib.sha256(document).hexdigest(),
            upload_index=item["index"],
            at=one.created_at,
        )
        for name, document in ubl_files.documents(bytes(one.content))
        if name in wanted
        for invoice, item in (wanted.pop(name),)
    ]
    Frozen.objects.bulk_create(found)


def _refer(firm: Firm, invoices: list[Invoice], items: list[Item]) -> None:
    """A storno to what it takes back, where that is here too (BG-3)."""
    wanted = {item["preceding"] for item in items if item.get("preceding")}
    if not wanted:
        return
    by_label = dict(firm.invoices.filter(label__in=wanted).values_list("label", "pk"))
    for invoice, item in zip(invoices, items, strict=True):
        if (pk := by_label.get(item.get("preceding", ""))) and pk != invoice.pk:
            Invoice.objects.filter(pk=invoice.pk).update(preceding_id=pk)


def _move_counters(one: Import, invoices: list[Invoice]) -> None:
    """Each series goes on after the highest number brought in; what is jumped over is explained."""
    highest: dict[tuple[int, int], int] = {}
    for invoice in invoices:
        if invoice.number is not None:
            key = invoice.series_id, invoice.year
            highest[key] = max(highest.get(key, 0), invoice.number)
    for (series, year), number in highest.items():
        counter, fresh = Counter.objects.select_for_update().get_or_create(
            series_id=series, year=year, defaults={"next_number": number + 1, "starts_at": number + 1}
        )
        note = one.traces.setdefault("counters", {})
        note.setdefault(str(counter.pk), None if fresh else [counter.next_number, counter.starts_at])
        if fresh or counter.next_number > number:
            continue
        if note[str(counter.pk)] is None or counter.next_number == counter.starts_at:
            counter.starts_at = number + 1  # nothing was numbered by us yet: what came before is no gap of ours
        else:
            _explain(one, counter, number)
        counter.next_number = number + 1
        counter.save(update_fields=["next_number", "starts_at"])


def _explain(one: Import, counter: Counter, last: int) -> None:
    here = Invoice.objects.filter(
        series_id=counter.series_id, year=counter.year, number__range=(counter.next_number, last)
    )
    first = counter.next_number
    reason = _("Numere folosite în alt program, de unde facturile au fost importate pe %(day)s.") % {
        "day": f"{timezone.localdate():%d.%m.%Y}"
    }
    for number in [*here.order_by("number").values_list("number", flat=True), last + 1]:
        if number is not None and number > first:
            gap = Gap.objects.create(series_id=counter.series_id, year=counter.year, first=first, last=number - 1,
                                     reason=reason, written_by=one.created_by)  # fmt: skip
            one.traces.setdefault("gaps", []).append(gap.pk)
        first = (number or first) + 1


def highest(series: int, year: int) -> int:
    """The last number that a document of the series carries; 0 for none."""
    found = Invoice.objects.filter(series_id=series, year=year).aggregate(last=Max("number"))["last"]
    return int(found or 0)

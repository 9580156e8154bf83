"""An import taken back: what it made goes, unless somebody has used it since. What it brought up to date stays.

The worker does it in steps of PART rows, each a transaction of its own: `imports.advance`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.utils.translation import gettext as _

from punte.web.invoices.models import Client, Counter, Gap, Invoice, Line, Product, Series

from .models import Import, State
from .writing_invoices import highest

PART = 500

Held = dict[str, list[int]]  # by model, the keys that something else holds on to


def start(one: Import) -> None:
    """Hand it to the worker. Raises ValueError for an import that was not done."""
    waiting = {"state": State.UNDOING, "done": 0, "total": one.made, "kept": []}
    if not Import.objects.filter(pk=one.pk, state=State.DONE).update(**waiting):
        raise ValueError(one.state)


def step(one: Import, now: datetime) -> dict[str, Any]:
    """Delete the next part, within a transaction; what is to be written of the import after it."""
    held: Held = one.traces.setdefault("held", {})
    for rows in (_invoices(one), _clients(one), _products(one)):
        name = rows.model._meta.model_name or ""
        keys = list(rows.exclude(pk__in=held.get(name, [])).order_by("pk").values_list("pk", flat=True)[:PART])
        if keys:
            held[name] = held.get(name, []) + _delete(rows.model, keys)
            return {"done": min(one.done + len(keys), one.total), "traces": one.traces}
    _counters(one)
    return {"state": State.UNDONE, "done": one.total, "kept": _kept(one), "traces": one.traces, "ended_at": now}


def _own(one: Import, model: type[Any]) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._default_manager.filter(firm=one.firm, imported_by=str(one.key))
    return rows


def _invoices(one: Import) -> QuerySet[Invoice]:
    """Those that nobody used; a storno and what it takes back, both of this import, let go of each other."""
    free = _own(one, Invoice).exclude(pk__in=_used(one).values("pk"))
    paired = free.filter(preceding__isnull=False).values_list("pk", flat=True)
    Invoice.objects.filter(pk__in=list(paired)).update(preceding=None)
    return free


def _used(one: Import) -> QuerySet[Invoice]:
    used: QuerySet[Invoice] = _own(one, Invoice).filter(
        Q(payments__isnull=False)
        | Q(letters__isnull=False)
        | Q(submissions__isnull=False)
        | (Q(corrections__isnull=False) & ~Q(corrections__imported_by=str(one.key)))
        | Q(deductions__isnull=False)
        | Q(invoices_made__isnull=False)
    )
    return used.distinct()


def _clients(one: Import) -> QuerySet[Client]:
    return _own(one, Client).filter(invoices__isnull=True)


def _products(one: Import) -> QuerySet[Product]:
    own = _own(one, Product)
    return own.exclude(pk__in=Line.objects.filter(product__in=own).values("product_id"))


def _kept(one: Import) -> list[dict[str, str]]:
    """What stayed, and why."""
    kept = [{"name": invoice.label, "why": _why(invoice)} for invoice in _used(one).order_by("pk")]
    busy = _own(one, Client).filter(invoices__isnull=False).distinct()
    kept += [{"name": client.name, "why": _("are facturi")} for client in busy]
    used = _own(one, Product).filter(pk__in=Line.objects.exclude(product=None).values("product_id"))
    kept += [{"name": product.name, "why": _("stă pe o factură")} for product in used]
    held: Held = one.traces["held"]
    for model in (Invoice, Client, Product):
        for row in model._default_manager.filter(pk__in=held.get(model._meta.model_name or "", [])):
            kept.append({"name": str(row), "why": _("este folosit în altă parte")})
    return kept


def _why(invoice: Invoice) -> str:
    if invoice.payments.exists():
        return _("are încasări")
    if invoice.letters.exists():
        return _("a fost trimisă clientului")
    return _("un document de după ea se referă la ea")


def _delete(model: type[Any], keys: list[int]) -> list[int]:
    """All of `keys`; the keys of those that something else still holds on to."""
    try:
        with transaction.atomic():
            model._default_manager.filter(pk__in=keys).delete()
    except ProtectedError:
        return [key for key in keys if not _deleted(model, key)]
    return []


def _deleted(model: type[Any], key: int) -> bool:
    try:
        with transaction.atomic():
            model._default_manager.filter(pk=key).delete()
    except ProtectedError:
        return False
    return True


def _counters(one: Import) -> None:
    """Back to where they were, unless a number was given after; series that nothing holds on to go."""
    Gap.objects.filter(pk__in=one.traces.get("gaps", [])).delete()
    for pk, before in one.traces.get("counters", {}).items():
        counter = Counter.objects.select_for_update().filter(pk=pk).first()
        if counter is None:
            continue
        last = highest(counter.series_id, counter.year)
        if before is None and not last:
            counter.delete()
            continue
        counter.next_number = max(last + 1, before[0] if before else 1)
        counter.starts_at = before[1] if before else counter.starts_at
        counter.save(update_fields=["next_number", "starts_at"])
    unused = Series.objects.filter(pk__in=one.traces.get("series", []), invoices=None, receipts=None, counters=None)
    unused.delete()

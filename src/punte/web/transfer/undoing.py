"""An import taken back: what it made goes, unless somebody has used it since. What it brought up to date stays."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from punte.web.invoices.models import Client, Counter, Gap, Invoice, Line, Product, Series

from .models import Import, State
from .writing_invoices import highest

PART = 500


def undo(one: Import) -> None:
    """Raises ValueError for an import that was not done."""
    if one.state != State.DONE:
        raise ValueError(one.state)
    kept: list[dict[str, Any]] = []
    with transaction.atomic():
        if not Import.objects.filter(pk=one.pk, state=State.DONE).update(state=State.UNDONE):
            return
        _invoices(one, kept)
        _clients(one, kept)
        _products(one, kept)
        _counters(one)
        Import.objects.filter(pk=one.pk).update(kept=kept, ended_at=timezone.now())


def _invoices(one: Import, kept: list[dict[str, Any]]) -> None:
    own = Invoice.objects.filter(firm=one.firm, imported_by=str(one.key))
    used = own.filter(
        Q(payments__isnull=False)
        | Q(letters__isnull=False)
        | Q(submissions__isnull=False)
        | (Q(corrections__isnull=False) & ~Q(corrections__imported_by=str(one.key)))
        | Q(deductions__isnull=False)
        | Q(invoices_made__isnull=False)
    ).distinct()
    kept.extend({"name": invoice.label, "why": _why(invoice)} for invoice in used.order_by("pk"))
    spare = set(used.values_list("pk", flat=True))
    free = [pk for pk in own.values_list("pk", flat=True) if pk not in spare]
    own.filter(pk__in=free).update(preceding=None)  # a storno and what it takes back, both of this import
    _delete(Invoice, free, kept)


def _why(invoice: Invoice) -> str:
    if invoice.payments.exists():
        return _("are încasări")
    if invoice.letters.exists():
        return _("a fost trimisă clientului")
    return _("un document de după ea se referă la ea")


def _clients(one: Import, kept: list[dict[str, Any]]) -> None:
    own = Client.objects.filter(firm=one.firm, imported_by=str(one.key))
    busy = own.filter(invoices__isnull=False).distinct()
    kept.extend({"name": client.name, "why": _("are facturi")} for client in busy)
    _delete(Client, list(own.filter(invoices__isnull=True).values_list("pk", flat=True)), kept)


def _products(one: Import, kept: list[dict[str, Any]]) -> None:
    own = Product.objects.filter(firm=one.firm, imported_by=str(one.key))
    used = set(Line.objects.filter(product__in=own).values_list("product_id", flat=True))
    kept.extend({"name": product.name, "why": _("stă pe o factură")} for product in own.filter(pk__in=used))
    _delete(Product, [pk for pk in own.values_list("pk", flat=True) if pk not in used], kept)


def _delete(model: type[Invoice] | type[Client] | type[Product], keys: list[int], kept: list[dict[str, Any]]) -> None:
    """In parts; what something else still holds on to stays and is named."""
    for start in range(0, len(keys), PART):
        part = keys[start : start + PART]
        try:
            with transaction.atomic():
                model._default_manager.filter(pk__in=part).delete()
        except ProtectedError:
            for pk in part:
                try:
                    with transaction.atomic():
                        model._default_manager.filter(pk=pk).delete()
                except ProtectedError:
                    kept.append(
                        {"name": str(model._default_manager.get(pk=pk)), "why": _("este folosit în altă parte")}
                    )


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

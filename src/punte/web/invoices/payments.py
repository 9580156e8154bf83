"""Money received for a document, and what is left of it to be paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from punte.web.accounts.models import User

from . import numbering
from .copies import ISSUED, effect
from .models import Invoice, Means, Payment, Purpose, Series


class NothingReceived(ValueError):
    """A sum of zero, a document without a number, or a receipt for what was not cash."""


def receive(
    invoice: Invoice,
    amount: Decimal,
    day: date,
    means: Means | str,
    user: User,
    *,
    receipt_series: Series | None = None,
    note: str = "",
) -> Payment:
    """Write down `amount` in the invoice's currency, negative when it was given back.

    receipt_series  with cash: the series whose next number the receipt (chitanță) takes, in the same transaction
    Raises NothingReceived.
    """
    if not amount or invoice.number is None:
        raise NothingReceived(f"{amount} for {invoice}")
    if receipt_series and (means != Means.CASH or amount < 0 or receipt_series.purpose != Purpose.RECEIPT):
        raise NothingReceived("a receipt witnesses cash received")
    with transaction.atomic():
        Invoice.objects.select_for_update().only("pk").get(pk=invoice.pk)
        payment = Payment(invoice=invoice, amount=amount, day=day, means=means, note=note, created_by=user)
        if receipt_series:
            numbering.keep_series(receipt_series)
            payment.series = receipt_series
            payment.number, payment.year = numbering.take(receipt_series, day)
            payment.label = receipt_series.label(payment.number, payment.year)
        payment.save()
        _sum_up(invoice)
    return payment


def cancel(payment: Payment, user: User) -> None:
    """Take it back. A numbered receipt stays, marked as cancelled; a sum without one is removed."""
    with transaction.atomic():
        Invoice.objects.select_for_update().only("pk").get(pk=payment.invoice_id)
        if payment.number is None:
            Payment.objects.filter(pk=payment.pk).delete()
        else:
            Payment.objects.filter(pk=payment.pk, cancelled_at=None).update(cancelled_at=timezone.now())
            payment.refresh_from_db()
        _sum_up(payment.invoice)


def left(invoice: Invoice) -> Decimal:
    """What is still to be paid, in the invoice's currency: less what was received and what was taken back since.

    Negative where the client has money to get back; of a storno, what is to be given back of the document before it.
    Asks nothing of the database where `corrections` were prefetched. `waited` says the same of many.
    """
    if invoice.is_storno and invoice.preceding:
        return min(left(invoice.preceding), Decimal(0))
    stornos = [one for one in invoice.corrections.all() if one.stage in ISSUED and effect(one) < 0]
    return invoice.payable - invoice.paid + sum((effect(one) - one.paid for one in stornos), Decimal(0))


def _sum_up(invoice: Invoice) -> None:
    kept = Payment.objects.filter(invoice=invoice, cancelled_at=None)
    invoice.paid = kept.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    Invoice.objects.filter(pk=invoice.pk).update(paid=invoice.paid, changed_at=timezone.now())

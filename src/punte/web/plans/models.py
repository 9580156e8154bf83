"""What was activated for a firm, the proformas that asked for it, and the reminders sent. Nothing is ever rewritten."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from punte.web.firms.models import Firm


class Period(models.TextChoices):
    MONTH = "month", _("o lună")
    YEAR = "year", _("un an")

    @property
    def months(self) -> int:
        return 12 if self is Period.YEAR else 1


class Order(models.Model):
    """A proforma: asked for by a person, paid by bank transfer, settled by the operator. `PF 12` is its number.

    A proforma is no invoice: it is not sent to ANAF, and its numbers may have gaps. Both parties stand in it as they
    were on the day (`seller`, `buyer`), so that it prints the same for ever.
    """

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="orders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    plan = models.CharField(max_length=30)
    plan_name = models.CharField(max_length=30)
    period = models.CharField(max_length=5, choices=Period.choices)
    issued_on = models.DateField()
    net = models.DecimalField(max_digits=10, decimal_places=2)  # lei
    vat_rate = models.DecimalField(max_digits=4, decimal_places=1, null=True)  # per cent; None: not registered
    vat = models.DecimalField(max_digits=10, decimal_places=2)
    email = models.EmailField(max_length=100)
    seller = models.JSONField()
    buyer = models.JSONField()
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Also the reference of the payment."""
        return f"PF {self.pk:04d}"

    @property
    def total(self) -> Decimal:
        return self.net + self.vat


class Subscription(models.Model):
    """One activation. The latest is the word in force; the others are history."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="subscriptions")
    plan = models.CharField(max_length=30)
    since = models.DateField()
    until = models.DateField()  # the last day, included
    activated_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, null=True, related_name="subscription")

    def __str__(self) -> str:
        return f"{self.plan} {self.since}–{self.until}"


class Notice(models.Model):
    """A reminder that left: so many days before so many an end, once."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="plan_notices")
    until = models.DateField()
    days = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "until", "days"], name="one_reminder_per_end_and_day")]

    def __str__(self) -> str:
        return f"{self.firm_id}: {self.days} before {self.until}"

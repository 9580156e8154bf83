"""What BNR published, kept once for all firms."""

from __future__ import annotations

from django.db import models


class ExchangeRate(models.Model):
    """One currency on one banking day: `punte.anaf.exchange_rates`."""

    published = models.DateField()
    currency = models.CharField(max_length=3)
    lei = models.DecimalField(max_digits=14, decimal_places=4)  # for `multiplier` units, as printed
    multiplier = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["currency", "published"], name="one_rate_per_currency_and_day")]

    def __str__(self) -> str:
        return f"{self.currency} {self.published}: {self.lei}"

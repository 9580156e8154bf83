"""How documents are numbered: series by purpose, a counter for each (and for each year, where it begins anew)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from punte.web.firms.models import Firm

NO_YEAR = 0  # of a counter that goes on for ever


class Purpose(models.TextChoices):
    """What a series numbers."""

    INVOICE = "invoice", _("Facturi")
    STORNO = "storno", _("Storno")  # optional: without one, a storno takes the invoices' series
    PROFORMA = "proforma", _("Proforme")
    RECEIPT = "receipt", _("Chitanțe")
    SELF_BILLED = "self_billed", _("Autofacturi")


class Series(models.Model):
    """A series. A number is given when the document is issued, inside the same transaction: no gaps."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="series")
    purpose = models.CharField(_("pentru"), max_length=12, choices=Purpose.choices, default=Purpose.INVOICE)
    prefix = models.CharField(_("seria"), max_length=20)
    first_number = models.PositiveIntegerField(_("primul număr"), default=1)  # may be chosen until one is given
    yearly = models.BooleanField(_("de la 1 în fiecare an"), default=False)  # the label then holds the year
    archived = models.BooleanField(default=False)  # not offered any more; what it numbered stays

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "prefix"], name="one_series_per_firm_and_prefix")]

    def __str__(self) -> str:
        return self.prefix

    def label(self, number: int, year: int = NO_YEAR) -> str:
        """As printed (BT-1): `DI 0188`; of a yearly series `DI 2026-0188`."""
        return f"{self.prefix} {year}-{number:04}" if year else f"{self.prefix} {number:04}"


class Counter(models.Model):
    """The next number of a series; of a yearly one, for a year. Made with its first number: `invoices.numbering`."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="counters")
    year = models.PositiveSmallIntegerField(default=NO_YEAR)
    next_number = models.PositiveIntegerField(default=1)
    starts_at = models.PositiveIntegerField(default=1)  # what came before was numbered elsewhere: no gap of ours

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="one_counter_per_series_and_year")]

    def __str__(self) -> str:
        return f"{self.series_id}/{self.year}: {self.next_number}"


class Gap(models.Model):
    """Numbers that no document carries, and why: an inspector will ask (OMFP 2634/2015)."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="gaps")
    year = models.PositiveSmallIntegerField(default=NO_YEAR)
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="a_gap_has_its_ends_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"

"""What is written by itself: a template and its calendar."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from punte.web.firms.models import Firm

from .invoice import Invoice


class Recurrence(models.Model):
    """Every so many months, a document from `template` (an invoice of kind TEMPLATE)."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="recurrences")
    template = models.OneToOneField(Invoice, on_delete=models.CASCADE, related_name="recurrence")
    months = models.PositiveSmallIntegerField(_("la câte luni"), default=1)  # 1, 2, 3, 6, 12
    day_of_month = models.PositiveSmallIntegerField(_("ziua"), default=1)  # 31 means the last day of the month
    next_day = models.DateField(_("următoarea"))
    last_day = models.DateField(_("până la"), null=True, blank=True)
    sends = models.BooleanField(_("trimite la ANAF fără să întrebe"), default=False)  # else it leaves a draft
    mails = models.BooleanField(_("trimite și clientului"), default=False)
    paused = models.BooleanField(default=False)
    trouble = models.CharField(max_length=300, blank=True)  # why the last one stayed a draft
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["next_day"], name="recurrences_by_day")]

    def __str__(self) -> str:
        return f"{self.template_id} / {self.months}"

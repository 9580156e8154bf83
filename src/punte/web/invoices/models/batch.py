"""One press for many documents, followed by a progress bar."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from punte.web.firms.models import Firm


class Batch(models.Model):
    """The same done to many documents, one after another, by the worker; what each came to is kept."""

    class Action(models.TextChoices):
        SEND = "send", _("Trimite la ANAF")
        MAIL = "mail", _("Trimite clienților")
        COPY = "copy", _("Copiază")
        DELETE = "delete", _("Șterge ciornele")
        PAID = "paid", _("Marchează încasate")

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="batches")
    action = models.CharField(max_length=10, choices=Action.choices)
    options = models.JSONField(default=dict, blank=True)  # of PAID: {"day": "2026-11-22", "means": "transfer"}
    waiting = models.JSONField(default=list)  # ids still to do, in order
    results = models.JSONField(default=list)  # [{"id", "label", "ok", "text"}], as done
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    lease = models.PositiveIntegerField(default=0)  # as of a submission: `delivery.models`
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["lease", "id"], condition=models.Q(ended_at=None), name="batches_open"),
            models.Index(fields=["firm", "-id"], name="batches_of_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"

    @property
    def total(self) -> int:
        return len(self.results) + len(self.waiting)

    @property
    def refused(self) -> list[dict[str, Any]]:
        return [result for result in self.results if not result["ok"]]

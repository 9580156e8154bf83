"""One press for many documents, followed by a progress bar."""

from __future__ import annotations

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
    waiting = models.JSONField(default=list)  # ids still to do, in order
    results = models.JSONField(default=list)  # [{"id", "label", "ok", "text"}], as done
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    lease = models.PositiveIntegerField(default=0)  # as of a submission: `delivery.models`
    leased_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"

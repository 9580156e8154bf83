"""What is being brought in, and what is being packed to be taken along. The rows are the truth: docs/decisions/0001.

reading ──► checking ──► checked ──► importing ──► done ──► undoing ──► undone
(columns)   (worker)     (confirm)   (worker)               (worker)
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from punte.web.firms.models import Firm


class Kind(models.TextChoices):
    CLIENTS = "clients", _("Clienți")
    PRODUCTS = "products", _("Produse")
    INVOICES = "invoices", _("Facturi, din tabel")
    UBL = "ubl", _("Facturi, din fișiere XML (UBL)")


class State(models.TextChoices):
    READING = "reading", _("Alegeți coloanele")
    CHECKING = "checking", _("Se verifică")
    CHECKED = "checked", _("Verificat, neimportat")
    IMPORTING = "importing", _("Se importă")
    DONE = "done", _("Importat")
    UNDOING = "undoing", _("Se dă înapoi")
    UNDONE = "undone", _("Anulat")


AT_WORK = (State.CHECKING, State.IMPORTING, State.UNDOING)


class Known(models.TextChoices):
    """What to do with what the firm has already."""

    SKIP = "skip", _("Le las cum sunt")
    UPDATE = "update", _("Le aduc la zi cu datele din fișier")


class Light(models.Manager["Import"]):
    """Lists and pages that ask again and again do without the file and its rows."""

    def get_queryset(self) -> models.QuerySet[Import]:
        return super().get_queryset().defer("content", "items", "refused")


class Import(models.Model):
    """One file brought in. `content` and `items` are let go of when it is done or given up."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="imports")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # `imported_by` of what it made
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()  # a table as CSV (an XLSX was turned into one), an XML, or a ZIP of them

    # how the table is read
    encoding = models.CharField(max_length=20, default="utf-8")
    separator = models.CharField(max_length=1, default=";")
    decimal = models.CharField(max_length=1, default=",")
    columns = models.JSONField(default=dict)  # {our field: index of their column}
    preset = models.CharField(max_length=40, blank=True)
    known = models.CharField(max_length=10, choices=Known.choices, default=Known.SKIP)
    series = models.CharField(max_length=20, blank=True)

    # what came of it
    items = models.JSONField(default=list)  # the good rows, as `writing` takes them
    refused = models.JSONField(default=list)  # [{"row": 7, "why": "…", "cells": ["…"]}], the first with "head"
    total = models.PositiveIntegerField(default=0)  # items
    done = models.PositiveIntegerField(default=0)  # of them, so far
    bad = models.PositiveIntegerField(default=0)  # len(refused)
    made = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)  # known already
    traces = models.JSONField(default=dict)  # series and counters as they were; by the undo also what is "held"
    kept = models.JSONField(default=list)  # by the undo: [{"name": "…", "why": "…"}]
    trouble = models.CharField(max_length=300, blank=True)  # why the whole could not be read

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    lease = models.PositiveIntegerField(default=0)  # fencing, as of a submission: `delivery.models`
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = Light()

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(state__in=["checking", "importing", "undoing"]), name="imports_moving"
            ),
            models.Index(fields=["firm", "-id"], name="imports_of_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.state}"

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK


class Kit(models.Model):
    """The leaving kit: one ZIP with everything of a firm, made part by part, kept for a week; or the archive of a
    period, where `first` and `last` name one."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="kits")
    first = models.DateField(null=True, blank=True)
    last = models.DateField(null=True, blank=True)
    with_pdf = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="ro")  # of the headings in its tables
    stage = models.CharField(max_length=12, default="readme")  # the next of `kit.STAGES`; "" when ready
    cursor = models.PositiveBigIntegerField(default=0)  # within the stage: the last row packed
    size = models.PositiveBigIntegerField(default=0)  # bytes so far
    files = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    downloaded_at = models.DateTimeField(null=True, blank=True)
    lease = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(ready_at=None), name="kits_at_work")]

    def __str__(self) -> str:
        return f"kit {self.pk}"

    @property
    def is_archive(self) -> bool:
        return self.first is not None


class KitPart(models.Model):
    """Some of the ZIP's bytes, in order, and the members that stand in them."""

    kit = models.ForeignKey(Kit, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    content = models.BinaryField()
    members = models.JSONField(default=list)  # [{"name", "sha256", …}]: `kit.Member`

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["kit", "position"], name="one_part_per_position")]

    def __str__(self) -> str:
        return f"{self.kit_id}/{self.position}"

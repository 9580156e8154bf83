"""Tickets: a person asks, the operator's people answer, in the product."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from punte.web.firms.models import Firm


class Ticket(models.Model):
    """A conversation about one thing. It belongs to the person who opened it, within the firm it is about (None:
    before there is one). `waits_for_us`: the last word is the person's."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tickets")
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, null=True, related_name="tickets")
    subject = models.CharField(max_length=120)
    diagnosis = models.TextField(blank=True)  # of the connection; only where the person agreed
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    waits_for_us = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.label}: {self.subject}"

    @property
    def label(self) -> str:
        return f"S-{self.pk}"


class Message(models.Model):
    """One turn of the conversation."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    of_staff = models.BooleanField()
    at = models.DateTimeField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.ticket_id} at {self.at}"


class Attachment(models.Model):
    """A file of a message, as it came; it is only ever given back for saving, never shown."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField()  # bytes

    def __str__(self) -> str:
        return self.name

"""The journal of a firm's connection: who did what and when. Append-only; ids and words, never a token or a secret."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from punte.web.accounts.models import User
from punte.web.firms.models import Firm


class Kind(models.TextChoices):
    """What happened, as people read it."""

    CONNECTED = "connected", "Conectat la ANAF"
    FAILED = "failed", "Conectare neizbutită"
    RENEWED = "renewed", "Acces reînnoit"
    UNWELL = "unwell", "ANAF nu a răspuns la reînnoire"
    OPERATOR = "operator", "ANAF nu recunoaște aplicația"
    DEAD = "dead", "Accesul trebuie reînnoit cu certificatul"
    GRANTED = "granted", "ANAF confirmă dreptul"
    DENIED = "denied", "ANAF refuză dreptul"
    SERVES = "serves", "Se trimite cu alt certificat"
    PREFERRED = "preferred", "Schimbată ordinea certificatelor"
    DISCONNECTED = "disconnected", "Deconectat de la ANAF"
    INVITED = "invited", "Link pentru contabil făcut"
    UNINVITED = "uninvited", "Link pentru contabil retras"
    CERTIFICATE = "certificate", "Scrisă data certificatului"
    TOLD = "told", "Mail trimis"
    APPLICATION = "application", "Aplicație ANAF proprie pusă"
    NO_APPLICATION = "no-application", "Aplicație ANAF proprie scoasă"
    ROTATED = "rotated", "Chei recriptate"


class Event(models.Model):
    """One line. `who` is empty for what Punte did by itself, and for a guest, whose name is in `who_text`."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="connection_events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    who_text = models.CharField(max_length=200)  # stays when the account goes
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["firm", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"


def note(firm: Firm, kind: Kind, now: datetime, who: User | str | None = None, text: str = "") -> None:
    """Write a line down. `who`: a person, the name of a guest, or nobody: Punte itself."""
    user = who if isinstance(who, User) else None
    Event.objects.create(firm=firm, kind=kind, at=now, who=user, who_text=str(who or "Punte")[:200], text=text)

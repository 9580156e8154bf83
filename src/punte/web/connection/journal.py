"""The journal of a firm's connection: who did what and when. Append-only; ids and facts, never a token or a secret."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from punte.web.accounts.models import User
from punte.web.design.formats import long_date
from punte.web.firms.models import Firm

from .diagnoses import diagnoses


class Kind(models.TextChoices):
    """What happened, as people read it."""

    CONNECTED = "connected", _("Conectat la ANAF")
    FAILED = "failed", _("Conectare neizbutită")
    RENEWED = "renewed", _("Acces reînnoit")
    UNWELL = "unwell", _("ANAF nu a răspuns la reînnoire")
    OPERATOR = "operator", _("ANAF nu recunoaște aplicația")
    DEAD = "dead", _("Accesul trebuie reînnoit cu certificatul")
    GRANTED = "granted", _("ANAF confirmă dreptul")
    DENIED = "denied", _("ANAF refuză dreptul")
    SERVES = "serves", _("Se trimite cu alt certificat")
    PREFERRED = "preferred", _("Schimbată ordinea certificatelor")
    DISCONNECTED = "disconnected", _("Deconectat de la ANAF")
    INVITED = "invited", _("Link pentru contabil făcut")
    UNINVITED = "uninvited", _("Link pentru contabil retras")
    CERTIFICATE = "certificate", _("Data certificatului notată")
    TOLD = "told", _("Mail trimis")
    APPLICATION = "application", _("Aplicație ANAF proprie pusă")
    NO_APPLICATION = "no-application", _("Aplicație ANAF proprie scoasă")
    ROTATED = "rotated", _("Chei recriptate")


class Actor(models.TextChoices):
    """Who did it: a person of the firm or a guest, by name; or Punte itself, or who runs it."""

    PERSON = "person"
    GUEST = "guest"
    PUNTE = "punte"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without an account, by the firm's link."""

    name: str


class Event(models.Model):
    """One line. The facts are kept and worded when shown, so that the journal reads in either language.

    facts  of the kind: holder, serial (shortened), anaf (its words), diagnosis (a key of diagnoses.tsv), until (ISO),
           notice (of notices.Kind), recipient, client_id (shortened), withdrawn
    """

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="connection_events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    who_kind = models.CharField(max_length=8, choices=Actor.choices)
    who_name = models.CharField(max_length=200, blank=True)  # of a person or a guest: stays when the account goes
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["firm", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"

    @property
    def actor(self) -> str:
        """Who, in the language of the page."""
        match Actor(self.who_kind):
            case Actor.GUEST:
                return gettext("%(name)s (prin link)") % {"name": self.who_name}
            case Actor.OPERATOR:
                return gettext("Administratorul programului")
            case Actor.PUNTE:
                return "Punte"
        return self.who_name

    @property
    def text(self) -> str:
        """The details, in the language of the page."""
        said = self._sentence() % self._words()
        if anaf := self.facts.get("anaf"):  # quoted as it came
            return gettext("%(said)s ANAF: „%(anaf)s”") % {"said": said, "anaf": anaf}
        return said

    def _words(self) -> dict[str, str]:
        """The facts as a sentence takes them."""
        from .notices import Kind as Notice  # it writes here too

        words = defaultdict(str, self.facts)
        if "diagnosis" in words:
            known = diagnoses().get(words["diagnosis"])
            words["diagnosis"] = f"{known.title} ({known.key})" if known else ""
        if "until" in words:
            words["until"] = long_date(date.fromisoformat(words["until"]))
        if "notice" in words:
            words["notice"] = str(Notice(words["notice"]).label)
        return words

    def _sentence(self) -> str:
        """For the facts of the kind; empty when there are none."""
        match Kind(self.kind):
            case Kind.CONNECTED:
                return gettext("Certificatul seria %(serial)s.") if "serial" in self.facts else ""
            case Kind.FAILED:
                return "%(diagnosis)s"
            case Kind.PREFERRED if "serial" in self.facts:
                return gettext("Întâi: certificatul lui %(holder)s, seria %(serial)s.")
            case Kind.PREFERRED:
                return gettext("Întâi: certificatul lui %(holder)s.")
            case Kind.DISCONNECTED if "withdrawn" in self.facts:
                return gettext("Titularul și-a retras acordul.")
            case Kind.INVITED:
                return gettext("Valabil 24 de ore, o singură dată.")
            case Kind.CERTIFICATE:
                return gettext("Certificatul lui %(holder)s: până la %(until)s.")
            case Kind.TOLD:
                return gettext("%(notice)s: către %(recipient)s.")
            case Kind.APPLICATION:
                return "Client ID %(client_id)s"
            case Kind.UNINVITED | Kind.NO_APPLICATION | Kind.ROTATED:
                return ""
        if "serial" in self.facts:
            return gettext("Certificatul lui %(holder)s, seria %(serial)s.")
        return gettext("Certificatul lui %(holder)s.")  # ANAF does not always tell the serial


def note(firm: Firm, kind: Kind, now: datetime, who: User | Guest | Actor | None = None, **facts: str) -> None:
    """Write a line down. `who`: a person, a guest, the operator, or nobody: Punte itself. Empty facts are left out."""
    actor, name = Actor.PUNTE, ""
    match who:
        case User():
            actor, name = Actor.PERSON, str(who)
        case Guest():
            actor, name = Actor.GUEST, who.name
        case Actor():
            actor = who
    Event.objects.create(
        firm=firm,
        kind=kind,
        at=now,
        who=who if isinstance(who, User) else None,
        who_kind=actor,
        who_name=name[:200],
        facts={name: fact for name, fact in facts.items() if fact},
    )

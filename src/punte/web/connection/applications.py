"""Which application asks at ANAF: the operator's, from the settings, or a firm's own, kept here.

A token belongs to certificate *and* application, so whatever renews it must be the application that got it: an
authorization remembers its own, and a replaced application keeps its secret until nothing lives by it.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models, transaction

from punte.anaf.oauth import OAuth
from punte.web.accounts.models import User
from punte.web.config.anaf import hosts
from punte.web.firms.models import Firm

from . import journal
from .secrets import EncryptedText


class Application(models.Model):
    """A firm's own application in ANAF's portal. It serves that firm alone."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="applications")
    client_id = models.CharField(max_length=200)
    client_secret = EncryptedText(blank=True)  # written by the owner, shown to nobody
    callback = models.CharField(max_length=500)  # as the owner says it is registered
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["firm"], condition=models.Q(ended_at=None), name="one_application_in_use_per_firm"
            )
        ]

    def __str__(self) -> str:
        return f"application {self.pk} of firm {self.firm_id}"


def own(firm: Firm) -> Application | None:
    """The application that new walks of `firm` use; None: the operator's."""
    return Application.objects.filter(firm=firm, ended_at=None).first()


def client_id(application: Application | None) -> str:
    return application.client_id if application else settings.ANAF_CLIENT_ID


def registered_callback(application: Application | None) -> str:
    """The callback as registered at ANAF, so far as anybody told us; empty: nobody did."""
    return application.callback if application else settings.ANAF_CALLBACK


def is_set(application: Application | None) -> bool:
    return application is not None or bool(settings.ANAF_CLIENT_ID and settings.ANAF_CLIENT_SECRET)


def oauth(application: Application | None) -> OAuth:
    secret = application.client_secret if application else settings.ANAF_CLIENT_SECRET
    return OAuth(hosts(), client_id(application), secret)


def put(firm: Firm, who: User, now: datetime, *, client_id: str, client_secret: str, callback: str) -> None:
    """From now on new walks of `firm` go by this application."""
    with transaction.atomic():
        _end(firm, now)
        firm.applications.create(
            client_id=client_id, client_secret=client_secret, callback=callback, set_by=who, set_at=now
        )
        journal.note(firm, journal.Kind.APPLICATION, now, who, client_id=shortened(client_id))


def remove(firm: Firm, who: User, now: datetime) -> None:
    """From now on new walks of `firm` go by the operator's application."""
    with transaction.atomic():
        if _end(firm, now):
            journal.note(firm, journal.Kind.NO_APPLICATION, now, who)


def _end(firm: Firm, now: datetime) -> int:
    ended = Application.objects.filter(firm=firm, ended_at=None).update(ended_at=now)
    forget_unused()
    return ended


def forget_unused() -> None:
    """Erase the secrets of replaced applications that no living authorization needs any more."""
    ended = Application.objects.exclude(ended_at=None).exclude(client_secret="")
    ended.exclude(authorizations__ended_at=None, authorizations__isnull=False).update(client_secret="")


def shortened(client_id: str) -> str:
    """Enough to recognise it by: `3f9a…c01b`."""
    return client_id if len(client_id) <= 12 else f"{client_id[:4]}…{client_id[-4:]}"

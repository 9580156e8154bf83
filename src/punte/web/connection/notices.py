"""Mail about a connection, each said once: a row with a unique key is the intention, `sent_at` that it went out.

A claim by conditional update lets one worker send at a time. Should it die between the mail server's yes and our note
of it, the mail goes a second time after the claim: of the two faults, the smaller.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from punte.web.accounts.models import User
from punte.web.firms.models import Firm

from . import journal

log = logging.getLogger(__name__)
CLAIM = timedelta(minutes=2)  # longer than a mail server is waited for
PAUSES = tuple(timedelta(minutes=m) for m in (5, 30, 120, 360, 1440))  # after a mail server's no; then given up
AT_ONCE = 20  # mails a round


class Kind(models.TextChoices):
    """What is said; the words are in letters.py."""

    PIN = "pin", _("Se apropie PIN-ul anual")
    CERTIFICATE = "certificate", _("Expiră certificatul")
    DEAD = "dead", _("Accesul trebuie reînnoit cu certificatul")
    UNWELL = "unwell", _("Accesul nu s-a putut reînnoi la timp")
    OPERATOR = "operator", _("ANAF nu recunoaște aplicația")
    DENIED = "denied", _("Drept retras în SPV")
    GUEST = "guest", _("Ați conectat o firmă, prin link")
    WITHDRAWN = "withdrawn", _("Un acord a fost retras")


class Notice(models.Model):
    """One mail to one person about one authorization."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    authorization = models.ForeignKey("connection.Authorization", on_delete=models.CASCADE, related_name="notices")
    firms = models.ManyToManyField(Firm)  # those of the recipient that it is about
    recipient = models.EmailField(max_length=254)
    to_holder = models.BooleanField(default=False)  # else: to an owner of the firms
    days = models.IntegerField(null=True, blank=True)  # left, when it was written
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # None: sent, or given up
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"notice {self.pk}: {self.kind}"


def send_due(now: datetime) -> None:
    """Send what waits. A mail server that does not take one is left alone for the rest of the round."""
    for pk in list(Notice.objects.filter(due_at__lte=now).order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]):
        if Notice.objects.filter(pk=pk, due_at__lte=now).update(due_at=now + CLAIM) != 1:
            continue
        notice = Notice.objects.select_related("authorization__user", "authorization__invitation").get(pk=pk)
        try:
            deliver(notice)
        except OSError as error:  # of the network, and smtplib's own
            pause = PAUSES[notice.tries] if notice.tries < len(PAUSES) else None
            due = now + pause if pause else None
            Notice.objects.filter(pk=pk).update(due_at=due, tries=notice.tries + 1)
            log.warning("notice %s not sent: %s", pk, type(error).__name__)
            return
        Notice.objects.filter(pk=pk).update(due_at=None, sent_at=now)
        for firm in notice.firms.all():
            journal.note(firm, journal.Kind.TOLD, now, notice=notice.kind, recipient=notice.recipient)


def deliver(notice: Notice) -> None:
    from .letters import letter

    invitation = notice.authorization.invitation
    guests = invitation.guest_language if invitation and notice.to_holder else "ro"
    with override(language_of(notice.recipient, guests)):
        written = letter(notice)
        mail(notice.recipient, written.subject, {"letter": written})


def language_of(recipient: str, otherwise: str | None) -> str:
    """The language of whoever has an account with that address; of one without, `otherwise`, or Romanian."""
    user = User.objects.filter(email__iexact=recipient).first()
    spoken = getattr(user, "language", "ro") if user else otherwise
    return spoken or "ro"


def mail(recipient: str, subject: str, context: dict[str, object]) -> None:
    """A letter as text and HTML, by the mail server of the settings. Raises OSError."""
    text = render_to_string("connection/mail/letter.txt", context)
    html = render_to_string("connection/mail/letter.html", context)
    message = EmailMultiAlternatives(f"Punte: {' '.join(subject.split())}", text, to=[recipient])
    message.attach_alternative(html, "text/html")
    message.send()

"""The bridge's permit: who authorised us at ANAF, with which certificate, and for which firms it counts.

ANAF's token belongs to a certificate and to our application, never to a company (docs/anaf/oauth.md): so one
`Authorization` may serve many firms, and what it may do for each is a `Right`, found by asking.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from punte.web.accounts.models import User
from punte.web.firms.models import Firm

from .applications import Application
from .invitations import Invitation
from .journal import Event, Guest
from .notices import Notice
from .secrets import EncryptedText

__all__ = ["Application", "Authorization", "Crossing", "Event", "Invitation", "Notice", "Problem", "Right"]


class Problem(models.TextChoices):
    """Why an authorization does not do its work; the values are codes of `diagnoses.tsv`."""

    NONE = "", "–"
    UNWELL = "T02", _("ANAF nu a răspuns la reînnoire")  # passing: tried again by itself
    DEAD = "T03", _("Accesul trebuie reînnoit cu certificatul")  # a person must come back
    OPERATOR = "T05", _("Aplicația nu este recunoscută de ANAF")  # who runs Punte must act


class AuthorizationQuerySet(models.QuerySet["Authorization"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)


class Authorization(models.Model):
    """A certificate holder's consent, as tokens. Ended by us with `ended_at`; ANAF has no revocation."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="authorizations"
    )
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, null=True, blank=True)  # of a guest: no user
    application = models.ForeignKey(  # None: the operator's
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="authorizations"
    )
    serial = models.CharField(max_length=64, blank=True)  # of the certificate, hex in pairs: `22:10:70:1e`
    issuer = models.CharField(max_length=200, blank=True)
    certificate_until = models.DateField(null=True, blank=True)  # when known: ANAF's token does not tell
    roles = models.JSONField(default=list)
    companies = models.JSONField(default=list)  # CUIs on which the certificate has rights, as ANAF told by itself
    access_token = EncryptedText(blank=True)
    refresh_token = EncryptedText(blank=True)
    previous_refresh_token = EncryptedText(blank=True)  # fallback for one use: docs/anaf/oauth.md on rotation
    access_expires_at = models.DateTimeField()
    authorized_at = models.DateTimeField()
    renewal_due_at = models.DateTimeField()  # when the person must come back with the certificate and PIN
    stale_since = models.DateTimeField(null=True, blank=True)  # ANAF answered 401 to the access token
    refreshed_at = models.DateTimeField(null=True, blank=True)
    refreshing_until = models.DateTimeField(null=True, blank=True)  # one refresher at a time; doubles as its fence
    retry_at = models.DateTimeField(null=True, blank=True)  # not before, after ANAF failed to answer
    problem = models.CharField(max_length=4, choices=Problem.choices, blank=True, default="")
    anaf_text = models.TextField(blank=True)  # ANAF's words about the problem
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user=None) ^ models.Q(invitation=None), name="held_by_a_person_or_a_guest"
            )
        ]

    objects = AuthorizationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"authorization {self.pk}"

    @property
    def holder(self) -> str:
        """Whose certificate: the person with an account, or the guest of a link."""
        return str(self.user) if self.user else self.invitation.guest_name if self.invitation else ""

    @property
    def holder_email(self) -> str:
        return self.user.email if self.user else self.invitation.guest_email if self.invitation else ""

    @property
    def actor(self) -> User | Guest:
        """The holder as the journal names them."""
        return self.user or Guest(self.holder)

    @property
    def facts(self) -> dict[str, str]:
        """Which certificate, for the journal."""
        return {"holder": self.holder, "serial": self.short_serial}

    @property
    def short_serial(self) -> str:
        """`20 06 16 … 4b e1`: enough to tell two certificates apart."""
        pairs = self.serial.split(":")
        return " ".join(pairs if len(pairs) <= 6 else [*pairs[:3], "…", *pairs[-2:]])

    def end(self, now: datetime) -> None:
        """Forget the tokens. ANAF cannot be told: it has no revocation (docs/anaf/oauth.md, "Revoke")."""
        nothing = {"access_token": "", "refresh_token": "", "previous_refresh_token": ""}
        Authorization.objects.live().filter(pk=self.pk).update(ended_at=now, refreshing_until=None, **nothing)
        self.refresh_from_db()


class RightState(models.TextChoices):
    GRANTED = "granted", _("Da")
    DENIED = "denied", _("Fără drept")
    UNKNOWN = "unknown", _("Neverificat")  # ANAF did not answer; asked again later


class Right(models.Model):
    """What an authorization may do for a firm in SPV, as ANAF last said."""

    authorization = models.ForeignKey(Authorization, on_delete=models.CASCADE, related_name="rights")
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="rights")
    state = models.CharField(max_length=8, choices=RightState.choices, default=RightState.UNKNOWN)
    checked_at = models.DateTimeField(null=True, blank=True)
    anaf_text = models.TextField(blank=True)
    granted_at = models.DateTimeField(null=True, blank=True)  # when ANAF first said yes
    rank = models.PositiveSmallIntegerField(default=0)  # in which order the firm's certificates are tried
    serving_since = models.DateTimeField(null=True, blank=True)  # of the firm's rights, the one used last

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authorization", "firm"], name="one_right_per_firm")]

    def __str__(self) -> str:
        return f"{self.authorization_id} for {self.firm_id}: {self.state}"


CONNECTED = "connected"


class Crossing(models.Model):
    """One person's walk to ANAF and back: `state` of RFC 6749, bound to session, user and firm; used once."""

    state_hash = models.CharField(max_length=64, unique=True)  # SHA-256: the value itself travels, we keep its print
    session_hash = models.CharField(max_length=64)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="crossings"
    )
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, null=True, blank=True)  # a guest's: no user
    guest_name = models.CharField(max_length=150, blank=True)  # as the guest wrote it, agreeing
    guest_email = models.EmailField(max_length=150, blank=True)
    application = models.ForeignKey(Application, on_delete=models.SET_NULL, null=True, blank=True)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="crossings")
    started_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)  # CONNECTED, or the key of the diagnosis: `C04`
    anaf_text = models.TextField(blank=True)  # ANAF's words, when it was refused
    authorization = models.ForeignKey(Authorization, on_delete=models.SET_NULL, null=True, blank=True)

    def __str__(self) -> str:
        return f"crossing {self.pk}: {self.outcome or 'under way'}"


class Checkup(models.Model):
    """One visit to the doctor of the connection: what the stages showed, what the person answered, the cause.

    Its owner may show it to somebody by a link: of that we keep the print alone, and it ends by itself.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="checkups")
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="checkups")
    started_at = models.DateTimeField()
    taken = models.PositiveSmallIntegerField(default=0)  # stages begun: one looks at a time
    findings = models.JSONField(default=list)  # of doctor.Finding, each with `at`
    path = models.CharField(max_length=200, blank=True)  # of the dialogue: questions.follow
    key = models.CharField(max_length=40, blank=True)  # of diagnoses.tsv; empty: all is well, or not known yet
    link_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    link_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"checkup {self.pk}: {self.key or 'no cause'}"


from .certificate_check import CertificateCheck  # noqa: E402, F401 - models with files of their own
from .guide_answers import GuideAnswers  # noqa: E402, F401

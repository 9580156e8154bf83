"""Companies and PFA, and who works for them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PostalAddress(models.Model):
    """An address as RO_CIUS wants it: in Bucharest the city is the sector (`SECTOR3`)."""

    street = models.CharField(_("strada"), max_length=150, blank=True)
    city = models.CharField(_("localitatea"), max_length=50, blank=True)
    county = models.CharField(_("județul"), max_length=5, blank=True)  # ISO 3166-2: `RO-CJ`
    post_code = models.CharField(_("codul poștal"), max_length=20, blank=True)
    country = models.CharField(_("țara"), max_length=2, default="RO")  # ISO 3166-1

    class Meta:
        abstract = True


class Firm(PostalAddress):
    """A company or PFA that issues invoices. Identity comes from ANAF's register by CUI; the rest is its own."""

    cui = models.CharField("CUI", max_length=13)  # digits alone, without RO
    name = models.CharField(_("denumirea"), max_length=200)
    trade_register_number = models.CharField(_("nr. Registrul Comerțului"), max_length=30, blank=True)
    vat_registered = models.BooleanField(_("plătitor de TVA"), default=False)
    vat_on_collection = models.BooleanField(_("TVA la încasare"), default=False)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    bank = models.CharField(_("banca"), max_length=100, blank=True)
    phone = models.CharField(_("telefon"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), max_length=100, blank=True)
    identified_by_cnp = models.BooleanField(default=False)  # `cui` is a CNP: sending is the person's choice
    share_capital = models.CharField(_("capital social"), max_length=40, blank=True)  # BT-33
    logo = models.BinaryField(null=True, blank=True)  # PNG, JPEG or SVG; on the human copy
    term_days = models.PositiveSmallIntegerField(_("termen de plată"), default=15)
    send_delay = models.PositiveIntegerField(_("întârzierea trimiterii"), default=0)  # minutes after „Trimite”
    sends_abroad = models.BooleanField(default=False)  # also what there is no duty to send (`extern`)
    turnover_elsewhere = models.DecimalField(max_digits=15, decimal_places=2, default=0)  # lei, invoiced outside Punte
    turnover_year = models.PositiveSmallIntegerField(null=True, blank=True)  # in this year
    mail_subject = models.CharField(max_length=200, blank=True)  # to clients; empty: ours
    mail_body = models.TextField(max_length=4000, blank=True)
    reminder_days = models.PositiveSmallIntegerField(null=True, blank=True)  # after the due date; None: by hand alone
    looked_up_at = models.DateTimeField(null=True, blank=True)  # when ANAF's register last confirmed the identity
    created_at = models.DateTimeField(auto_now_add=True)
    members: models.ManyToManyField[models.Model, Membership] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="firms"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def vat_identifier(self) -> str:
        """`RO12345674` for who is registered for VAT, else empty."""
        return f"RO{self.cui}" if self.vat_registered else ""


class Role(models.TextChoices):
    OWNER = "owner", _("Administrator")
    ACCOUNTANT = "accountant", _("Contabil")
    VIEWER = "viewer", _("Coleg, doar citire")


class Membership(models.Model):
    """One person's place in one firm."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.OWNER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "user"], name="one_place_per_person_and_firm")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.firm_id}: {self.role}"

"""What a person has told the guide: kept for each person and firm; before there is an account, in the session."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from punte.web.accounts.models import User
from punte.web.firms.models import Firm

SESSION_KEY = "guide"


class Kind(models.TextChoices):
    TOKEN = "token", _("Pe token USB")
    CLOUD = "cloud", _("În cloud")
    ACCOUNTANT = "accountant", _("Îl are contabilul")
    NONE = "none", _("Nu am încă")


class System(models.TextChoices):
    WINDOWS = "windows", "Windows"
    MACOS = "macos", "macOS"
    LINUX = "linux", "Linux"
    PHONE = "phone", _("Telefon sau tabletă")


class YesNo(models.TextChoices):
    YES = "yes", _("Da")
    NO = "no", _("Nu sau nu știu")


class RightOn(models.TextChoices):
    CUI = "cui", _("Da, pe CUI-ul firmei")
    CNP = "cnp", _("Numai pe CNP-ul meu")
    UNSURE = "unsure", _("Nu știu")


@dataclass(frozen=True, slots=True)
class Answers:
    """Empty where nothing was answered."""

    kind: str = ""
    system: str = ""
    account: str = ""
    right_on: str = ""
    enrolled_on: date | None = None

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Answers:
        known = {field.name: stored[field.name] for field in fields(cls) if stored.get(field.name)}
        if "enrolled_on" in known:
            known["enrolled_on"] = date.fromisoformat(known["enrolled_on"])
        return cls(**known)

    def stored(self) -> dict[str, Any]:
        return asdict(self) | {"enrolled_on": self.enrolled_on.isoformat() if self.enrolled_on else ""}


class GuideAnswers(models.Model):
    """One person's answers for one firm."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="guides")
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="guides")
    answers = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "firm"], name="one_guide_per_person_and_firm")]

    def __str__(self) -> str:
        return f"guide of {self.user_id} for {self.firm_id}"


class CertificateForm(forms.Form):
    kind = forms.ChoiceField(
        choices=Kind.choices, error_messages={"required": _("Alegeți ce fel de certificat aveți.")}
    )
    system = forms.ChoiceField(choices=System.choices, required=False)


class SpvForm(forms.Form):
    account = forms.ChoiceField(choices=YesNo.choices, required=False)
    right_on = forms.ChoiceField(choices=RightOn.choices, required=False)
    enrolled_on = forms.DateField(required=False, error_messages={"invalid": _("Scrieți data ca 12.10.2026.")})

    def clean_enrolled_on(self) -> date | None:
        day: date | None = self.cleaned_data["enrolled_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("Data înrolării nu poate fi în viitor."))
        return day


FORMS: dict[str, type[forms.Form]] = {"certificat": CertificateForm, "spv": SpvForm}


def answers_of(user: User | AnonymousUser, firm: Firm | None, session: Mapping[str, Any]) -> Answers:
    """What was answered for this firm; else what was answered before there was an account."""
    kept = GuideAnswers.objects.filter(user_id=user.pk, firm=firm).first() if user.pk and firm else None
    return Answers.read(kept.answers if kept else session.get(SESSION_KEY, {}))


def keep(
    user: User | AnonymousUser, firm: Firm | None, session: MutableMapping[str, Any], given: Mapping[str, Any]
) -> None:
    """Add what was `given` to what is known."""
    answers = Answers(**{**asdict(answers_of(user, firm, session)), **given}).stored()
    if user.pk and firm:
        GuideAnswers.objects.update_or_create(user_id=user.pk, firm=firm, defaults={"answers": answers})
    else:
        session[SESSION_KEY] = answers


def system_of(user_agent: str) -> str:
    """The system that a browser says it runs on; empty when it does not. An iPad may call itself a Mac."""
    for sign, system in (
        ("Android", System.PHONE),
        ("iPhone", System.PHONE),
        ("iPad", System.PHONE),
        ("Windows", System.WINDOWS),
        ("Macintosh", System.MACOS),
        ("Linux", System.LINUX),
        ("CrOS", System.LINUX),
    ):
        if sign in user_agent:
            return system.value
    return ""

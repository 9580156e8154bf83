"""People. A person signs in with an e-mail address and a password; what they may do is said by `firms.Membership`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """Each by its own name, whatever the page speaks."""

    ROMANIAN = "ro", "Română"
    ENGLISH = "en", "English"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account in Punte. The SPV account is another thing, at ANAF."""

    email = models.EmailField(_("adresa de e-mail"), unique=True)
    name = models.CharField(_("numele"), max_length=150, blank=True)
    language = models.CharField(_("limba"), max_length=2, choices=Language.choices, default=Language.ROMANIAN)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email

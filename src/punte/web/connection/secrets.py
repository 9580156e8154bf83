"""Secrets at rest: a text column encrypted with the newest of `PUNTE_FERNET_KEYS`, readable with any of them."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


def box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FERNET_KEYS])


class EncryptedText(models.TextField):  # type: ignore[type-arg]
    """Text in Python, ciphertext in the database; empty stays empty."""

    def get_prep_value(self, value: str | None) -> str | None:
        return box().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return box().decrypt(value.encode()).decode() if value else value

"""Secrets at rest: a text column encrypted with the newest of `PUNTE_FERNET_KEYS`, readable with any of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import connection, models


def box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FERNET_KEYS])


class EncryptedText(models.TextField):  # type: ignore[type-arg]
    """Text in Python, ciphertext in the database; empty stays empty."""

    def get_prep_value(self, value: str | None) -> str | None:
        return box().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return box().decrypt(value.encode()).decode() if value else value


@dataclass(slots=True)
class Rotation:
    """Secrets counted: encrypted anew, found under the first key already, and those that no key opens."""

    rotated: int = 0
    already: int = 0
    unreadable: int = 0


def rotate() -> Rotation:
    """Encrypt every stored secret with the first of the keys. Safe to repeat, and beside running workers: a value
    that another has written meanwhile is read again, never overwritten.
    """
    count = Rotation()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedText):
                _rotate_column(model._meta.db_table, str(model._meta.pk.column), str(field.column), count)
    return count


def count() -> Rotation:
    """How the stored secrets stand, nothing changed: `rotated` are those that `rotate` would encrypt anew."""
    counted, name = Rotation(), connection.ops.quote_name
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedText):
                table, column = name(model._meta.db_table), name(str(field.column))
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT {column} FROM {table} WHERE {column} <> ''")  # noqa: S608
                    for (stored,) in cursor.fetchall():
                        kind, _anew_one = _anew(stored)
                        setattr(counted, kind, getattr(counted, kind) + 1)
    return counted


def forget_unreadable() -> int:
    """Empty every secret that none of the keys opens; how many. For a restore without the keys: what cannot be read
    must not stop every page that meets it, and its owner connects anew.
    """
    name, forgotten = connection.ops.quote_name, 0
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedText):
                table, key, column = (
                    name(model._meta.db_table),
                    name(str(model._meta.pk.column)),
                    name(str(field.column)),
                )
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT {key}, {column} FROM {table} WHERE {column} <> ''")  # noqa: S608
                    lost = [pk for pk, stored in cursor.fetchall() if _anew(stored)[0] == "unreadable"]
                    cursor.executemany(f"UPDATE {table} SET {column} = '' WHERE {key} = %s", [[pk] for pk in lost])  # noqa: S608
                forgotten += len(lost)
    return forgotten


def _rotate_column(table: str, key: str, column: str, count: Rotation) -> None:
    name = connection.ops.quote_name
    table, key, column = name(table), name(key), name(column)  # our own models' names
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {column} FROM {table} WHERE {column} <> ''")  # noqa: S608
        for pk, stored in cursor.fetchall():
            while stored:
                kind, anew = _anew(stored)
                if anew:
                    cursor.execute(
                        f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s",  # noqa: S608
                        [anew, pk, stored],
                    )
                if not anew or cursor.rowcount == 1:
                    setattr(count, kind, getattr(count, kind) + 1)
                    break
                cursor.execute(f"SELECT {column} FROM {table} WHERE {key} = %s", [pk])  # noqa: S608
                stored = (cursor.fetchone() or [""])[0]


def _anew(stored: str) -> tuple[str, str]:
    """What becomes of a ciphertext, as the count it goes to, and the new one where there is one."""
    first = Fernet(settings.FERNET_KEYS[0])
    try:
        first.decrypt(stored)
    except InvalidToken:
        pass
    else:
        return "already", ""
    try:
        return "rotated", box().rotate(stored).decode()
    except InvalidToken:
        return "unreadable", ""

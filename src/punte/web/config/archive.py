"""Where the sealed archive lies, as PUNTE_ARCHIVE says it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from . import environment as env


def configured(data_directory: Path, *, sqlite: bool) -> str:
    """`database`, an absolute folder, or `s3://bucket/prefix`.

    Without the variable: a folder of the data directory beside SQLite, which one machine has for itself; the database
    beside PostgreSQL, whose hosts share no folder.
    """
    place = env.text("PUNTE_ARCHIVE")
    if not place:
        return str(data_directory / "archive") if sqlite else "database"
    if place == "database" or Path(place).is_absolute():
        return place
    if place.startswith("s3://") and urlsplit(place).netloc:
        return place
    raise ImproperlyConfigured(f"PUNTE_ARCHIVE={place!r}: give `database`, an absolute folder, or s3://bucket/prefix")

"""What the worker's loop asks of this room: one step of an import or of a kit, and to forget what is old."""

from __future__ import annotations

from datetime import datetime

from . import imports, kit


def advance(now: datetime) -> bool:
    """True when something went on, and more may be waiting."""
    imported = imports.advance(now)
    return kit.advance(now) or imported


def forget(now: datetime) -> None:
    imports.forget(now)
    kit.forget(now)

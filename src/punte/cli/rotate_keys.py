"""`punte rotate-keys`: every stored secret under the first key, so that the older keys can be dropped."""

from __future__ import annotations

import sys

import click

from . import product


@click.command("rotate-keys")
def rotate_keys() -> None:
    """Encrypt every stored secret with the first of PUNTE_FERNET_KEYS. Safe to repeat.

    Put the new key first and the old ones after it, restart all processes, then run this; exit code 1 when a secret
    is left that none of the keys opens.

    \b
        PUNTE_FERNET_KEYS=new,old punte rotate-keys
    """
    product.set_up()
    from django.db import transaction
    from django.utils import timezone

    from punte.web.connection import journal
    from punte.web.connection.secrets import rotate
    from punte.web.firms.models import Firm

    count = rotate()
    click.echo(f"re-encrypted: {count.rotated}; with the first key already: {count.already}")
    if count.rotated:
        with transaction.atomic():
            for firm in Firm.objects.filter(rights__authorization__ended_at=None).distinct():
                journal.note(firm, journal.Kind.ROTATED, timezone.now(), journal.Actor.OPERATOR)
    if count.unreadable:
        sys.exit(
            f"punte: {count.unreadable} secrets cannot be opened with any of PUNTE_FERNET_KEYS. "
            "Add the key they were written with and run again; without it their owners must connect anew."
        )
    click.echo("Every secret opens with the first key alone: the others can be dropped from PUNTE_FERNET_KEYS.")

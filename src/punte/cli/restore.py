"""`punte restore`: a backup on a fresh machine, after which nothing is sent twice."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from . import product


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--without-keys", is_flag=True, help="The keys are lost: forget every secret; each firm connects anew.")
def restore(directory: Path, without_keys: bool) -> None:
    """Put the backup in DIRECTORY back into an empty place, named by PUNTE_DATA_DIR or DATABASE_URL.

    What may have been sent after the backup is looked for in SPV, and nothing leaves a second time. Run it before
    `punte serve`, with every process of the lost installation ended for good. Broken off, it leaves no database on
    SQLite: run it again. On PostgreSQL, empty the database first.

    \b
        PUNTE_DATA_DIR=/srv/punte PUNTE_FERNET_KEYS_FILE=/run/secrets/fernet punte restore /srv/copii/2026-11-22
    """
    from django.core.exceptions import ImproperlyConfigured

    from punte.web.archive.backup import Trouble, read_manifest, restoring
    from punte.web.config import environment

    def told(said: str) -> None:
        click.echo(said, err=True)

    try:
        manifest = read_manifest(directory)
        restoring.check(directory, manifest, told)
        data = Path(environment.text("PUNTE_DATA_DIR", "~/.local/share/punte")).expanduser()
        given = bool(environment.secret("PUNTE_FERNET_KEYS")) or (data / "fernet_keys.secret").exists()
        if not (given or manifest.with_keys or without_keys):
            raise Trouble(
                f"the keys are not in the backup: give PUNTE_FERNET_KEYS, or put fernet_keys.secret into {data}. "
                "Should they be lost, --without-keys forgets every secret, and each firm connects anew"
            )
        restoring.put_keys(directory, manifest, data, given=given)
    except ImproperlyConfigured as exc:
        sys.exit(f"punte: {exc}")
    except Trouble as exc:
        sys.exit(f"punte: {exc}")
    product.set_up()
    from django.db import transaction
    from django.utils import timezone

    from punte.web.archive.store import Missing, Unreachable
    from punte.web.connection.models import Authorization, Problem
    from punte.web.connection.secrets import forget_unreadable
    from punte.web.delivery.restored import Settled, settle

    settled, forgotten = Settled(), 0

    def settle_all() -> None:
        nonlocal settled, forgotten
        now = timezone.now()
        with transaction.atomic():
            if without_keys:
                forgotten = forget_unreadable()
                Authorization.objects.live().filter(access_token="").update(problem=Problem.DEAD, stale_since=now)
            settled = settle(manifest.started_at, now)

    try:
        restoring.check_place(manifest)
        if not without_keys and not restoring.keys_fit(manifest):
            raise Trouble(
                f"PUNTE_FERNET_KEYS are not the keys of this backup ({manifest.keys[0]}): give those, first in the "
                "list or after others; or --without-keys"
            )
        packages = restoring.put_archive(directory, told)
        restoring.put_database(directory, manifest, settle_all)
    except (Trouble, Missing, Unreachable) as exc:
        sys.exit(f"punte: {exc}")
    except OSError as exc:
        sys.exit(f"punte: {exc.filename}: {exc.strerror}; nothing was put in place")
    click.echo(f"restored: the database of {manifest.started_at:%Y-%m-%d %H:%M:%S} UTC and {packages} packages")
    click.echo(
        f"nothing is sent twice: {settled.uncertain} submissions are uncertain until SPV's list proves what left, and "
        f"{settled.firms} firms give no new number before (about an hour)"
    )
    if settled.letters or settled.batches:
        click.echo(f"stopped, since they may have been done: {settled.letters} mails, {settled.batches} batches")
    if forgotten:
        click.echo(f"{forgotten} secrets were forgotten: their firms connect anew")
    if settled.unprovable:
        click.echo(
            "WARNING: the backup is older than SPV's list (60 days). The uncertain submissions stay so, and numbers "
            "given since may be in SPV: compare with SPV by hand before anything is sent",
            err=True,
        )
    for sha256, said in manifest.faults:
        click.echo(f"wrong since the backup: package {sha256}: {said}", err=True)
    click.echo(
        f"now: set the other variables as they were (PUNTE_ANAF={manifest.anaf}, PUNTE_BASE_URL={manifest.base_url}, "
        "PUNTE_ANAF_CLIENT_ID, …), run `punte doctor`, then `punte serve`. A connection renewed after the backup is "
        "dead: its page says so, and its holder connects anew"
    )

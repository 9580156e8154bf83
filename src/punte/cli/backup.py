"""`punte backup`: everything into a folder, beside running processes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from . import product


@click.command()
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--with-keys", is_flag=True, help="The keys too: whoever holds the backup then reads every secret in it.")
def backup(directory: Path, with_keys: bool) -> None:
    """Copy database and archive to DIRECTORY, which must be new, while everything runs.

    Files that the newest backup beside it holds are shared with it (hard links), so a daily one is small. The keys
    (PUNTE_FERNET_KEYS) stay out unless asked for: keep them apart, without them every firm must connect anew.
    Exit status: 0 whole; 1 given up, or whole but for packages that are damaged in the archive itself.

    \b
        punte backup /srv/copii/$(date +%F)
    """
    product.set_up()
    from django.utils import timezone

    from punte.web.archive.backup import Trouble
    from punte.web.archive.backup.taking import take

    def told(said: str) -> None:
        click.echo(said, err=True)

    try:
        manifest = take(directory, timezone.now, with_keys=with_keys, told=told)
    except Trouble as exc:
        sys.exit(f"punte: {exc}")
    click.echo(
        f"{directory}: database and {manifest.packages} files of the archive, {manifest.size / 2**20:.1f} MiB, "
        f"of {manifest.started_at:%Y-%m-%d %H:%M:%S} UTC"
    )
    if with_keys:
        click.echo(
            "WARNING: the keys are in it. Whoever reads this folder can file invoices in the name of every connected "
            "firm: lock it away, or encrypt it.",
            err=True,
        )
    else:
        click.echo(f"keys: not in it; a restore needs PUNTE_FERNET_KEYS ({', '.join(manifest.keys)}) from elsewhere")
    for sha256, said in manifest.faults:
        click.echo(f"wrong: package {sha256}: {said}; do: punte archive verify, and look into older backups", err=True)
    sys.exit(1 if manifest.faults else 0)

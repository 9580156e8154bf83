"""`punte prepare`: what `punte serve` does before it listens; by itself for those who run the processes apart."""

from __future__ import annotations

import click

from . import product


@click.command()
def prepare() -> None:
    """Bring the database and the static files to this version.

    \b
        punte prepare
    """
    product.set_up()
    product.prepare()

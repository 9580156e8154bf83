"""`punte mail`: what came back of the mail to clients."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from . import product


@click.group()
def mail() -> None:
    """Mail to clients."""


@mail.command("bounces")
@click.option(
    "--maildir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Read the new messages of this maildir and move them to cur.",
)
def bounces(maildir: Path | None) -> None:
    """Read delivery-status reports (RFC 3464) and mark the mails they speak of as returned.

    From standard input, one mail, as a mail server pipes it; or from a maildir.

    \b
        punte mail bounces < report.eml
        punte mail bounces --maildir /var/mail/punte
    """
    product.set_up()
    from punte.web.invoices.bounces import take

    if maildir is None:
        click.echo(f"{take(sys.stdin.buffer.read())} returned")
        return
    (maildir / "cur").mkdir(exist_ok=True)
    taken = 0
    for message in sorted((maildir / "new").glob("*")):
        taken += take(message.read_bytes())
        message.rename(maildir / "cur" / f"{message.name}:2,S")  # seen
    click.echo(f"{taken} returned")

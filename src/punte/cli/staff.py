"""`punte staff`: who answers the support tickets of the product."""

from __future__ import annotations

import click

from . import product


@click.command()
@click.argument("email")
@click.option("--remove", is_flag=True, help="Take it back.")
def staff(email: str, remove: bool) -> None:
    """Let the person with the account EMAIL see and answer every ticket. It opens no firm's data.

    \b
        punte staff ajutor@facturi.example.ro
    """
    product.set_up()
    from punte.web.accounts.models import User

    if not User.objects.filter(email=email.lower()).update(is_staff=not remove):
        raise click.ClickException(f"no account {email!r}: sign up in the product first")
    click.echo(f"{email}: {'no longer answers' if remove else 'answers'} the tickets")
